//! Consent taken back: nothing is left, nothing watches, and work goes on.

use crate::desk::{Desk, POLICY};
use std::ops::ControlFlow;
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::inject::XtestTypist;

#[test]
fn whoever_takes_consent_back_works_on_without_biometrics() {
    let policy = POLICY.replace("fresh_seconds = 5", "fresh_seconds = 20");
    let mut desk =
        Desk::under(&format!("{policy}\n[governance.non_biometric]\ninterval_minutes = 1\nidle_minutes = 1\n"));
    desk.enrol();
    assert!(desk.ledger().contains("\"given\":true"), "{}", desk.ledger());
    desk.proof_is_old();
    let (passed, said) = desk.stillyou(&["withdraw-consent"]);
    assert!(!passed && said.contains("stillyou verify"), "{said}");

    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["withdraw-consent"]);
    assert!(passed && said.contains("found nothing"), "{said}");
    // Nothing watches, before and after a restart, and the session is not unprotected.
    for restarted in [false, true] {
        if restarted {
            desk.quit();
            desk.start();
        }
        let status = desk.status();
        assert_eq!(status["state"]["state"], "watching", "{status}");
        assert_eq!(status["without_biometrics"]["interval_minutes"], 1, "{status}");
        let off =
            status["sensors"].as_array().unwrap().iter().all(|s| s["state"] == "off" || s["state"] == "not-there");
        assert!(off && status["keyboard"].is_null() && status["trouble"] == serde_json::json!([]), "{status}");
    }
    assert!(desk.ledger().contains("\"given\":false"), "{}", desk.ledger());
    let (_, said) = desk.stillyou(&["status"]);
    assert!(said.contains("every 1 min"), "{said}");

    // A stranger's typing says nothing now; after a minute somebody at work is asked, and answers, or is locked out.
    let typed = |until: &(dyn Fn() -> bool + Sync)| {
        let mut typist = XtestTypist::connect(desk.stage.display()).unwrap();
        let strokes: Vec<_> = Typist::new(9).typing(1).take(3_000).collect();
        let go_on = |_| if until() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        typist.type_while(&strokes, go_on).unwrap();
    };
    let asked = || desk.status()["state"]["state"] == "step-up";
    typed(&asked);
    assert!(asked(), "{}", desk.status());
    assert_eq!(desk.status()["step_up_reason"], "scheduled");
    assert!(desk.verify(&desk.stage.user().password));
    desk.eventually("the answer counts", |status| status["state"]["state"] == "watching");
    assert_eq!(desk.status()["keystrokes"], 0, "no key is captured");
    typed(&|| desk.locked());
    assert!(desk.locked());
    desk.run("pkill i3lock");
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert!(desk.verify(&desk.stage.user().password));

    // Learning gives consent again.
    desk.enrol();
    let status = desk.status();
    assert!(status["without_biometrics"].is_null() && status["consent"] == true, "{status}");
    desk.eventually("the keyboard is captured", |status| !status["keyboard"].is_null());
}
