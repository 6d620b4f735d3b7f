use super::sandbox::PERSON;
use super::{Check, Config, Sandbox};
use crate::jws::{self, Kind};
use crate::{CaseRecord, Event, Review, Verdict};
use stillyou_trust::policy::Profile;

/// Who may close a regulated case, and who may not; and a review that nobody makes.
pub fn play(config: &Config, checks: &mut Vec<Check>) {
    let mut sandbox = Sandbox::new(config, "reviews", Profile::Regulated);
    let request = sandbox.camera_fails();
    let text = sandbox.honest(&request).unwrap_or_default();
    sandbox.enter(&text);
    let Some(early) = sandbox.book.case(request.case).cloned() else {
        checks.push(Check::new("reviews", "played", "there was no case"));
        return;
    };
    let mut reviewed = |sandbox: &mut Sandbox, name: &str, text: &str, expected: &str| {
        let decided = sandbox.book.review(text, sandbox.now());
        sandbox.keep(decided.event);
        let seen = decided.outcome.map_or_else(|why| why.name().to_owned(), |()| "accepted".to_owned());
        checks.push(Check::new(name, expected, seen));
        // Refused ones count as tries.
        sandbox.pass(1);
    };
    let by = |sandbox: &Sandbox, who: &str, record: &CaseRecord, seen: bool| {
        let review = Review {
            case: record.case.id,
            verdict: Verdict::Justified,
            evidence: seen.then(|| record.evidence()),
            note: "looked at".into(),
            issued_s: sandbox.true_s(),
        };
        jws::sign(Kind::Review, who, &review, &sandbox.key(who))
    };
    let text = by(&sandbox, "dia", &early, true);
    reviewed(&mut sandbox, "review: while the grant goes on", &text, "nothing-to-review");
    sandbox.pass(61);
    let Some(record) = sandbox.book.case(request.case).cloned() else { return };
    for (name, who, record, seen, expected) in [
        ("review: one's own case", PERSON, &record, true, "own-case"),
        ("review: by one of its approvers", "bea", &record, true, "approver-reviews"),
        ("review: without the evidence", "dia", &record, false, "evidence-not-seen"),
        ("review: with evidence from before the end", "dia", &early, true, "evidence-not-seen"),
        ("review: without the role", "ada", &record, true, "role-missing"),
        ("review: by nobody policy knows", "eve", &record, true, "unknown-reviewer"),
    ] {
        let text = by(&sandbox, who, record, seen);
        reviewed(&mut sandbox, name, &text, expected);
    }
    let forged = by(&sandbox, "eve", &record, true);
    let signature = forged.rsplit_once('.').map_or("", |(_, signature)| signature);
    let honest = by(&sandbox, "dia", &record, true);
    let signed = honest.rsplit_once('.').map_or("", |(signed, _)| signed);
    reviewed(&mut sandbox, "review: with another's signature", &format!("{signed}.{signature}"), "bad-signature");
    reviewed(&mut sandbox, "review: by somebody else, with the evidence", &honest, "accepted");
    reviewed(&mut sandbox, "review: a second time", &honest, "nothing-to-review");
    unreviewed(config, checks);
}

fn unreviewed(config: &Config, checks: &mut Vec<Check>) {
    let mut sandbox = Sandbox::new(config, "unreviewed", Profile::Standard);
    let request = sandbox.camera_fails();
    let text = sandbox.honest(&request).unwrap_or_default();
    sandbox.enter(&text);
    sandbox.pass(60 + 60 * sandbox.policy.standard.review_hours);
    let escalated = |sandbox: &Sandbox| {
        sandbox.events.iter().filter(|event| matches!(event, Event::Escalated { .. })).count().to_string()
    };
    checks.push(Check::new("review: not late before its time", "0", escalated(&sandbox)));
    sandbox.pass(60);
    checks.push(Check::new("review: late, escalated once", "1", escalated(&sandbox)));
}
