//! The rdev source against a real X server. rdev listens once per process and only on `DISPLAY`, so each part runs in
//! a process of its own.
#![cfg(all(target_os = "linux", feature = "rdev"))]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use crossbeam_channel::{Receiver, unbounded};
use std::process::Command;
use stillyou_sense::keyboard::{inject::XtestTypist, *};
use support::*;

/// Runs one of the ignored tests below with a server of its own as its `DISPLAY`.
fn with_display(part: &str) {
    let server = Xvfb::start();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", part])
        .env("DISPLAY", &server.display)
        .env("SERVER_PID", server.pid().to_string())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    assert!(output.status.success() && text.contains("1 passed"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn keys_come_once_and_stop_ends_them() {
    with_display("part_keys");
}

#[test]
fn a_server_that_goes_does_not_take_the_process_along() {
    with_display("part_gone");
}

#[test]
fn timing_is_measured() {
    with_display("part_timing");
}

fn session() -> Session {
    Session { session_type: Some("x11".into()), wayland_display: None, ..Session::from_env() }
}

fn start() -> (Capture, Receiver<Observation>, String) {
    let source = select(&session(), SourceChoice::Only(SourceKind::Rdev)).unwrap();
    let (sink, observations) = unbounded();
    let capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    (capture, observations, std::env::var("DISPLAY").unwrap())
}

#[test]
#[ignore = "a part of keys_come_once_and_stop_ends_them"]
fn part_keys() {
    let (capture, observations, display) = start();
    let mut typist = XtestTypist::connect(&display).unwrap();
    // The server repeats a key that is held for more than 660 ms.
    typist.type_keystrokes(&[stroke(30, 0, 1_200), stroke(31, 1_300, 1_350)], |_| ()).unwrap();
    let events: Vec<_> = keys(&observations, 4).iter().map(|e| (e.key.evdev(), e.transition)).collect();
    use Transition::{Press, Release};
    assert_eq!(events, [(30, Press), (30, Release), (31, Press), (31, Release)]);

    let source = capture.stop().unwrap();
    typist.type_keystrokes(&[stroke(32, 0, 50)], |_| ()).unwrap();
    assert!(observations.is_empty());
    let (sink, observations) = unbounded();
    let _capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    typist.type_keystrokes(&[stroke(33, 0, 50)], |_| ()).unwrap();
    assert_eq!(keys(&observations, 2)[0].key.evdev(), 33);
}

#[test]
#[ignore = "a part of a_server_that_goes_does_not_take_the_process_along"]
fn part_gone() {
    let (_capture, observations, _) = start();
    let pid = std::env::var("SERVER_PID").unwrap();
    assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    let error = wait_for(&observations, |o| match o {
        Observation::Lost(error) => Some(error.clone()),
        _ => None,
    });
    assert!(matches!(&error, SourceError::Rdev(reason) if reason.contains("restart the agent")), "{error}");
}

#[test]
#[ignore = "a part of timing_is_measured"]
fn part_timing() {
    let report = timing::measure(&session(), SourceKind::Rdev, 300).unwrap();
    println!("{report:?}");
    assert_eq!((report.source, report.n), (SourceKind::Rdev, 300));
}
