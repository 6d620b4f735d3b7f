use super::*;

#[test]
fn a_review_closes_a_case_and_a_late_one_is_escalated_once() {
    let policy = policy();
    let mut book = casebook(&policy);
    let request = open(&mut book, 1, at(0));
    let decided = book.accept(&grant(&policy, &request, 1, 60, at(0)), at(0), None);
    take(&mut book, decided).unwrap();
    let desk = Desk::new(&policy, "bea", key("bea")).unwrap();
    let early = desk.review(book.case(request.case).unwrap(), Verdict::Justified, "ok", NOW_S).unwrap();
    assert!(matches!(book.review(&early, at(60)).outcome, Err(ReviewRefused::Nothing(_))));
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
