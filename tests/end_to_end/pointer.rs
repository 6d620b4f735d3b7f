//! The pointer, really moved: who only uses the mouse is judged by it.

use crate::desk::{Desk, POLICY};
use std::{ops::ControlFlow, thread::sleep, time::Duration};
use stillyou_recordings::{pointer::Mouser, typist::Typist};
use stillyou_sense::{
    Micros,
    keyboard::inject::XtestTypist,
    pointer::{PointerEvent, inject::XtestPointer},
};
use stillyou_stage::type_on_time;

/// The pointer is believed more than by default, so that minutes are enough.
const BELIEVED: &str = r#"
[evidence.pointer]
cap_nats = 4.0
weak = true
"#;

/// Longer rests of a made-up hand are cut to this.
const REST: Duration = Duration::from_millis(300);

#[test]
fn who_only_uses_the_mouse_is_asked_and_the_owner_is_not() {
    // How soon one must answer is not the question here.
    let unhurried = POLICY.replace("grace_seconds = 5", "grace_seconds = 15");
    let unhurried = unhurried.replace("fresh_seconds = 5", "fresh_seconds = 60");
    let desk = Desk::under(&format!("{unhurried}{BELIEVED}"));
    let password = desk.stage.user().password.clone();
    // Two whose hands the pack tells apart, as in the agent's own test.
    let (owner, stranger) = (Mouser::new(6), Mouser::new(8));
    let mut hand = XtestPointer::connect(desk.stage.display()).unwrap();
    type_on_time();
    assert!(desk.verify(&password));
    assert!(desk.stillyou(&["enroll"]).0);
    hand.play(&busy(&owner, 1, 150)).unwrap();
    let mut typist = XtestTypist::connect(desk.stage.display()).unwrap();
    typist.type_keystrokes(&Typist::new(4).typing(1).take(340).collect::<Vec<_>>(), |_| ()).unwrap();
    desk.eventually("typing and pointing are learnt", |status| {
        status["state"]["state"] == "watching" && status["enrolled"]["strokes"].as_u64() >= Some(160)
    });
    assert_eq!(desk.status()["sensors"][1]["state"], "on");
    let (passed, said) = desk.stillyou(&["stored"]);
    assert!(passed && said.contains("pointer, ") && said.contains("keystroke, "), "{said}");

    // The owner goes on with the mouse alone.
    assert!(desk.verify(&password));
    hand.play(&busy(&owner, 2, 60)).unwrap();
    let after = desk.status();
    println!("learnt {}, after the owner's minute: score {}", after["enrolled"], after["score"]);
    assert_eq!(after["state"]["state"], "watching", "{after}");

    // Somebody else does.
    assert!(desk.verify(&password));
    let asked = || desk.status()["state"]["state"] != "watching";
    let mut moves = 0;
    hand.play_while(&busy(&stranger, 3, 400), || {
        moves += 1;
        if moves % 200 == 0 && asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert!(asked(), "{}", desk.status());
    // The agent rests as soon as the locker runs; that holds the keyboard a moment later.
    desk.eventually("nobody answered, so it is locked", |status| status["state"]["state"] == "locked" && desk.locked());

    // The owner reads why, and erases all of it.
    assert!(desk.stage.command("pkill").arg("i3lock").status().unwrap().success());
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert!(desk.verify(&password));
    let (passed, listed) = desk.stillyou(&["explain", "--list"]);
    assert!(passed && listed.contains("step-up asked: the pointer moved unlike the owner's"), "{listed}");
    assert!(desk.verify(&password));
    let (passed, said) = desk.stillyou(&["erase"]);
    assert!(passed && said.contains("erased"), "{said}");
    assert_eq!(desk.keyring_entries(), 2);
}

#[test]
fn an_enrolment_without_the_pointer_is_whole_and_says_so() {
    let desk = Desk::new();
    desk.enrol();
    sleep(Duration::from_secs(1));
    let (_, said) = desk.stillyou(&["status"]);
    assert!(said.contains("pointer    says nothing: it was not learnt"), "{said}");
    assert_eq!(desk.status()["sensors"][1]["state"], "not-learnt");
}

/// What somebody does in so many seconds, with little rest.
fn busy(who: &Mouser, session: u64, seconds: u64) -> Vec<PointerEvent> {
    let mut events = who.pointing(session, Duration::from_secs(2 * seconds));
    let mut saved = Duration::ZERO;
    let mut last = Micros(0);
    for event in &mut events {
        saved += event.at.since(last).saturating_sub(REST);
        last = event.at;
        event.at = Micros(event.at.0 - saved.as_micros() as u64);
    }
    events.retain(|event| event.at < Micros(seconds * 1_000_000));
    events
}
