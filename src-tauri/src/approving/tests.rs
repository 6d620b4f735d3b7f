use super::*;
use std::time::Duration;
use stillyou_governance::{CaseId, CaseState, Casebook, End, Failure, Identity, Measured, Moment, Standing};
use stillyou_trust::policy::{Approver, Assigned};
use stillyou_trust::{Policy, TrustTime};

const NOW_S: u64 = 1_800_000_000;

fn key(secret: u8) -> SigningKey {
    SigningKey::from_secret(&[secret; 32])
}

/// Two approvers, and a person whose work is regulated.
fn regulated() -> GovernancePolicy {
    let mut policy = Policy::default().governance;
    for (id, secret) in [("ada", 1), ("bea", 2)] {
        let key = key(secret).public().to_string();
        policy.approvers.push(Approver { id: id.into(), roles: vec![Role::Security, Role::Manager], key });
    }
    policy.assigned.push(Assigned { person: "pat".into(), profile: Profile::Regulated });
    policy
}

/// The face is declared unsuitable.
fn request(policy: &GovernancePolicy) -> Request {
    Request {
        case: CaseId::new([3; 16]),
        identity: Identity::new("pat", "desk-7").unwrap(),
        policy: PolicyId::of(policy),
        profile: Profile::Accessibility,
        opened_s: NOW_S,
        modality: Some(Modality::Face),
        cause: Cause::Accessibility,
        because: vec!["the person says that they can't use it".into()],
        tried: Vec::new(),
        network: None,
        remote: false,
    }
}

fn issued(policy: &GovernancePolicy) -> String {
    let scope = Scope::Unsuitable { modality: Modality::Face, instead: Factor::SecurityKey };
    let (channel, reason) = (Some(Channel::Video), "a veil".into());
    let terms = Terms { scope, start_s: NOW_S, minutes: 60, channel, reason };
    let desk = Desk::new(policy, "ada", key(1)).unwrap();
    desk.issue(&request(policy), terms, GrantId::new([1; 16]), NOW_S).unwrap()
}

#[test]
fn replacing_a_modality_is_offered_to_a_second_approver_where_the_persons_own_work_needs_two() {
    let policy = regulated();
    assert_eq!(view(&policy, request(&policy)).unwrap().approvers, 2);
    let once = issued(&policy);
    assert!(!signed(&policy, once.clone()).complete);
    let twice = Desk::new(&policy, "bea", key(2)).unwrap().countersign(&request(&policy), &once).unwrap();
    assert!(signed(&policy, twice).complete);
    let ordinary = GovernancePolicy { assigned: Vec::new(), ..policy };
    assert_eq!(view(&ordinary, request(&ordinary)).unwrap().approvers, 1);
}

#[test]
fn a_second_approver_reads_what_the_first_granted() {
    let policy = regulated();
    let shown = GrantView::of(&Grant::parse(&issued(&policy)).unwrap(), &policy);
    assert_eq!((shown.person.as_str(), shown.device.as_str()), ("pat", "desk-7"));
    assert_eq!(shown.code, request(&policy).short_code().to_string());
    let terms = &shown.terms;
    assert_eq!(terms.scope, Scope::Unsuitable { modality: Modality::Face, instead: Factor::SecurityKey });
    assert_eq!((terms.from_ms, terms.until_ms), (NOW_S as i64 * 1000, (NOW_S as i64 + 3600) * 1000));
    assert_eq!(
        terms.controls,
        Controls::of(&policy.limits_for(Profile::Accessibility, "pat", false), Some(Modality::Face))
    );
    assert_eq!((terms.channel, terms.reason.as_str()), (Some(Channel::Video), "a veil"));
    let [signature] = shown.signatures.as_slice() else { panic!("{:?}", shown.signatures) };
    assert_eq!(signature.signer, "ada");
    assert_eq!(signature.standing, Standing::Good { roles: vec![Role::Security, Role::Manager] });
}

#[test]
fn a_reviewer_reads_the_whole_record() {
    let policy = GovernancePolicy { assigned: Vec::new(), ..regulated() };
    let mut book = Casebook::new(policy.clone(), PolicyId::of(&policy), Identity::new("pat", "desk-7").unwrap());
    let at = |s: u64| Moment { wall_s: NOW_S + s, up: TrustTime::since_boot(Duration::from_secs(s)), boot: 1 };
    let tried = vec![Tried { factor: Factor::Password, outcome: "wrong".into() }];
    let measured = Measured { light: Some(0.05), ..Measured::default() };
    let failure = Failure { modality: Some(Modality::Face), measured, tried, ..Failure::default() };
    let id = CaseId::new([3; 16]);
    let opened = book.open(id, failure, at(0));
    book.apply(&opened).unwrap();
    let request = book.case(id).unwrap().case.request();
    let channel = Some(Channel::CallBack);
    let scope = Scope::SetAside { modality: Modality::Face };
    let terms = Terms { scope, start_s: NOW_S, minutes: 60, channel, reason: "a dark room".into() };
    let desk = Desk::new(&policy, "ada", key(1)).unwrap();
    let grant = desk.issue(&request, terms, GrantId::new([1; 16]), NOW_S).unwrap();
    let accepted = book.accept(&grant, at(10), None);
    accepted.outcome.unwrap();
    book.apply(&accepted.event).unwrap();
    let ended = book.give_up(id, at(70)).unwrap();
    book.apply(&ended).unwrap();

    let record = book.case(id).unwrap();
    let shown = RecordView::of(record, &policy);
    assert_eq!((shown.person.as_str(), shown.device.as_str(), shown.state), ("pat", "desk-7", CaseState::Ended));
    assert_eq!(
        (shown.cause, shown.tried, shown.measured),
        (Cause::Environment, vec!["password: wrong".into()], vec!["light 0.05, of 1".into()])
    );
    assert_eq!(shown.evidence, record.evidence().to_string());
    let ended_ms = (NOW_S as i64 + 70) * 1000;
    assert_eq!(shown.review_due_ms, record.review_due_s(&policy.standard).map(granted::unix_ms));
    let used = shown.used.unwrap();
    assert_eq!((used.how, used.approvers), (evidence::HowView::Signature, vec!["ada".to_owned()]));
    assert_eq!((used.terms.scope, used.terms.channel), (scope, channel));
    assert_eq!((used.terms.from_ms, used.terms.until_ms), ((NOW_S as i64 + 10) * 1000, (NOW_S as i64 + 3600) * 1000));
    assert_eq!(used.terms.reason, "a dark room");
    assert_eq!(used.ended.map(|end| (end.why, end.at_ms)), Some((End::GivenUp, ended_ms)));
}
