//! The evdev source against real devices of the kernel, made through uinput: for the test machine (tests/vm).
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod support;

use crossbeam_channel::{Receiver, unbounded};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};
use stillyou_sense::keyboard::{inject::UinputKeyboard, *};
use support::*;

fn session(folder: &Path) -> Session {
    Session {
        session_type: Some("wayland".into()),
        wayland_display: Some("wayland-0".into()),
        display: Some(":0".into()),
        input_folder: folder.into(),
    }
}

fn start(folder: &Path) -> (Capture, Receiver<Observation>) {
    let source = select(&session(folder), SourceChoice::Auto).unwrap();
    assert_eq!(source.name(), "evdev");
    let (sink, observations) = unbounded();
    (Capture::start(source, sink).unwrap(), observations)
}

fn added(observations: &Receiver<Observation>, wanted: &str) -> (DeviceId, bool, bool) {
    wait_for(observations, |o| match o {
        Observation::DeviceAdded { device, name, injected, initial } if name == wanted => {
            Some((*device, *injected, *initial))
        }
        _ => None,
    })
}

fn removed(observations: &Receiver<Observation>) -> DeviceId {
    wait_for(observations, |o| match o {
        Observation::DeviceRemoved { device } => Some(*device),
        _ => None,
    })
}

/// Device files of this folder that the process has open.
fn open_in(folder: &str) -> usize {
    let fds = fs::read_dir("/proc/self/fd").unwrap().flatten();
    fds.filter(|fd| fs::read_link(fd.path()).is_ok_and(|p| p.starts_with(folder))).count()
}

const DEVICES: &str = "/dev/input";

#[test]
#[ignore = "needs /dev/uinput: tests/vm/evdev.sh"]
fn keystrokes_come_back_and_autorepeat_does_not() {
    let mut keyboard = UinputKeyboard::create("first").unwrap();
    let (_capture, observations) = start(Path::new(DEVICES));
    let (device, injected, initial) = added(&observations, "first");
    assert!(injected && initial);
    ready(&observations);
    // The kernel repeats a key of this keyboard after 250 ms, 30 times a second.
    let mut typed = hello();
    typed.push(stroke(30, 400, 1_200));
    keyboard.type_keystrokes(&typed, |_| ()).unwrap();
    let mut assembler = Assembler::new();
    for event in keys(&observations, 12) {
        assert!(event.injected && event.device == device);
        assembler.event(&event);
    }
    let got: Vec<_> = std::iter::from_fn(|| assembler.next_keystroke()).map(|k| k.key.evdev()).collect();
    assert_eq!(got, [35, 18, 38, 38, 24, 30]);
    assert!(observations.is_empty());
}

#[test]
#[ignore = "needs /dev/uinput: tests/vm/evdev.sh"]
fn keyboards_are_found_when_plugged_in_and_missed_when_pulled_out() {
    let (_capture, observations) = start(Path::new(DEVICES));
    ready(&observations);
    let mut first = UinputKeyboard::create("first").unwrap();
    let mut second = UinputKeyboard::create("second").unwrap();
    let (one, _, initial) = added(&observations, "first");
    let (two, ..) = added(&observations, "second");
    assert!(!initial && one != two);
    first.type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    assert!(keys(&observations, 2).iter().all(|e| e.device == one));
    second.type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    assert!(keys(&observations, 2).iter().all(|e| e.device == two));
    drop(first);
    assert_eq!(removed(&observations), one);
    second.type_keystrokes(&[stroke(31, 0, 20)], |_| ()).unwrap();
    assert!(keys(&observations, 2).iter().all(|e| e.device == two));
    drop(second);
    assert_eq!(removed(&observations), two);
    let _again = UinputKeyboard::create("again").unwrap();
    added(&observations, "again");
}

#[test]
#[ignore = "needs /dev/uinput: tests/vm/evdev.sh"]
fn stop_closes_every_device_and_start_opens_them_again() {
    let mut keyboard = UinputKeyboard::create("first").unwrap();
    let (capture, observations) = start(Path::new(DEVICES));
    ready(&observations);
    assert!(open_in(DEVICES) >= 1);
    let source = capture.stop().unwrap();
    assert_eq!(open_in(DEVICES), 0);
    while observations.try_recv().is_ok() {}
    keyboard.type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    assert!(observations.is_empty());
    let (sink, observations) = unbounded();
    let _capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    keyboard.type_keystrokes(&[stroke(32, 0, 20)], |_| ()).unwrap();
    assert_eq!(keys(&observations, 2)[0].key.evdev(), 32);
}

#[test]
#[ignore = "needs /dev/uinput: tests/vm/evdev.sh"]
fn timing_is_measured() {
    let report = timing::measure(&session(Path::new(DEVICES)), SourceKind::Evdev, 300).unwrap();
    println!("{report:?}");
    assert_eq!((report.source, report.n), (SourceKind::Evdev, 300));
    assert!(0.0 <= report.median_us && report.median_us <= report.p95_us && report.p95_us <= report.p99_us);
}

#[test]
#[ignore = "needs /dev/uinput: tests/vm/evdev.sh"]
fn events_that_the_kernel_drops_are_told() {
    let mut keyboard = UinputKeyboard::create("first").unwrap();
    let source = select(&session(Path::new(DEVICES)), SourceChoice::Auto).unwrap();
    let (sink, observations) = crossbeam_channel::bounded(0);
    let _capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    // Nobody takes an observation meanwhile, so the source can't read on and the kernel's buffer runs over.
    let flood: Vec<_> = (0..400).map(|i| stroke(30, i, i)).collect();
    keyboard.type_keystrokes(&flood, |_| ()).unwrap();
    wait_for(&observations, |o| matches!(o, Observation::EventsLost { .. }).then_some(()));
}

#[test]
#[ignore = "needs /dev/uinput: tests/vm/evdev.sh"]
fn a_keyboard_that_may_not_be_read_is_trouble_with_a_fix() {
    let _first = UinputKeyboard::create("first").unwrap();
    let permit = |mode| {
        for node in fs::read_dir(DEVICES).unwrap().flatten() {
            fs::set_permissions(node.path(), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    permit(0o600);
    let error = as_nobody(|| select(&session(Path::new(DEVICES)), SourceChoice::Auto).map(|s| s.name()).unwrap_err());
    assert!(matches!(&error, NoSource::Unreadable { path } if path.starts_with(DEVICES)), "{error}");
    assert!(error.fix().contains("input") && error.risk().is_some());

    permit(0o644);
    let (_capture, observations) = as_nobody(|| start(Path::new(DEVICES)));
    ready(&observations);
    // The kernel gives a new device to root alone.
    let mut second = UinputKeyboard::create("second").unwrap();
    let error = wait_for(&observations, |o| match o {
        Observation::Lost(error) => Some(error.clone()),
        _ => None,
    });
    assert!(matches!(&error, SourceError::Unreadable { path } if path.starts_with(DEVICES)), "{error}");
    permit(0o644);
    ready(&observations);
    second.type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    assert_eq!(keys(&observations, 2)[0].key.evdev(), 30);
}

/// On any machine: files that are no devices are passed over, and a folder that goes away is a named loss.
#[test]
fn a_folder_without_devices_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("event0"), "no device").unwrap();
    let (capture, observations) = start(folder.path());
    ready(&observations);
    fs::write(folder.path().join("event1"), "no device either").unwrap();
    let source = capture.stop().unwrap();
    assert!(observations.is_empty());

    drop(folder);
    let (sink, observations) = unbounded();
    let _capture = Capture::start(source, sink).unwrap();
    let error = wait_for(&observations, |o| match o {
        Observation::Lost(error) => Some(error.clone()),
        _ => None,
    });
    assert!(matches!(error, SourceError::Folder { .. }), "{error}");
}
