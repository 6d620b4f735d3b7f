use super::*;

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
