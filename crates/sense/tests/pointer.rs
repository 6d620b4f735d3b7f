//! The XInput2 pointer source against a real X server with a pointer moved through XTEST.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod support;

use crossbeam_channel::{Receiver, unbounded};
use std::{thread, time::Duration};
use stillyou_sense::Micros;
use stillyou_sense::keyboard::Transition::{Press, Release};
use stillyou_sense::pointer::{inject::XtestPointer, *};
use stillyou_sense::source::{Observation, SourceError};
use support::*;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{self, ConnectionExt as _};

fn start(server: &Xvfb) -> (Capture, Receiver<Observation<PointerEvent>>) {
    let source = select(&server.session()).unwrap();
    assert_eq!(source.name(), "pointer-x11");
    let (sink, observations) = unbounded();
    let capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    (capture, observations)
}

/// Events until this one came, with it.
fn until(observations: &Receiver<Observation<PointerEvent>>, last: PointerKind) -> Vec<PointerEvent> {
    let mut events = Vec::new();
    wait_for(observations, |o| {
        if let Observation::Event(event) = o {
            events.push(*event);
        }
        events.last().is_some_and(|e| e.kind == last).then_some(())
    });
    events
}

fn at(ms: u64, kind: PointerKind) -> PointerEvent {
    PointerEvent { at: Micros(ms * 1_000), kind, injected: false }
}

fn to(x: i32, y: i32) -> PointerKind {
    PointerKind::Move { x, y }
}

fn button(button: Button, transition: stillyou_sense::keyboard::Transition) -> PointerKind {
    PointerKind::Button { button, transition }
}

#[test]
fn what_a_hand_does_comes_back_in_order_as_screen_pixels_marked_injected() {
    let server = Xvfb::start();
    let (_capture, observations) = start(&server);
    let played = [
        at(0, to(100, 200)),
        // So soon that it would be held back, but a press is never seen before the place where it was.
        at(5, to(310, 215)),
        at(7, button(Button::Left, Press)),
        at(130, button(Button::Left, Release)),
        at(200, PointerKind::Wheel { dx: 0, dy: 2 }),
        at(220, PointerKind::Wheel { dx: -1, dy: 0 }),
        at(300, button(Button::Right, Press)),
        at(380, button(Button::Right, Release)),
        // Beyond the screen.
        at(450, to(5_000, 300)),
    ];
    XtestPointer::connect(&server.display).unwrap().play(&played).unwrap();
    let seen = until(&observations, to(639, 300));
    let notch = |dx, dy| PointerKind::Wheel { dx, dy };
    let expected = [
        to(310, 215),
        button(Button::Left, Press),
        button(Button::Left, Release),
        notch(0, 1),
        notch(0, 1),
        notch(-1, 0),
        button(Button::Right, Press),
        button(Button::Right, Release),
        to(639, 300),
    ];
    // On a slow machine the first two moves are one.
    let seen = &seen[seen.len() - expected.len()..];
    assert_eq!(seen.iter().map(|e| e.kind).collect::<Vec<_>>(), expected, "in order");
    assert!(seen.iter().all(|e| e.injected));
    assert!(seen.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

#[test]
fn a_fast_mouse_is_thinned_out_and_where_it_came_to_rest_is_known() {
    let server = Xvfb::start();
    let (_capture, observations) = start(&server);
    // A thousand moves a second.
    let moves: Vec<PointerEvent> = (0..=400).map(|ms| at(ms, to(100 + ms as i32, 50))).collect();
    XtestPointer::connect(&server.display).unwrap().play(&moves).unwrap();
    let seen = until(&observations, to(500, 50));
    assert!(seen.len() >= 3);
    assert!(seen.windows(2).all(|pair| pair[1].at.since(pair[0].at) >= PACE), "faster than the pace");
    assert!(seen.windows(2).all(|pair| pair[0].kind != pair[1].kind), "a place came twice");
}

#[test]
fn the_pointer_is_seen_while_another_program_holds_it() {
    let server = Xvfb::start();
    let (_capture, observations) = start(&server);
    let (holder, screen) = x11rb::connect(Some(&server.display)).unwrap();
    let root = holder.setup().roots[screen].root;
    let mode = xproto::GrabMode::ASYNC;
    let mask = xproto::EventMask::POINTER_MOTION;
    let grab = holder.grab_pointer(false, root, mask, mode, mode, x11rb::NONE, x11rb::NONE, x11rb::CURRENT_TIME);
    assert_eq!(grab.unwrap().reply().unwrap().status, xproto::GrabStatus::SUCCESS);
    XtestPointer::connect(&server.display).unwrap().play(&[at(0, to(11, 22))]).unwrap();
    until(&observations, to(11, 22));
}

#[test]
fn after_a_stop_nothing_is_seen() {
    let server = Xvfb::start();
    let (capture, observations) = start(&server);
    let mut pointer = XtestPointer::connect(&server.display).unwrap();
    pointer.play(&[at(0, to(11, 22))]).unwrap();
    until(&observations, to(11, 22));
    let source = capture.stop().unwrap();
    pointer.play(&[at(0, to(33, 44))]).unwrap();
    thread::sleep(Duration::from_millis(50));
    assert!(observations.is_empty(), "a move was seen after stop");
    let (sink, observations) = unbounded();
    let _capture = Capture::start(source, sink).unwrap();
    ready(&observations);
    pointer.play(&[at(0, to(55, 66))]).unwrap();
    assert_eq!(until(&observations, to(55, 66)).len(), 1);
}

#[test]
fn a_server_that_goes_is_reported() {
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
}

#[test]
fn no_text_about_an_event_tells_the_place() {
    let said = format!("{:?}", Observation::Event(at(7, to(4711, 815))));
    assert!(said.contains("Move") && !said.contains("4711") && !said.contains("815"), "{said}");
}
