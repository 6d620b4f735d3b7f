use super::sandbox::PERSON;
use super::{Check, Config, Sandbox};
use crate::{Failure, Terms, Verdict, replaced};
use stillyou_trust::policy::{Profile, Situation};
use stillyou_trust::{Factor, Modality};

/// In each profile with an approver: granted, in force, over, reviewed.
pub fn play(config: &Config, checks: &mut Vec<Check>) {
    for profile in [Profile::Standard, Profile::Remote, Profile::Regulated, Profile::Privileged] {
        let mut sandbox = Sandbox::new(config, profile.name(), profile);
        let failure = Failure {
            modality: Some(Modality::Face),
            network: Some(sandbox.network.into()),
            remote_session: profile == Profile::Remote,
            ..Failure::default()
        };
        let request = sandbox.fails(failure);
        let minutes = sandbox.terms(&request).minutes;
        let text = sandbox.honest(&request).unwrap_or_default();
        let mut seen = vec![request.profile.name().to_owned(), sandbox.enter(&text), sandbox.standing()];
        sandbox.pass(minutes);
        seen.push(sandbox.standing());
        seen.push(reviewed(&mut sandbox));
        let expected = format!("{}, accepted, in force, nothing in force, reviewed", profile.name());
        checks.push(Check::new(&format!("{} profile", profile.name()), &expected, seen.join(", ")));
    }
    checks.push(accessibility(config));
}

/// A modality is declared unsuitable, and replaced rather than tried again.
fn accessibility(config: &Config) -> Check {
    let mut policy = Sandbox::policy(config, Profile::Accessibility);
    policy.factors.step_up.any_of.insert(0, Factor::Face);
    let mut sandbox = Sandbox::under(config, "accessibility", policy);
    let request = sandbox.declares(Modality::Face);
    let terms = Terms { minutes: 60 * 24 * 30, ..sandbox.terms(&request) };
    let text = sandbox.signed(&request, terms).unwrap_or_default();
    let mut seen = vec![request.profile.name().to_owned(), sandbox.enter(&text)];
    let declared = sandbox.book.unsuitable(&sandbox.now(), Some(sandbox.network));
    seen.extend(declared.iter().map(|one| format!("{} replaced by {}", one.modality, one.instead.name())));
    let offered = replaced(sandbox.policy.factors_after(Situation::StepUp, None), &declared);
    seen.push(if offered.contains(&Factor::Face) { "tried again".into() } else { "not tried again".into() });
    seen.push(format!("{} asked for", offered.first().map_or("nothing", |factor| factor.name())));
    seen.push(reviewed(&mut sandbox));
    let expected = "accessibility, accepted, face replaced by totp, not tried again, totp asked for, reviewed";
    Check::new("accessibility profile", expected, seen.join(", "))
}

/// The service desk, security and the line each had a part: whoever has none closes the case.
fn reviewed(sandbox: &mut Sandbox) -> String {
    let open = sandbox.book.to_review().first().map(|(record, _)| (*record).clone());
    let Some(record) = open else { return "nothing to review".into() };
    let approved = record.used.as_ref().map(|used| used.approvers.clone()).unwrap_or_default();
    // Where two approved and none of them may review, security needs a third.
    let others = ["bea", "cem", "dia"].into_iter().filter(|id| *id != PERSON && !approved.iter().any(|by| by == id));
    let mut outcome = "no reviewer".to_owned();
    for reviewer in others {
        let Ok(desk) = sandbox.desk(reviewer) else { continue };
        let Ok(text) = desk.review(&record, Verdict::Justified, "seen", sandbox.true_s()) else { continue };
        let decided = sandbox.book.review(&text, sandbox.now());
        outcome = decided.outcome.map_or_else(|why| why.name().into(), |()| "reviewed".into());
        sandbox.keep(decided.event);
        if outcome == "reviewed" {
            break;
        }
    }
    outcome
}
