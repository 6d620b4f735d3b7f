//! The XInput2 source against a real X server with keys injected through XTEST.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod support;

use crossbeam_channel::{Receiver, unbounded};
use std::{fs, thread, time::Duration};
use stillyou_sense::keyboard::{inject::XtestTypist, *};
use support::*;
use x11rb::{
    connection::{Connection, RequestConnection},
    protocol::{
        xinput::{self, ConnectionExt as _},
        xproto::{self, ConnectionExt as _},
        xtest::ConnectionExt as _,
    },
};

fn start(server: &Xvfb) -> (Capture, Receiver<Observation>) {
    let source = select(&server.session(), SourceChoice::Auto).unwrap();
    assert_eq!(source.name(), "x11");
    let (sink, observations) = unbounded();
    let capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    (capture, observations)
}

fn evdev_and_way(events: &[KeyEvent]) -> Vec<(u16, Transition)> {
    events.iter().map(|e| (e.key.evdev(), e.transition)).collect()
}

#[test]
fn typed_keystrokes_come_back_once_each_marked_injected() {
    let server = Xvfb::start();
    let (_capture, observations) = start(&server);
    let mut typed = Vec::new();
    XtestTypist::connect(&server.display).unwrap().type_keystrokes(&hello(), |i| typed.push(i)).unwrap();
    assert_eq!(typed, [0, 1, 2, 3, 4]);

    let mut assembler = Assembler::new();
    for event in keys(&observations, 10) {
        assert!(event.injected);
        assembler.event(&event);
    }
    let got: Vec<_> = std::iter::from_fn(|| assembler.next_keystroke()).collect();
    assert_eq!(got.iter().map(|k| k.key.evdev()).collect::<Vec<_>>(), [35, 18, 38, 38, 24]);
    assert!(got.iter().all(|k| k.injected));
    assert!(observations.is_empty(), "more came than was typed");
}

#[test]
fn a_held_key_is_one_press_while_the_server_repeats_it() {
    let server = Xvfb::start();
    let (_capture, observations) = start(&server);
    // The server repeats after 660 ms, 25 times a second.
    XtestTypist::connect(&server.display).unwrap().type_keystrokes(&[stroke(30, 0, 1_500)], |_| ()).unwrap();
    let events = keys(&observations, 2);
    assert_eq!(evdev_and_way(&events), [(30, Transition::Press), (30, Transition::Release)]);
    assert!(observations.is_empty());
}

#[test]
fn keys_are_seen_while_another_program_holds_the_keyboard() {
    let server = Xvfb::start();
    let (_capture, observations) = start(&server);
    let (locker, screen) = x11rb::connect(Some(&server.display)).unwrap();
    let root = locker.setup().roots[screen].root;
    let mode = xproto::GrabMode::ASYNC;
    let grab = locker.grab_keyboard(false, root, x11rb::CURRENT_TIME, mode, mode).unwrap().reply().unwrap();
    assert_eq!(grab.status, xproto::GrabStatus::SUCCESS);
    XtestTypist::connect(&server.display).unwrap().type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    assert_eq!(keys(&observations, 2).len(), 2);
}

#[test]
fn stop_closes_the_connection_and_start_opens_it_again() {
    let server = Xvfb::start();
    let (capture, observations) = start(&server);
    let mut typist = XtestTypist::connect(&server.display).unwrap();
    typist.type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    keys(&observations, 2);

    assert_eq!(clients(&server.display), 2, "the source and the typist are connected");
    let source = capture.stop().unwrap();
    // The server notices a closed connection a moment later.
    let closed = (0..300).any(|_| {
        clients(&server.display) == 1 || {
            thread::sleep(Duration::from_millis(100));
            false
        }
    });
    assert!(closed, "the source is still connected after stop");
    typist.type_keystrokes(&[stroke(31, 0, 20)], |_| ()).unwrap();
    assert!(observations.is_empty(), "a key was seen after stop");

    let (sink, observations) = unbounded();
    let _capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    typist.type_keystrokes(&[stroke(32, 0, 20)], |_| ()).unwrap();
    assert_eq!(keys(&observations, 2)[0].key.evdev(), 32);
}

/// How many connections of this process (its tests run at once, each with a server of its own) a server has.
fn clients(display: &str) -> usize {
    let socket = format!("/tmp/.X11-unix/X{}", &display[1..]);
    let table = fs::read_to_string("/proc/net/unix").unwrap();
    // The server's ends bear the name: one listens (flags 00010000), the others are its clients' (state 03).
    let named = table
        .lines()
        .filter(|l| l.split_ascii_whitespace().last().is_some_and(|p| p.trim_start_matches('@') == socket));
    named.filter(|l| l.split_ascii_whitespace().nth(5) == Some("03")).count()
}

#[test]
fn a_server_that_goes_is_reported_and_one_that_returns_is_used() {
    let server = Xvfb::start();
    let display = server.display.clone();
    let (capture, observations) = start(&server);
    drop(server);
    let error = wait_for(&observations, |o| match o {
        Observation::Lost(error) => Some(error.clone()),
        _ => None,
    });
    assert!(matches!(&error, SourceError::DisplayGone { display: d, .. } if *d == display), "{error}");
    assert!(capture.is_running());

    let _server = Xvfb::start_on(&display);
    ready(&observations);
    XtestTypist::connect(&display).unwrap().type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    assert_eq!(keys(&observations, 2)[0].key.evdev(), 30);
}

#[test]
fn keyboards_that_come_and_go_are_told_and_told_apart() {
    let server = Xvfb::start();
    let (_capture, observations) = start(&server);
    let (client, _) = x11rb::connect(Some(&server.display)).unwrap();
    client.xinput_xi_query_version(2, 2).unwrap().reply().unwrap();
    let add = xinput::HierarchyChangeDataAddMaster { send_core: true, enable: true, name: b"second".to_vec() };
    let change = xinput::HierarchyChange { len: 4, data: xinput::HierarchyChangeData::AddMaster(add) };
    client.xinput_xi_change_hierarchy(&[change]).unwrap().check().unwrap();
    let second = wait_for(&observations, |o| match o {
        Observation::DeviceAdded { device, name, injected: true, initial: false }
            if name == "second XTEST keyboard" =>
        {
            Some(*device)
        }
        _ => None,
    });

    let events = client.extension_information(xinput::X11_EXTENSION_NAME).unwrap().unwrap().first_event;
    let device = u8::try_from(second.0).unwrap();
    for kind in [xinput::DEVICE_KEY_PRESS_EVENT, xinput::DEVICE_KEY_RELEASE_EVENT] {
        client.xtest_fake_input(events + kind, 38, 0, x11rb::NONE, 0, 0, device).unwrap().check().unwrap();
    }
    let on_second = keys(&observations, 2);
    assert!(on_second.iter().all(|e| e.device == second && e.key.evdev() == 30));
    XtestTypist::connect(&server.display).unwrap().type_keystrokes(&[stroke(30, 0, 20)], |_| ()).unwrap();
    assert!(keys(&observations, 2).iter().all(|e| e.device != second && e.key.evdev() == 30));

    let infos = client.xinput_xi_query_device(0u16).unwrap().reply().unwrap().infos;
    let master = infos.iter().find(|d| d.name == b"second keyboard").unwrap().deviceid;
    let remove = xinput::HierarchyChangeDataRemoveMaster {
        deviceid: master,
        return_mode: xinput::ChangeMode::FLOAT,
        return_pointer: 0,
        return_keyboard: 0,
    };
    let change = xinput::HierarchyChange { len: 3, data: xinput::HierarchyChangeData::RemoveMaster(remove) };
    client.xinput_xi_change_hierarchy(&[change]).unwrap().check().unwrap();
    let gone = wait_for(&observations, |o| match o {
        Observation::DeviceRemoved { device } => Some(*device),
        _ => None,
    });
    assert_eq!(gone, second);
}

#[test]
fn a_full_channel_does_not_keep_a_source_from_stopping() {
    let server = Xvfb::start();
    let source = Box::new(X11Source::new(&server.display));
    let (sink, observations) = crossbeam_channel::bounded(0);
    let capture = Capture::start(source, sink).unwrap();
    assert!(capture.stop().is_ok());
    drop(observations);
}

#[test]
fn timing_is_measured() {
    let server = Xvfb::start();
    let report = timing::measure(&server.session(), SourceKind::X11, 300).unwrap();
    println!("{report:?}");
    assert_eq!((report.source, report.n), (SourceKind::X11, 300));
    assert!(0.0 <= report.median_us && report.median_us <= report.p95_us && report.p95_us <= report.p99_us);
}
