//! What a person may switch off, and when.

use crate::desk::{Desk, POLICY};
use serde_json::Value;

#[test]
fn a_pause_captures_nothing_and_ends_when_told() {
    let desk = Desk::new();
    desk.enrol();
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["pause", "16"]);
    assert!(!passed && said.contains("1 to 15 minutes"), "{said}");
    let (passed, said) = desk.stillyou(&["pause", "10"]);
    assert!(passed, "{said}");
    let status = desk.status();
    assert_eq!((&status["state"]["state"], &status["keyboard"]), (&"paused".into(), &Value::Null));
    assert_eq!((&status["paused_seconds"], &status["sensors"][0]["state"]), (&600.into(), &"off".into()));
    let (passed, said) = desk.stillyou(&["status"]);
    assert!(passed && said.contains("paused for 10 more minutes"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["pause", "1"]);
    assert!(!passed && said.contains("paused already"), "{said}");
    let (passed, said) = desk.stillyou(&["resume"]);
    assert!(passed, "{said}");
    desk.eventually("keys are seen again", |status| status["keyboard"] == "x11");
    assert_eq!(desk.status()["state"]["state"], "watching");
    let record = desk.ledger();
    assert!(record.contains(r#""what":"pause""#), "{record}");
    assert!(record.contains(r#""event":"paused""#) && record.contains(r#""event":"resumed""#), "{record}");
}

#[test]
fn anybody_may_lock() {
    let desk = Desk::new();
    let (passed, said) = desk.stillyou(&["lock"]);
    assert!(passed, "{said}");
    desk.eventually("the session is locked", |_| desk.locked());
}

#[test]
fn policy_says_what_may_be_switched_off() {
    let mut desk = Desk::new();
    desk.enrol();
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["sensor", "keystroke", "off"]);
    assert!(!passed && said.contains("control.may_turn_off"), "{said}");
    desk.quit();
    let control = "[control]\nmay_quit = false\npause_minutes = 0\nmay_turn_off = [\"keystroke\"]\n";
    desk.stage.set_policy(&format!("{POLICY}{control}")).unwrap();
    desk.start();
    assert!(desk.verify(&desk.stage.user().password));
    for (request, why) in [(&["quit"][..], "control.may_quit"), (&["pause", "1"], "control.pause_minutes")] {
        let (passed, said) = desk.stillyou(request);
        assert!(!passed && said.contains(why), "{request:?}: {said}");
    }
    let (passed, said) = desk.stillyou(&["sensor", "keystroke", "off"]);
    assert!(passed, "{said}");
    assert_eq!(desk.status()["keyboard"], Value::Null);
    desk.run(&format!("kill {}", desk.supervisor()));
    desk.ends();
    desk.start();
    assert_eq!(desk.status()["sensors"][0]["state"], "off", "it stays off after a restart");
    let (passed, said) = desk.stillyou(&["sensor", "keystroke", "on"]);
    assert!(passed, "{said}");
}
