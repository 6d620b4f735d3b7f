use super::*;
use crate::ReviewRefused;
use crate::{Desk, DeskError, Grant, Measured, Request, Scope, SigningKey, Terms, Verdict};
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
fn a_declared_modality_is_replaced_beside_an_override() {
    let mut policy = policy();
    policy.approvers[2].roles = vec![Role::Manager];
    let mut book = casebook(&policy);
    let id = CaseId::new([1; 16]);
    let failure = Failure { modality: Some(Modality::Face), declare_unsuitable: true, ..Failure::default() };
    let event = book.open(id, failure, at(0));
    book.apply(&event).unwrap();
    let request = book.case(id).unwrap().case.request();
    assert_eq!(request.profile, Profile::Accessibility);
    let desk = Desk::new(&policy, "cem", key("cem")).unwrap();
    let unsuitable = |instead| Scope::Unsuitable { modality: Modality::Face, instead };
    let terms = |scope| Terms { scope, ..terms(NOW_S, 60 * 24 * 30) };
    let wide = desk.issue(&request, terms(Scope::NonBiometric {}), GrantId::new([1; 16]), NOW_S);
    assert!(matches!(wide, Err(DeskError::WrongScope(_))));
    let same = desk.issue(&request, terms(unsuitable(Factor::Face)), GrantId::new([1; 16]), NOW_S);
    assert!(matches!(same, Err(DeskError::WrongScope(_))), "a face does not replace a face");
    let text = desk.issue(&request, terms(unsuitable(Factor::Totp)), GrantId::new([1; 16]), NOW_S).unwrap();
    let decided = book.accept(&text, at(0), None);
    take(&mut book, decided).unwrap();
    let declared = book.unsuitable(&at(60), None);
    assert_eq!((declared[0].modality, declared[0].instead), (Modality::Face, Factor::Totp));
    assert_eq!(book.in_force(&at(60), None), Ok(None), "it is no override");
    let request = open(&mut book, 2, at(100));
    let decided = book.accept(&grant(&policy, &request, 2, 60, at(100)), at(100), None);
    take(&mut book, decided).unwrap();
    assert!(book.in_force(&at(101), None).unwrap().is_some() && book.unsuitable(&at(101), None).len() == 1);
}

#[test]
fn a_declaration_is_no_way_round_ones_own_profile() {
    let mut policy = policy();
    let declare = |policy: &GovernancePolicy, remote_session| {
        let mut book = casebook(policy);
        let network = Some("home".to_owned());
        let modality = Some(Modality::Face);
        let failure = Failure { modality, network, remote_session, declare_unsuitable: true, ..Failure::default() };
        let event = book.open(CaseId::new([1; 16]), failure, at(0));
        book.apply(&event).unwrap();
        let request = book.case(CaseId::new([1; 16])).unwrap().case.request();
        (book, request.to_string().parse::<Request>().unwrap())
    };
    let scope = Scope::Unsuitable { modality: Modality::Face, instead: Factor::Totp };
    let channel = Some(crate::Channel::CallBack);
    let of = |minutes, channel| Terms { scope, channel, ..terms(NOW_S, minutes) };
    let id = GrantId::new([1; 16]);

    policy.profile = Profile::Privileged;
    let (book, request) = declare(&policy, false);
    let issue = |who: &str, terms| Desk::new(&policy, who, key(who)).unwrap().issue(&request, terms, id, NOW_S);
    assert!(matches!(issue("cem", of(30, channel)), Err(DeskError::RoleMissing { .. })), "a manager may not");
    assert_eq!(issue("bea", of(30, None)), Err(DeskError::NoSecondChannel("accessibility")));
    assert!(matches!(issue("bea", of(31, channel)), Err(DeskError::OverLong { longest: 30, .. })));
    let text = issue("bea", of(30, channel)).unwrap();
    let claims = Grant::parse(&text).unwrap().claims;
    // What another desk signs, the device refuses all the same.
    let signed = |who: &str, claims: &crate::Claims| crate::jws::sign(crate::jws::Kind::Grant, who, claims, &key(who));
    let refused = |text: &str| book.accept(text, at(0), None).outcome.unwrap_err();
    assert_eq!(refused(&signed("cem", &claims)), Refused::RoleMissing("cem".into()));
    let long = crate::Claims { end_s: claims.end_s + 60, ..claims.clone() };
    assert_eq!(refused(&signed("bea", &long)), Refused::OverLong { minutes: 31, longest: 30 });
    assert_eq!(refused(&signed("bea", &crate::Claims { channel: None, ..claims })), Refused::NoSecondChannel);
    let mut book = book;
    let decided = book.accept(&text, at(0), None);
    take(&mut book, decided).unwrap();
    let controls = book.unsuitable(&at(1), None)[0].controls;
    assert_eq!((controls.reverify_minutes, controls.hazard_factor, controls.audits_per_hour), (10, 5.0, 0));

    policy.profile = Profile::Standard;
    let (book, request) = declare(&policy, true);
    let issued = Desk::new(&policy, "cem", key("cem")).unwrap().issue(&request, of(600, channel), id, NOW_S).unwrap();
    assert_eq!(book.accept(&issued, at(0), Some("cafe")).outcome, Err(Refused::WrongNetwork));
    assert_eq!(book.accept(&issued, at(0), Some("home")).outcome, Ok(()));

    policy.profile = Profile::Regulated;
    let (book, request) = declare(&policy, false);
    let one = Desk::new(&policy, "bea", key("bea")).unwrap().issue(&request, of(600, channel), id, NOW_S).unwrap();
    assert_eq!(book.accept(&one, at(0), None).outcome, Err(Refused::TooFewApprovers { found: 1, needed: 2 }));
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
fn a_review_closes_a_case_and_a_late_one_is_escalated_once() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let decided = book.accept(&grant(&policy, &request, 1, 60, at(0)), at(0), None);
    take(&mut book, decided).unwrap();
    let desk = Desk::new(&policy, "bea", key("bea")).unwrap();
    let early = desk.review(book.case(request.case).unwrap(), Verdict::Justified, "ok", NOW_S).unwrap();
    assert!(matches!(book.review(&early, at(60)).outcome, Err(crate::ReviewRefused::Nothing(_))));
    for event in book.tick(at(3700)) {
        book.apply(&event).unwrap();
    }
    let due = book.to_review()[0].1;
    assert_eq!(due, NOW_S + 3600 + 72 * 3600);
    let late = at(due - NOW_S + 1);
    let escalated = book.tick(late);
    assert!(matches!(&escalated[..], [Event::Escalated { to: Role::Security, .. }]), "{escalated:?}");
    book.apply(&escalated[0]).unwrap();
    assert!(book.tick(late).is_empty());
    let text = desk.review(book.case(request.case).unwrap(), Verdict::Justified, "ok", NOW_S).unwrap();
    let decided = book.review(&text, late);
    take(&mut book, decided).unwrap();
    assert!(book.to_review().is_empty() && book.case(request.case).unwrap().state == CaseState::Reviewed);
}

#[test]
fn a_clock_set_ahead_is_no_new_day() {
    let policy = policy();
    let mut book = casebook(&policy);
    let proof = |at: &Moment| Proof { factor: Factor::Password, at: at.up };
    let break_glass = |book: &mut Casebook, id: u8, now: Moment| {
        let request = open(book, id, now);
        let decided = book.break_glass(GrantId::new([id; 16]), request.case, &[proof(&now)], "a patient waits", now);
        take(book, decided)
    };
    assert_eq!(break_glass(&mut book, 1, at(0)), Ok(()));
    for event in book.tick(at(3700)) {
        book.apply(&event).unwrap();
    }
    let reviewed = Desk::new(&policy, "bea", key("bea")).unwrap();
    let text = reviewed.review(book.cases().next().unwrap(), Verdict::Justified, "ok", NOW_S).unwrap();
    let decided = book.review(&text, at(3700));
    take(&mut book, decided).unwrap();
    let ahead = Moment { wall_s: NOW_S + 48 * 3600, ..at(3800) };
    assert_eq!(break_glass(&mut book, 2, ahead), Err(Refused::TooMany(1)));
    assert_eq!(break_glass(&mut book, 3, at(25 * 3600)), Ok(()));
}

#[test]
fn a_clock_set_back_does_not_keep_a_review_in_time() {
    let mut policy = policy();
    policy.emergency.grants_per_day = 5;
    let mut book = casebook(&policy);
    let break_glass = |book: &mut Casebook, id: u8, now: Moment| {
        let request = open(book, id, now);
        let proof = Proof { factor: Factor::Password, at: now.up };
        let decided = book.break_glass(GrantId::new([id; 16]), request.case, &[proof], "a patient waits", now);
        take(book, decided)
    };
    assert_eq!(break_glass(&mut book, 1, at(0)), Ok(()));
    for event in book.tick(at(3700)) {
        book.apply(&event).unwrap();
    }
    let late_s = 5 * 3600;
    let back = |wall_s: u64| Moment { wall_s: NOW_S + wall_s, ..at(late_s) };
    assert_eq!(break_glass(&mut book, 2, back(late_s - 600)), Err(Refused::ClockSetBack), "however little");
    // Within what two clocks may differ, trust time tells.
    policy.emergency.review_hours = 5;
    let mut nearly = book.clone();
    nearly.policy = policy;
    let slack = |wall_s: u64, up_s: u64| Moment { wall_s: NOW_S + wall_s, ..at(up_s) };
    assert_eq!(break_glass(&mut nearly, 3, slack(late_s - 60, late_s + 1)), Err(Refused::ReviewOverdue));
    let escalated = book.tick(back(3800));
    assert!(matches!(&escalated[..], [Event::Escalated { .. }]), "{escalated:?}");
    book.apply(&escalated[0]).unwrap();
    let rebooted = Moment { wall_s: NOW_S + 3700, up: TrustTime::default(), boot: 2 };
    assert_eq!(break_glass(&mut book, 4, rebooted), Err(Refused::ReviewOverdue), "what was late once is");
}

#[test]
fn breaking_the_glass_needs_as_many_different_factors_as_policy_says() {
    let mut policy = policy();
    policy.factors.emergency = SituationPolicy { any_of: vec![Factor::Password, Factor::Totp], count: 2 };
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let now = at(200);
    let proof = |factor, second: u64| Proof { factor, at: at(second).up };
    let (password, totp) = (proof(Factor::Password, 150), proof(Factor::Totp, 200));
    let of = |proofs: &[Proof]| book.break_glass(GrantId::new([1; 16]), request.case, proofs, "on call", now);
    let missing = Err(Refused::NotProven { needed: 2, of: "password, totp".into(), seconds: 60 });
    assert_eq!(of(&[totp]).outcome, missing);
    assert_eq!(of(&[totp, totp]).outcome, missing, "one factor twice");
    assert_eq!(of(&[proof(Factor::Password, 139), totp]).outcome, missing, "one is a minute old");
    assert_eq!(of(&[proof(Factor::PassPhrase, 200), totp]).outcome, missing, "policy does not name one");
    let broken = of(&[password, totp]);
    assert_eq!(broken.outcome, Ok(()));
    let Event::Granted { used, .. } = broken.event else { unreachable!() };
    assert_eq!(used.how, How::Emergency { factor: Factor::Password, also: vec![Factor::Totp] });
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
fn a_review_is_somebody_elses_where_there_is_somebody_and_names_this_evidence() {
    let mut policy = policy();
    let reviewed = |policy: &GovernancePolicy, by: &str, evidence: Option<crate::EvidenceHash>| {
        let mut book = casebook(policy);
        let request = open(&mut book, 1, at(0));
        let decided = book.accept(&grant(policy, &request, 1, 60, at(0)), at(0), None);
        take(&mut book, decided).unwrap();
        for event in book.tick(at(3700)) {
            book.apply(&event).unwrap();
        }
        let record = book.case(request.case).unwrap();
        let desk = Desk::new(policy, by, key(by)).unwrap();
        let signed = desk.review(record, Verdict::Justified, "ok", NOW_S).err();
        let text = desk.sign_review(request.case, Verdict::Justified, evidence.or(Some(record.evidence())), "", NOW_S);
        (signed, book.review(&text, at(3700)).outcome)
    };
    let own = Err(ReviewRefused::Approver("ada".into()));
    assert_eq!(reviewed(&policy, "ada", None), (Some(DeskError::OwnGrant), own));
    assert_eq!(reviewed(&policy, "bea", None), (None, Ok(())));
    let other = Some(crate::EvidenceHash::new([0; 32]));
    assert_eq!(reviewed(&policy, "bea", other).1, Err(ReviewRefused::EvidenceNotSeen));
    // Nobody else may.
    policy.approvers.truncate(1);
    assert_eq!(reviewed(&policy, "ada", None), (None, Ok(())));
}

#[test]
fn a_modality_is_replaced_by_what_policy_asks_for() {
    let policy = policy();
    let mut book = casebook(&policy);
    let failure = Failure { modality: Some(Modality::Keystroke), declare_unsuitable: true, ..Failure::default() };
    let event = book.open(CaseId::new([1; 16]), failure, at(0));
    book.apply(&event).unwrap();
    let request = book.case(CaseId::new([1; 16])).unwrap().case.request();
    let scope = |instead| Scope::Unsuitable { modality: Modality::Keystroke, instead };
    let desk = Desk::new(&policy, "bea", key("bea")).unwrap();
    let issue = |instead| {
        desk.issue(&request, Terms { scope: scope(instead), ..terms(NOW_S, 60) }, GrantId::new([1; 16]), NOW_S)
    };
    assert_eq!(issue(Factor::Face), Err(DeskError::NotAFactor("face")));
    let claims = Grant::parse(&issue(Factor::Totp).unwrap()).unwrap().claims;
    let claims = crate::Claims { scope: scope(Factor::Face), ..claims };
    let text = crate::jws::sign(crate::jws::Kind::Grant, "bea", &claims, &key("bea"));
    assert_eq!(book.accept(&text, at(0), None).outcome, Err(Refused::NotAFactor("face")));
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
