//! Step-ups: what needs one, and what comes of one that nobody answers.

use crate::desk::Desk;
use std::{thread::sleep, time::Duration};
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::inject::XtestTypist;
use stillyou_stage::{keyboard_grabbed, type_on_time};

#[test]
fn what_lowers_protection_or_gives_reasons_needs_a_fresh_step_up() {
    let desk = Desk::new();
    desk.enrol();
    let requests: [&[&str]; 17] = [
        &["erase"],
        &["explain"],
        &["ledger", "verify"],
        &["ledger", "prove", "1"],
        &["ledger", "export"],
        &["ledger", "export", "--follow"],
        &["pause", "1"],
        &["sensor", "keystroke", "off"],
        &["enroll"],
        &["enroll", "--cancel"],
        &["enroll", "--recording", "typing.csv", "--subject", "4"],
        &["case", "list"],
        &["case", "open"],
        &["case", "close", "00000000000000000000000000000000"],
        &["case", "break-glass", "00000000000000000000000000000000", "--reason", "none"],
        &["case", "export", "00000000000000000000000000000000"],
        &["report"],
    ];
    // The owner's own step-up is over.
    sleep(Duration::from_secs(6));
    for request in requests {
        let (passed, said) = desk.stillyou(request);
        assert!(!passed && said.contains("refused") && said.contains("stillyou verify"), "{request:?}: {said}");
    }
    assert!(!desk.verify("not the password"));
    let (passed, said) = desk.stillyou(&["explain"]);
    assert!(!passed && said.contains("refused"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["explain"]);
    assert!(passed && said.contains("it agrees"), "{said}");
    let (passed, said) = desk.stillyou(&["ledger", "verify"]);
    assert!(passed && said.contains("unbroken"), "{said}");
    let (passed, said) = desk.stillyou(&["ledger", "export", "--json"]);
    assert!(passed, "{said}");
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let refused = |line: &&serde_json::Value| line["what"]["what"] == "export-ledger";
    assert!(lines.iter().filter(refused).any(|line| line["what"]["allowed"] == false), "{said}");
    assert!(lines.iter().enumerate().all(|(i, line)| line["v"] == 1 && line["seq"] == i + 1), "{said}");
    assert!(!said.contains("attribution") && !said.contains("hold time"), "{said}");
}

#[test]
fn an_unanswered_step_up_locks_and_the_owner_reads_why() {
    let desk = Desk::new();
    desk.enrol();
    assert!(!keyboard_grabbed(desk.stage.display()).unwrap());
    // Somebody whose hands are others' types until the agent asks; then nobody answers rightly.
    let stranger = Typist::new(9);
    type_on_time();
    let mut typist = XtestTypist::connect(desk.stage.display()).unwrap();
    let strokes: Vec<_> = stranger.typing(1).take(400).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            desk.eventually("a step-up", |status| status["state"]["state"] == "step-up");
            assert!(!desk.verify("guess"));
        });
        typist
            .type_while(&strokes, |_| {
                if keyboard_grabbed(desk.stage.display()).unwrap() {
                    std::ops::ControlFlow::Break(())
                } else {
                    std::ops::ControlFlow::Continue(())
                }
            })
            .unwrap();
    });
    desk.eventually("the lock", |status| status["state"]["state"] == "locked");
    assert!(keyboard_grabbed(desk.stage.display()).unwrap());

    // The screen is unlocked. That is no proof to us: the owner is asked, answers, and reads the record.
    assert!(desk.stage.command("pkill").arg("i3lock").status().unwrap().success());
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, listed) = desk.stillyou(&["explain", "--list"]);
    assert!(passed, "{listed}");
    for decision in ["step-up asked: the typing was unlike the owner's", "lock asked: nobody answered in time"] {
        let line =
            listed.lines().find(|line| line.contains(decision)).unwrap_or_else(|| panic!("{decision}: {listed}"));
        let entry = line.split_whitespace().next().unwrap();
        let (passed, said) = desk.stillyou(&["explain", entry]);
        assert!(passed && said.contains(decision) && said.contains("recomputed from the record: it agrees"), "{said}");
    }
}

#[test]
fn nothing_that_can_be_asked_unlocks() {
    let desk = Desk::new();
    desk.enrol();
    // A lost worker is answered with a lock.
    desk.run(&format!("kill -KILL {}", desk.worker()));
    desk.eventually("the lock", |status| status["state"]["state"] == "locked");
    let harmless: [&[&str]; 5] = [&["status"], &["stored"], &["resume"], &["lock"], &["sensor", "keystroke", "on"]];
    let refused: [&[&str]; 10] = [
        &["enroll"],
        &["enroll", "--cancel"],
        &["explain"],
        &["explain", "--list"],
        &["pause", "1"],
        &["sensor", "keystroke", "off"],
        &["ledger", "verify"],
        &["ledger", "export"],
        &["erase"],
        &["quit"],
    ];
    for request in refused.into_iter().chain(harmless) {
        // Not even the right password does more than be right.
        desk.verify(&desk.stage.user().password);
        let (passed, said) = desk.stillyou(request);
        assert_eq!(passed, harmless.contains(&request), "{request:?}: {said}");
        assert!(desk.locked(), "{request:?}");
    }
    assert_eq!(desk.status()["state"]["state"], "locked");
}
