use super::{Check, Config, Sandbox};
use crate::{Event, Proof};
use std::time::Duration;
use stillyou_trust::policy::Profile;
use stillyou_trust::{Factor, Policy, TrustTime};

/// Breaking the glass: at once, loudly, once, and reviewed.
pub fn play(config: &Config, checks: &mut Vec<Check>) {
    let mut sandbox = Sandbox::new(config, "emergency", Profile::Emergency);
    checks.push(Check::new("emergency: at once", "accepted", broken(&mut sandbox, Factor::Totp, 0)));
    let in_force = sandbox.book.in_force(&sandbox.now(), None).ok().flatten();
    let loud = in_force.is_some_and(|in_force| in_force.emergency && !in_force.tell.is_empty());
    checks.push(Check::holds("emergency: it is told at once", loud));
    sandbox.pass(sandbox.policy.emergency.longest_minutes);
    checks.push(Check::new("emergency: over in time", "nothing in force", sandbox.standing()));
    checks.push(Check::new("emergency: twice a day", "too-many", broken(&mut sandbox, Factor::Totp, 0)));
    sandbox.pass(24 * 60);
    let late = sandbox.events.iter().any(|event| matches!(event, Event::Escalated { .. }));
    checks.push(Check::holds("emergency: a late review is escalated", late));
    checks.push(Check::new("emergency: again, unreviewed", "review-overdue", broken(&mut sandbox, Factor::Totp, 0)));
    for (name, factor, seconds_ago) in
        [("emergency: proven two minutes ago", Factor::Password, 120), ("emergency: proven by a face", Factor::Face, 0)]
    {
        let mut sandbox = Sandbox::new(config, name, Profile::Emergency);
        checks.push(Check::new(name, "not-proven", broken(&mut sandbox, factor, seconds_ago)));
    }
    let mut sandbox = Sandbox::new(config, "emergency, clock set back", Profile::Emergency);
    broken(&mut sandbox, Factor::Totp, 0);
    sandbox.pass(25 * 60);
    sandbox.set_clock_back(24 * 60);
    let seen = broken(&mut sandbox, Factor::Totp, 0);
    checks.push(Check::new("emergency: again, with the clock set back", "clock-set-back", seen));
    let mut policy = Policy::default().governance;
    policy.factors.emergency.count = 2;
    let mut sandbox = Sandbox::under(config, "one of two factors", policy);
    checks.push(Check::new(
        "emergency: one factor where two must",
        "not-proven",
        broken(&mut sandbox, Factor::Totp, 0),
    ));
    let mut policy = Policy::default().governance;
    policy.emergency_allowed = false;
    let mut sandbox = Sandbox::under(config, "no emergency", policy);
    checks.push(Check::new("emergency: where policy has none", "no-emergency", broken(&mut sandbox, Factor::Totp, 0)));
}

fn broken(sandbox: &mut Sandbox, factor: Factor, seconds_ago: u64) -> String {
    let request = sandbox.camera_fails();
    let now = sandbox.now();
    let at = TrustTime::since_boot(now.up.as_duration().saturating_sub(Duration::from_secs(seconds_ago)));
    let id = sandbox.grant_id();
    let decided = sandbox.book.break_glass(id, request.case, &[Proof { factor, at }], "a patient waits", now);
    sandbox.take(decided)
}
