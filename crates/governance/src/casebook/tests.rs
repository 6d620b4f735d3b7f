mod declared;
mod emergency;
mod reviewed;

use super::*;
use crate::{Desk, DeskError, Grant, Measured, Request, ReviewRefused, Scope, SigningKey, Terms, Verdict};
use std::time::Duration;
use stillyou_trust::policy::{Approver, Role, SituationPolicy};
use stillyou_trust::{Factor, Modality, Policy, TrustTime};

const NOW_S: u64 = 1_800_000_000;

fn key(of: &str) -> SigningKey {
    SigningKey::from_secret(&[of.as_bytes()[0]; 32])
}

fn policy() -> GovernancePolicy {
    let mut policy = Policy::default().governance;
    for (id, role) in [("ada", Role::ServiceDesk), ("bea", Role::Security), ("cem", Role::Manager)] {
        policy.approvers.push(Approver { id: id.into(), roles: vec![role], key: key(id).public().to_string() });
    }
    policy
}

fn at(seconds: u64) -> Moment {
    Moment { wall_s: NOW_S + seconds, up: TrustTime::since_boot(Duration::from_secs(1000 + seconds)), boot: 1 }
}

fn casebook(policy: &GovernancePolicy) -> Casebook {
    Casebook::new(policy.clone(), PolicyId::of(policy), Identity::new("pat", "desk-7").unwrap())
}

fn open(casebook: &mut Casebook, id: u8, now: Moment) -> Request {
    let failure = Failure { modality: Some(Modality::Face), measured: Measured::default(), ..Failure::default() };
    let event = casebook.open(CaseId::new([id; 16]), failure, now);
    casebook.apply(&event).unwrap();
    casebook.case(CaseId::new([id; 16])).unwrap().case.request()
}

fn terms(start_s: u64, minutes: u64) -> Terms {
    let scope = Scope::SetAside { modality: Modality::Face };
    Terms { scope, start_s, minutes, channel: None, reason: "bandaged".into() }
}

fn grant(policy: &GovernancePolicy, request: &Request, id: u8, minutes: u64, now: Moment) -> String {
    let desk = Desk::new(policy, "ada", key("ada")).unwrap();
    desk.issue(request, terms(now.wall_s, minutes), GrantId::new([id; 16]), now.wall_s).unwrap()
}

fn take<E>(casebook: &mut Casebook, decided: Decided<E>) -> Result<(), E> {
    casebook.apply(&decided.event).unwrap();
    decided.outcome
}

#[test]
fn a_grant_is_in_force_with_its_controls_until_its_end_and_no_longer() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let text = grant(&policy, &request, 1, 60, at(10));
    assert_eq!(book.in_force(&at(10), None), Ok(None));
    let decided = book.accept(&text, at(20), None);
    take(&mut book, decided).unwrap();
    let in_force = book.in_force(&at(20), None).unwrap().unwrap();
    assert_eq!((in_force.left_s, in_force.emergency), (3590, false));
    assert_eq!(in_force.controls.audits_per_hour, 0, "it is the camera that failed");
    assert_eq!((in_force.controls.hazard_factor, in_force.controls.reverify_minutes), (2.0, 30));
    assert!(book.in_force(&at(3609), None).unwrap().is_some());
    assert_eq!(book.in_force(&at(3610), None), Ok(None), "nothing had to be seen for that");
}

#[test]
fn a_camera_that_failed_is_not_asked_whatever_the_grant_sets_aside() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let desk = Desk::new(&policy, "ada", key("ada")).unwrap();
    let terms = Terms { scope: Scope::NonBiometric {}, ..terms(NOW_S, 60) };
    let text = desk.issue(&request, terms, GrantId::new([1; 16]), NOW_S).unwrap();
    let decided = book.accept(&text, at(0), None);
    take(&mut book, decided).unwrap();
    assert_eq!(book.in_force(&at(1), None).unwrap().unwrap().controls.audits_per_hour, 0);
}

#[test]
fn a_restart_changes_nothing() {
    let policy = policy();
    let mut book = casebook(&policy);
    let mut events = Vec::new();
    let mut keep = |book: &mut Casebook, event: Event| {
        let text = serde_json::to_string(&event).unwrap();
        events.push(serde_json::from_str::<Event>(&text).unwrap());
        book.apply(&event).unwrap();
    };
    let failure = Failure { modality: Some(Modality::Face), ..Failure::default() };
    let opened = book.open(CaseId::new([1; 16]), failure, at(0));
    keep(&mut book, opened);
    let request = book.case(CaseId::new([1; 16])).unwrap().case.request();
    let text = grant(&policy, &request, 1, 60, at(10));
    for text in ["nonsense", "more nonsense", &text, &text] {
        let event = book.accept(text, at(20), None).event;
        keep(&mut book, event);
    }
    for event in book.tick(at(3700)) {
        keep(&mut book, event);
    }
    let again =
        Casebook::rebuild(policy.clone(), PolicyId::of(&policy), book.identity().clone(), events.clone()).unwrap();
    assert_eq!(again.cases().collect::<Vec<_>>(), book.cases().collect::<Vec<_>>());
    assert_eq!((&again.used, &again.tries), (&book.used, &book.tries));
    assert_eq!(again.case(CaseId::new([1; 16])).unwrap().state, CaseState::Ended);
    events.swap(0, 3);
    let torn = Casebook::rebuild(policy.clone(), PolicyId::of(&policy), book.identity().clone(), events);
    assert!(torn.is_err());
}

#[test]
fn a_clock_set_back_across_a_reboot_gains_nothing() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let text = grant(&policy, &request, 1, 60, at(0));
    let decided = book.accept(&text, at(0), None);
    take(&mut book, decided).unwrap();
    for minute in 1..50 {
        for event in book.tick(at(60 * minute)) {
            book.apply(&event).unwrap();
        }
    }
    let rebooted = |wall_s: u64| Moment { wall_s, up: TrustTime::since_boot(Duration::from_secs(20)), boot: 2 };
    assert_eq!(book.in_force(&rebooted(NOW_S), None), Err(Refused::ClockSetBack));
    let right = book.in_force(&rebooted(NOW_S + 60 * 55), None).unwrap().unwrap();
    assert_eq!(right.left_s, 300);
    assert_eq!(book.in_force(&rebooted(NOW_S + 60 * 60), None), Ok(None));
}

#[test]
fn tries_are_limited_and_a_restart_does_not_reset_them() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let text = grant(&policy, &request, 1, 60, at(0));
    for _ in 0..policy.grant_tries {
        let decided = book.accept("guess", at(0), None);
        assert!(matches!(take(&mut book, decided), Err(Refused::NotAGrant(_))));
    }
    let wait = Refused::TooSoon(Duration::from_secs(30));
    assert_eq!(book.accept(&text, at(0), None).outcome, Err(wait));
    assert_eq!(book.accept(&text, at(31), None).outcome, Ok(()));
}

#[test]
fn a_user_who_tightened_their_policy_has_the_stricter_control() {
    let policy = policy();
    let mut own = policy.clone();
    own.standard.reverify_minutes = 5;
    own.standard.longest_minutes = 30;
    let mut book = Casebook::new(own, PolicyId::of(&policy), Identity::new("pat", "desk-7").unwrap());
    let request = open(&mut book, 1, at(0));
    let long = grant(&policy, &request, 1, 60, at(0));
    assert_eq!(book.accept(&long, at(0), None).outcome, Err(Refused::OverLong { minutes: 60, longest: 30 }));
    let decided = book.accept(&grant(&policy, &request, 2, 30, at(0)), at(0), None);
    take(&mut book, decided).unwrap();
    assert_eq!(book.in_force(&at(1), None).unwrap().unwrap().controls.reverify_minutes, 5);
}

#[test]
fn what_was_granted_in_the_office_does_not_hold_in_a_remote_session() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let text = grant(&policy, &request, 1, 60, at(0));
    book.session_is_remote(true);
    assert_eq!(book.accept(&text, at(0), None).outcome, Err(Refused::RemoteSession));
    book.session_is_remote(false);
    let decided = book.accept(&text, at(0), None);
    take(&mut book, decided).unwrap();
    book.session_is_remote(true);
    assert_eq!(book.in_force(&at(60), None), Err(Refused::RemoteSession));
    book.session_is_remote(false);
    assert!(book.in_force(&at(120), None).unwrap().is_some());
}

#[test]
fn an_unknown_word_in_a_grant_is_refused() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let claims = Grant::parse(&grant(&policy, &request, 1, 60, at(0))).unwrap().claims;
    let mut claims = serde_json::to_value(&claims).unwrap();
    let signed = |claims: &serde_json::Value| crate::jws::sign(crate::jws::Kind::Grant, "ada", claims, &key("ada"));
    assert!(Grant::parse(&signed(&claims)).is_ok());
    for (pointer, name) in [("", "admin"), ("/scope", "also"), ("/controls", "none")] {
        let mut more = claims.clone();
        more.pointer_mut(pointer).unwrap()[name] = true.into();
        assert!(Grant::parse(&signed(&more)).is_err(), "{pointer}/{name}");
    }
    claims["scope"] = serde_json::json!({ "kind": "non-biometric" });
    assert!(Grant::parse(&signed(&claims)).is_ok());
    claims["scope"] = serde_json::json!({ "kind": "non-biometric", "also": 1 });
    assert!(Grant::parse(&signed(&claims)).is_err());
}

#[test]
fn what_came_too_soon_is_not_counted() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let text = grant(&policy, &request, 1, 60, at(0));
    for second in 0..40 {
        let decided = book.accept("guess", at(second), None);
        let _ = take(&mut book, decided);
    }
    assert_eq!(
        book.accept(&text, at(64), None).outcome,
        Ok(()),
        "the last that was looked at came after half a minute"
    );
}

#[test]
fn a_grant_says_whose_it_is_in_its_own_text() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let read = Grant::parse(&grant(&policy, &request, 1, 60, at(0))).unwrap();
    assert_eq!((read.claims.person.as_str(), read.claims.device.as_str()), ("pat", "desk-7"));
    assert_eq!((read.signers(), read.claims.end_s - read.claims.start_s), (vec!["ada".to_owned()], 3600));
    assert!(Grant::parse("").is_err() && Grant::parse("a.b.c a.b.c a.b.c").is_err());
}
