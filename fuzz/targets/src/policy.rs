use std::time::Duration;
use stillyou_trust::{Activity, Evidence, Input, Modality, Monitor, Policy, Quality, TrustTime};

/// A system policy, and after a line `---` a user's; without that line the bytes are tried as both.
///
/// What is accepted reads back the same, gives a monitor that counts and explains, and a user's may only tighten.
pub fn policy(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (system, user) = text.split_once("\n---\n").unwrap_or((text, text));
    let base = match Policy::parse(system, "policy.toml") {
        Ok(policy) => {
            holds(&policy);
            policy
        }
        Err(e) => {
            assert!(e.to_string().starts_with("policy.toml: "), "{e}");
            Policy::default()
        }
    };
    if let Ok(tightened) = base.tightened_by(user, "user.toml") {
        holds(&tightened);
        is_tighter(&base, &tightened);
    }
}

/// Reads back the same; a monitor under it counts and explains.
fn holds(policy: &Policy) {
    let text = policy.to_toml().unwrap();
    assert_eq!(Policy::parse(&text, "again").as_ref(), Ok(policy));
    let at = |seconds| TrustTime::since_boot(Duration::from_secs(seconds));
    let (mut monitor, _) = Monitor::begin(policy.clone(), at(1), None);
    for (second, activity) in [(2, Activity::Input), (4_000, Activity::Idle), (90_000, Activity::Input)] {
        monitor.handle(at(second), Input::Tick(activity));
        for llr_nats in [-9.0, 9.0] {
            let evidence = Evidence {
                modality: Modality::Keystroke,
                llr_nats,
                quality: Quality::FULL,
                attribution: Vec::new(),
                occlusion: None,
                pictures: None,
            };
            monitor.handle(at(second), Input::Evidence { evidence, overlap: 0.2 });
        }
        let explanation = monitor.explanation();
        assert!(explanation.end.0.is_finite(), "{explanation:?}");
        explanation.recompute().unwrap();
    }
}

fn is_tighter(base: &Policy, user: &Policy) {
    // A user's own words once more, or none, change nothing.
    assert_eq!(user.tightened_by("", "nothing").as_ref(), Ok(user));
    assert_eq!(base.tightened_by(&user.to_toml().unwrap(), "again").as_ref(), Ok(user));
    let odds = |p: &Policy| {
        let s = &p.score;
        [s.watch_odds, s.step_up_odds, s.lock_odds].map(|o| o.log().0)
    };
    assert!(odds(user).iter().zip(odds(base)).all(|(u, b)| *u <= b));
    let hazards = |p: &Policy| [p.hazard.input_per_s, p.hazard.idle_per_s, p.hazard.locked_per_s];
    assert!(hazards(user).iter().zip(hazards(base)).all(|(u, b)| *u >= b));
    assert!(user.step_up.grace_seconds <= base.step_up.grace_seconds && user.step_up.tries <= base.step_up.tries);
    assert_eq!((&user.lock, &user.model, &user.evidence), (&base.lock, &base.model, &base.evidence));
    assert!(base.status.reveal || !user.status.reveal);
}
