//! When verification fails: a case, an approver with a keychain of their own, a grant, its end and its review.

use crate::app::{stranger_types_until_asked, typing_until};
use crate::desk::{Desk, POLICY, program};
use serde_json::Value;
use std::time::Duration;
use stillyou_governance::{Identity, Request};
use stillyou_recordings::typist::Typist;
use stillyou_stage::Stage;

/// Somebody else, on a machine of their own.
pub struct Approver {
    pub stage: Stage,
    /// Their lines in policy.
    pub lines: String,
}

impl Approver {
    pub fn new() -> Self {
        let stage = Stage::builder().build().unwrap();
        stage.provide(&program("stillyou", "STILLYOU")).unwrap();
        let mut approver = Self { stage, lines: String::new() };
        let (passed, said, _) = approver.stillyou(&["grant", "key", "new"]);
        assert!(passed && said.starts_with("[[governance.approvers]]"), "{said}");
        approver.lines = said;
        approver
    }

    fn stillyou(&self, args: &[&str]) -> (bool, String, String) {
        let output = self.stage.command("stillyou").args(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().trim().to_owned();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    fn says(&self, args: &[&str]) -> String {
        let (passed, said, why) = self.stillyou(args);
        assert!(passed, "{args:?}: {why}");
        said
    }

    pub fn issues(&self, request: &str, minutes: u32) -> String {
        let minutes = minutes.to_string();
        self.says(&["grant", "issue", request, "--minutes", &minutes, "--reason", "typing is off; known by voice"])
    }
}

/// A desk with time to answer, and its approver.
fn desk_and_approver(more: &str) -> (Desk, Approver) {
    let approver = Approver::new();
    let policy = POLICY.replace("grace_seconds = 5", "grace_seconds = 40");
    let policy = format!("{policy}\n{more}\n{}", approver.lines);
    approver.stage.set_policy(&policy).unwrap();
    (Desk::under(&policy), approver)
}

fn case(desk: &Desk) -> (String, Request) {
    let (passed, said) = desk.stillyou(&["case", "open"]);
    assert!(passed, "{said}");
    let text = said.lines().last().unwrap().to_owned();
    let request = text.parse().unwrap();
    (text, request)
}

fn refused(desk: &Desk, grant: &str, why: &str) {
    let (passed, said) = desk.stillyou(&["grant", "use", grant]);
    assert!(!passed && said.contains(why), "{why}: {said}");
}

fn entries(desk: &Desk, kind: &str) -> Vec<Value> {
    let kind = format!("{kind} ");
    desk.ledger().lines().filter_map(|l| l.strip_prefix(&kind)).map(|p| serde_json::from_str(p).unwrap()).collect()
}

#[test]
fn work_goes_on_under_a_grant_until_it_ends_and_is_reviewed() {
    let (desk, approver) = desk_and_approver("");
    desk.enrol();
    desk.proof_is_old();
    stranger_types_until_asked(&desk);
    let (text, request) = case(&desk);
    // Asked again, it is the same case.
    assert_eq!(case(&desk).1.case, request.case);
    assert_eq!(request.modality.unwrap().name(), "keystroke");

    // What was meant for another device, was edited or is over-long is refused; nothing is used up by that.
    let elsewhere = Identity::new(request.identity.person(), "another-desk").unwrap();
    let other = Request { identity: elsewhere, ..request.clone() };
    refused(&desk, &approver.issues(&other.to_string(), 5), "for the device another-desk");
    let grant = approver.issues(&text, 1);
    let (header, rest) = grant.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let longer = approver.issues(&text, 60);
    let longer = longer.split('.').nth(1).unwrap();
    assert_ne!(claims, longer);
    refused(&desk, &format!("{header}.{longer}.{signature}"), "edited, or signed with another key");
    let (passed, _, why) = approver.stillyou(&["grant", "issue", &text, "--minutes", "999", "--reason", "long"]);
    assert!(!passed && why.contains("too long"), "{why}");
    assert_eq!(desk.status()["state"]["state"], "step-up");

    let shown = approver.says(&["grant", "show", &grant]);
    assert!(shown.contains("without keystroke, 1 min") && shown.contains("good; service-desk"), "{shown}");
    let (passed, said) = desk.stillyou(&["grant", "use", &grant]);
    assert!(passed && said.contains("work goes on under a grant"), "{said}");
    let status = desk.status();
    assert_eq!((&status["state"]["state"], &status["state"]["band"]), (&"watching".into(), &"verified".into()));
    assert_eq!(status["under_grant"]["set_aside"], serde_json::json!(["keystroke"]));
    assert_eq!((&status["under_grant"]["reverify_minutes"], &status["fresh_seconds"]), (&30.into(), &Value::Null));
    let (passed, said) = desk.stillyou(&["status"]);
    assert!(passed && said.contains("in force until"), "{said}");
    refused(&desk, &grant, "used before");
    // It lowers nothing, and the hands that asked for it ask for nothing more.
    let (passed, said) = desk.stillyou(&["erase"]);
    assert!(!passed && said.contains("refused"), "{said}");
    let strokes: Vec<_> = Typist::new(9).typing(2).take(300).collect();
    typing_until(&desk, &strokes, || std::thread::sleep(Duration::from_secs(15)));
    assert_eq!(desk.status()["state"]["state"], "watching");

    // It ends by itself; whoever worked by the approver's word alone proves who they are.
    desk.eventually("the grant is over", |status| status["under_grant"].is_null());
    typing_until(&desk, &strokes, || {
        desk.eventually("asked at its end", |status| status["state"]["state"] == "step-up");
    });
    assert!(desk.verify(&desk.stage.user().password));
    refused(&desk, &grant, "used before");
    refused(&desk, &approver.issues(&text, 5), "its case is closed");
    desk.eventually("its end is recorded", |_| desk.ledger().contains(r#""why":"expired""#));
    let ended = entries(&desk, "decision");
    assert!(ended.iter().any(|e| e["decision"]["event"]["event"] == "override-ended"));

    // The review: signed elsewhere, entered here.
    assert!(desk.verify(&desk.stage.user().password));
    let code = request.short_code().to_string();
    let (passed, exported) = desk.stillyou(&["case", "export", &code]);
    assert!(passed, "{exported}");
    let file = approver.stage.write("case.json", exported.as_bytes()).unwrap();
    let file = file.to_str().unwrap();
    assert!(approver.says(&["review", "list", file]).contains(&code));
    let review = approver.says(&["review", "give", file, "--verdict", "justified", "--note", "a new keyboard"]);
    let (passed, said) = desk.stillyou(&["review", "use", &review]);
    assert!(passed && said.contains(&code), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["case", "list"]);
    assert!(passed && said.contains("reviewed"), "{said}");
    let (passed, said) = desk.stillyou(&["review", "list"]);
    assert!(passed && said.contains("nothing is to be reviewed"), "{said}");
    let (passed, page) = desk.stillyou(&["case", "export", &code, "--html"]);
    assert!(passed && page.contains("<h1>Case") && page.contains("justified"), "{page}");
}

#[test]
fn killing_the_agent_neither_loses_a_case_nor_gives_a_grant_twice() {
    let (desk, approver) = desk_and_approver("");
    desk.enrol();
    desk.proof_is_old();
    stranger_types_until_asked(&desk);
    let (text, request) = case(&desk);
    desk.run(&format!("kill -KILL {}", desk.worker()));
    desk.eventually("the lock", |status| status["state"]["state"] == "locked");
    let grant = approver.issues(&text, 30);
    // While it is locked nothing is used up, and nothing unlocks.
    refused(&desk, &grant, "unlock the session first");
    assert!(desk.locked());
    assert!(desk.stage.command("pkill").arg("i3lock").status().unwrap().success());
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert_eq!(case(&desk).1.case, request.case, "the case is still there");
    let (passed, said) = desk.stillyou(&["grant", "use", &grant]);
    assert!(passed, "{said}");
    assert_eq!(desk.status()["state"]["state"], "watching");

    desk.run(&format!("kill -KILL {}", desk.worker()));
    desk.eventually("the lock", |status| status["state"]["state"] == "locked");
    assert!(desk.stage.command("pkill").arg("i3lock").status().unwrap().success());
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    refused(&desk, &grant, "used before");
    // The grant goes on: it never was for one process.
    assert!(!desk.status()["under_grant"].is_null());
    assert!(desk.verify(&desk.stage.user().password));
    // Taken back, it ends at once.
    let revocation = approver.says(&["grant", "revoke", &grant, "--reason", "it was not them"]);
    let (passed, said) = desk.stillyou(&["grant", "use", &revocation]);
    assert!(passed && said.contains("revoked"), "{said}");
    assert_eq!(desk.status()["under_grant"], Value::Null);
}

#[test]
fn a_step_up_that_nobody_answers_becomes_a_case_that_an_answer_closes() {
    let desk = Desk::new();
    desk.enrol();
    desk.proof_is_old();
    stranger_types_until_asked(&desk);
    assert!(!desk.verify("guess"));
    desk.eventually("the lock", |status| status["state"]["state"] == "locked");
    let opened = entries(&desk, "case");
    assert_eq!(opened.len(), 1, "{opened:?}");
    let case = &opened[0]["case"];
    assert_eq!((&opened[0]["event"], &case["modality"]), (&"opened".into(), &"keystroke".into()));
    assert_eq!(case["tried"], serde_json::json!([{ "factor": "password", "outcome": "wrong" }]));
    assert!(!case["measured"]["attribution"].as_array().unwrap().is_empty(), "{case}");
    assert!(case["measured"]["quality"].is_number() && case["measured"]["device_kind"].is_string(), "{case}");
    assert!(desk.stage.command("pkill").arg("i3lock").status().unwrap().success());
    desk.eventually("a step-up after the unlock", |status| status["state"]["state"] == "step-up");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["case", "list"]);
    assert!(passed && said.contains("closed"), "{said}");
    // Who it was about leaves the machine with the record; what spoke against them does not.
    let (passed, said) = desk.stillyou(&["ledger", "export", "--json"]);
    assert!(passed && said.contains(r#""event":"opened""#) && !said.contains("hold time"), "{said}");
}

#[test]
fn what_is_said_on_the_telephone_and_a_broken_glass_let_work_go_on() {
    let (desk, approver) = desk_and_approver("");
    // Another one at the desk has the same secret.
    approver.says(&["grant", "key", "telephone", "--new"]);
    desk.enrol();
    desk.proof_is_old();
    stranger_types_until_asked(&desk);
    let (_, request) = case(&desk);
    let (person, device) = (request.identity.person(), request.identity.device());
    let code = request.short_code().to_string();
    let digits = approver.says(&["grant", "digits", &code, "--person", person, "--device", device, "--minutes", "20"]);
    let me = approver.stage.user().name.clone();
    let say = |minutes, digits: &str| {
        desk.stillyou(&["grant", "say", &code, "--approver", &me, "--minutes", minutes, digits])
    };
    let (passed, said) = say("20", &digits);
    assert!(!passed && said.contains("an administrator puts one into /etc/stillyou/voice.key"), "{said}");
    // A secret that the person could have written counts for nothing.
    let secret = approver.says(&["grant", "key", "telephone", "--device", device]);
    let path = desk.stage.outside("/etc/stillyou/voice.key");
    std::fs::write(&path, &secret).unwrap();
    let id = desk.stage.user().id;
    std::os::unix::fs::chown(&path, Some(id), Some(id)).unwrap();
    let (passed, said) = say("20", &digits);
    assert!(!passed && said.contains("not administrator-owned"), "{said}");
    std::os::unix::fs::chown(&path, Some(0), Some(0)).unwrap();
    // What was said for twenty minutes is not an hour.
    let (passed, said) = say("60", &digits);
    assert!(!passed && said.contains("the code is wrong"), "{said}");
    let (passed, said) = say("20", &digits);
    assert!(passed && said.contains("work goes on"), "{said}");
    assert_eq!(desk.status()["state"]["state"], "watching");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&["case", "close", &code]);
    assert!(passed && said.contains("ended"), "{said}");
    assert_eq!(desk.status()["under_grant"], Value::Null);

    // The glass: after a fresh proof alone, loudly, once a day.
    let (passed, said) = desk.stillyou(&["case", "open", "--modality", "keystroke", "--cannot-use"]);
    assert!(passed, "{said}");
    let code = said.lines().last().unwrap().parse::<Request>().unwrap().short_code().to_string();
    desk.proof_is_old();
    let glass: [&str; 5] = ["case", "break-glass", &code, "--reason", "on call, hand in plaster"];
    let (passed, said) = desk.stillyou(&glass);
    assert!(!passed && said.contains("stillyou verify"), "{said}");
    assert!(desk.verify(&desk.stage.user().password));
    let (passed, said) = desk.stillyou(&glass);
    assert!(passed, "{said}");
    let status = desk.status();
    assert_eq!(
        (&status["under_grant"]["emergency"], &status["under_grant"]["reverify_minutes"]),
        (&true.into(), &15.into())
    );
    let (passed, said) = desk.stillyou(&["status"]);
    assert!(passed && said.contains("THE GLASS IS BROKEN"), "{said}");
    let (passed, said) = desk.stillyou(&["review", "list"]);
    assert!(passed && said.contains(&code), "{said}");
}

#[test]
fn a_clock_that_is_set_back_suspends_a_grant_and_one_that_goes_on_ends_it() {
    let approver = Approver::new();
    let policy = POLICY.replace("grace_seconds = 5", "grace_seconds = 40");
    let policy = format!("{policy}\n{}", approver.lines);
    approver.stage.set_policy(&policy).unwrap();
    let desk = Desk::under_with_a_clock_of_its_own(&policy);
    desk.enrol();
    desk.proof_is_old();
    stranger_types_until_asked(&desk);
    let (text, _) = case(&desk);
    let grant = approver.issues(&text, 120);
    let (passed, said) = desk.stillyou(&["grant", "use", &grant]);
    assert!(passed, "{said}");
    desk.run("echo '-1h' >$HOME/clock");
    desk.eventually("it is suspended", |status| status["under_grant"]["suspended"].is_string());
    assert!(desk.verify(&desk.stage.user().password));
    desk.run("echo '+0d' >$HOME/clock");
    desk.eventually("it holds again", |status| status["under_grant"]["suspended"].is_null());
    assert!(!desk.status()["under_grant"].is_null());
    desk.run("echo '+3h' >$HOME/clock");
    desk.eventually("it is over", |status| status["under_grant"].is_null());
    refused(&desk, &grant, "used before");
}
