use super::attempts::honest;
use super::sandbox::PERSON;
use super::{Check, Config, Sandbox};
use crate::{Scope, Terms};
use stillyou_trust::Modality;
use stillyou_trust::policy::Profile;

/// What an approver's own desk refuses, and what guessing earns.
pub fn play(config: &Config, checks: &mut Vec<Check>) {
    let mut sandbox = Sandbox::new(config, "desk", Profile::Privileged);
    let request = sandbox.camera_fails();
    let id = sandbox.grant_id();
    let (now_s, terms) = (sandbox.true_s(), sandbox.terms(&request));
    let mut asked = |name: &str, who: &str, terms: Terms, expected: &str| {
        let refused = sandbox.desk(who).and_then(|desk| desk.issue(&request, terms, id, now_s)).err();
        let said = refused.map_or_else(|| "signed".into(), |why| why.to_string());
        let held = said.contains(expected);
        checks.push(Check { name: name.into(), expected: format!("refused: {expected}"), seen: said, held });
    };
    asked("desk: one's own case", PERSON, terms.clone(), "their own case");
    asked("desk: without the role", "ada", terms.clone(), "approved by one of");
    asked("desk: longer than a privileged case has", "bea", Terms { minutes: 31, ..terms.clone() }, "are too long");
    asked("desk: no second channel", "bea", Terms { channel: None, ..terms.clone() }, "need a second channel");
    asked(
        "desk: wider than what failed",
        "bea",
        Terms { scope: Scope::SetAside { modality: Modality::Pointer }, ..terms.clone() },
        "does not ask for this",
    );
    asked("desk: no reason", "bea", Terms { reason: " ".into(), ..terms.clone() }, "needs a reason");
    asked("desk: months ahead", "bea", Terms { start_s: now_s + 90 * 24 * 3600, ..terms }, "within 24 hours");
    let mut sandbox = Sandbox::new(config, "guesses", Profile::Standard);
    let text = honest(&mut sandbox).unwrap_or_default();
    for _ in 0..sandbox.policy.grant_tries {
        sandbox.enter("a guess");
    }
    checks.push(Check::new("after too many guesses", "too-soon", sandbox.enter(&text)));
    sandbox.pass(1);
    checks.push(Check::new("a minute later the right one", "accepted", sandbox.enter(&text)));
}
