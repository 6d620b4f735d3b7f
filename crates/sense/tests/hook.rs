//! The low-level hook on a real Windows desktop.

#![cfg(windows)]
#![allow(clippy::unwrap_used, unsafe_code)]

use crossbeam_channel::unbounded;
use std::time::{Duration, Instant};
use stillyou_sense::keyboard::{Capture, Key, Observation, Session, SourceChoice, Transition, select};
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    INPUT, INPUT_0, INPUT_KEYBOARD, KEYBDINPUT, KEYEVENTF_KEYUP, KEYEVENTF_SCANCODE, SendInput,
};

/// Types an "a" into whatever has the focus, as every other test that types does.
const SCAN_A: u16 = 0x1e;

fn send(flags: u32) {
    let key = KEYBDINPUT { wVk: 0, wScan: SCAN_A, dwFlags: KEYEVENTF_SCANCODE | flags, time: 0, dwExtraInfo: 0 };
    let input = INPUT { r#type: INPUT_KEYBOARD, Anonymous: INPUT_0 { ki: key } };
    // SAFETY: one input of the size that is given.
    assert_eq!(unsafe { SendInput(1, &input, size_of::<INPUT>() as i32) }, 1);
}

#[test]
fn a_programs_key_is_seen_once_and_marked() {
    let source = select(&Session::from_env(), SourceChoice::Auto).unwrap();
    let (sink, observations) = unbounded();
    let capture = Capture::start(source, sink).unwrap();
    while observations.recv_timeout(Duration::from_secs(10)).unwrap() != Observation::Ready {}
    for flags in [0, 0, KEYEVENTF_KEYUP] {
        send(flags);
    }
    let begun = Instant::now();
    let mut seen = Vec::new();
    while seen.len() < 2 && begun.elapsed() < Duration::from_secs(10) {
        if let Ok(Observation::Event(event)) = observations.recv_timeout(Duration::from_millis(100)) {
            seen.push(event);
        }
    }
    drop(capture);
    let told: Vec<_> = seen.iter().map(|e| (e.key, e.transition, e.injected)).collect();
    let a = Key::from_evdev(30);
    assert_eq!(told, [(a, Transition::Press, true), (a, Transition::Release, true)]);
    assert!(seen[0].at <= seen[1].at);
}
