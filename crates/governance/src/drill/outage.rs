use super::{Check, Config, Outage, Sandbox};
use crate::{CaseState, NonBiometric, Verdict, to_html, to_json};
use stillyou_trust::policy::{NonBiometricPolicy, Profile};

/// An approver answers within so many minutes.
const ANSWER: (u64, u64) = (2, 8);

/// The camera is gone: the person asks again and again, works under grants, and by factors alone between them.
pub fn play(config: &Config, checks: &mut Vec<Check>) -> Outage {
    let mut sandbox = Sandbox::new(config, "outage", Profile::Standard);
    let limits = sandbox.policy.standard.clone();
    // As short as a day's grants can be and still last, so that several expire.
    let per_day = 60 * config.hours.min(24) / u64::from(limits.grants_per_day.max(1));
    let length = per_day.clamp(15, limits.longest_minutes);
    let (mut outage, mut expired_in_time) = (Outage::default(), true);
    // Counted apart from what is under test: minutes that nobody answered in, and minutes without a proof in its interval.
    let (mut waited, mut lost, mut day_used, mut proven_at, mut unproven) = (0, 0, false, 0, 0);
    let mut mode = NonBiometric::begin(sandbox.policy.non_biometric, sandbox.now().up);
    let mut answer_in = None;
    let mut granted_until = None;
    let mut rebooted = None;
    for minute in 0..60 * config.hours {
        let granted = sandbox.book.in_force(&sandbox.now(), Some(sandbox.network)).ok().flatten();
        expired_in_time &= granted.is_some() == granted_until.is_some_and(|end| sandbox.true_s() < end);
        match &granted {
            Some(_) => (outage.granted_minutes, waited) = (outage.granted_minutes + 1, 0),
            None => (outage.factor_minutes, waited) = (outage.factor_minutes + 1, waited + 1),
        }
        lost += u64::from(waited > ANSWER.1 + 1 && !day_used);
        let interval =
            granted.as_ref().map_or(sandbox.policy.non_biometric.interval_minutes, |g| g.controls.reverify_minutes);
        if step_up(&mut mode, &sandbox, interval) {
            outage.step_ups += 1;
            proven_at = minute;
        }
        unproven += u64::from(minute - proven_at >= interval);
        if granted.is_none() {
            let left = *answer_in.get_or_insert_with(|| sandbox.between(ANSWER.0, ANSWER.1));
            answer_in = Some(left.saturating_sub(1));
            if left == 0 {
                answer_in = None;
                let request = sandbox.camera_fails();
                let terms = crate::Terms { minutes: length, ..sandbox.terms(&request) };
                let text = sandbox.signed(&request, terms).unwrap_or_default();
                let outcome = sandbox.enter(&text);
                day_used = outcome == "too-many";
                if outcome == "accepted" {
                    outage.grants += 1;
                    granted_until = Some(sandbox.true_s() + 60 * length);
                }
            }
        }
        if minute == 30 * config.hours {
            rebooted = Some(sandbox.reboot());
            // Trust time begins anew, and so does the proof.
            mode = NonBiometric::begin(sandbox.policy.non_biometric, sandbox.now().up);
            proven_at = minute;
        }
        sandbox.pass(1);
    }
    checks.push(Check::new("minutes lost beyond an approver's answer and a day's grants", "0", lost.to_string()));
    checks.push(Check::holds("grants were used", outage.grants > 0 && outage.granted_minutes > 0));
    checks.push(Check::holds("grants end to the minute", expired_in_time));
    checks.push(Check::new("minutes without a proof in its interval", "0", unproven.to_string()));
    checks.push(Check::holds("step-ups were asked for", outage.step_ups > 0));
    checks.push(Check::holds("a restart changes nothing", rebooted == Some(true)));
    close(&mut sandbox, length, checks);
    outage
}

/// One minute of use; whether a factor was asked for, which the person then gives.
fn step_up(mode: &mut NonBiometric, sandbox: &Sandbox, interval_minutes: u64) -> bool {
    let idle_minutes = sandbox.policy.non_biometric.idle_minutes;
    mode.under(NonBiometricPolicy { interval_minutes, idle_minutes });
    let now = sandbox.now().up;
    let due = mode.used(now).is_some();
    if due {
        mode.proven(now);
    }
    due
}

/// Everything ends, is reviewed, and can be read.
fn close(sandbox: &mut Sandbox, length: u64, checks: &mut Vec<Check>) {
    sandbox.pass(length + 1);
    checks.push(Check::new("in the end nothing is in force", "nothing in force", sandbox.standing()));
    let open: Vec<_> = sandbox.book.to_review().into_iter().map(|(record, _)| record.clone()).collect();
    for record in &open {
        let review = sandbox.desk("cem").and_then(|d| d.review(record, Verdict::Justified, "seen", sandbox.true_s()));
        let decided = sandbox.book.review(&review.unwrap_or_default(), sandbox.now());
        sandbox.keep(decided.event);
    }
    let ended = |state| matches!(state, CaseState::Reviewed | CaseState::Closed | CaseState::Open);
    let closed = sandbox.book.to_review().is_empty() && sandbox.book.cases().all(|record| ended(record.state));
    checks.push(Check::holds("reviews close", !open.is_empty() && closed));
    let limits = sandbox.policy.standard.clone();
    let readable = sandbox.book.cases().all(|record| {
        to_html(record, &limits).contains(record.case.short_code().as_str().get(..5).unwrap_or("?"))
            && serde_json::from_str::<serde_json::Value>(&to_json(record, &limits)).is_ok()
    });
    checks.push(Check::holds("every case can be exported", readable));
}
