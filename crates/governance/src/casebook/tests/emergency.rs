use super::*;

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
