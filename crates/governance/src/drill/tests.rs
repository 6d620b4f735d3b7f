use super::*;

/// Refusals that a grant's own checks make; each is played by an attempt.
const CHECKS: [&str; 21] = [
    "bad-signature",
    "unknown-approver",
    "other-policy",
    "wrong-person",
    "wrong-device",
    "replayed",
    "revoked",
    "case-closed",
    "wrong-profile",
    "wrong-scope",
    "not-a-factor",
    "remote-session",
    "self-approved",
    "same-approver",
    "too-few-approvers",
    "role-missing",
    "wrong-network",
    "no-second-channel",
    "over-long",
    "clock-set-back",
    "not-yet",
];

fn failures(report: &Report) -> Vec<&Check> {
    report.checks.iter().filter(|check| !check.held).collect()
}

#[test]
fn a_drill_passes_for_any_seed() {
    for seed in 0..5 {
        let report = biometric_outage(&Config::new(4, seed)).unwrap();
        assert!(report.held, "seed {seed}: {:#?}", failures(&report));
        assert!(report.checks.len() > 70, "{}", report.checks.len());
        assert_eq!(report.outage.granted_minutes + report.outage.factor_minutes, 240);
        assert!(report.outage.grants >= 4, "{:?}", report.outage);
    }
}

#[test]
fn a_drill_passes_for_any_length() {
    for hours in [1, 16, 48] {
        let report = biometric_outage(&Config::new(hours, 1)).unwrap();
        assert!(report.held, "{hours} hours: {:#?}", failures(&report));
    }
    assert_eq!(biometric_outage(&Config::new(0, 1)), Err(DrillError::Hours(0)));
    assert_eq!(biometric_outage(&Config::new(73, 1)), Err(DrillError::Hours(73)));
}

/// Leaves out one check of a grant after the other: each time the drill must notice.
#[test]
fn whichever_check_is_broken_the_drill_fails() {
    for check in CHECKS {
        let report = biometric_outage(&Config { blind_to: Some(check), ..Config::new(1, 1) }).unwrap();
        let failures = failures(&report);
        assert!(!report.held && failures.iter().any(|failed| failed.expected == check), "{check}: {failures:#?}");
    }
    for check in ["expired", "second-grant", "too-many"] {
        let report = biometric_outage(&Config { blind_to: Some(check), ..Config::new(1, 1) }).unwrap();
        assert!(failures(&report).iter().any(|failed| failed.expected == check), "{check}");
    }
}

#[test]
fn an_honest_grant_in_place_of_any_attempt_is_noticed() {
    for attempt in &attempts::ALL {
        let spoil = Some(attempt.name.to_owned());
        let report = biometric_outage(&Config { spoil, ..Config::new(1, 1) }).unwrap();
        let failures = failures(&report);
        assert_eq!(failures.len(), 1, "{}: {failures:#?}", attempt.name);
        assert_eq!((failures[0].name.as_str(), failures[0].seen.as_str()), (attempt.name, "accepted"));
    }
    let unknown = Config { spoil: Some("nonsense".into()), ..Config::new(1, 1) };
    assert!(matches!(biometric_outage(&unknown), Err(DrillError::NoAttempt(..))));
}

#[test]
fn a_signed_report_reads_back_and_an_edited_one_does_not() {
    let key = SigningKey::from_secret(&[8; 32]);
    let report = biometric_outage(&Config::new(1, 1)).unwrap();
    let text = report.sign("drill", &key);
    assert_eq!(Report::read(&text, &key.public()), Ok(report));
    let other = SigningKey::from_secret(&[9; 32]).public();
    assert_eq!(Report::read(&text, &other), Err(DrillError::BadSignature));
    let mut edited = text.into_bytes();
    edited[200] = if edited[200] == b'A' { b'B' } else { b'A' };
    assert!(Report::read(&String::from_utf8(edited).unwrap(), &key.public()).is_err());
}
