use super::sandbox::PERSON;
use super::{Check, Config, Sandbox};
use crate::{CaseId, Request};
use stillyou_trust::policy::Profile;

/// A code on the telephone: what it grants, and what else it does not.
pub fn play(config: &Config, checks: &mut Vec<Check>) {
    let mut said = |name: &str, expected: &str, play: &dyn Fn(&mut Sandbox, &Request, &str) -> String| {
        let mut sandbox = Sandbox::new(config, name, Profile::Standard);
        let request = sandbox.camera_fails();
        let code = code(&sandbox, &request).unwrap_or_else(|| "the desk says nothing".into());
        let seen = play(&mut sandbox, &request, &code);
        checks.push(Check::new(name, expected, seen));
    };
    said("telephone: the code that was said", "accepted", &|s, r, code| heard(s, r.case, "ada", 30, code));
    said("telephone: said for half an hour, entered for one", "wrong-code", &|s, r, code| {
        heard(s, r.case, "ada", 60, code)
    });
    said("telephone: another approver named", "wrong-code", &|s, r, code| heard(s, r.case, "bea", 30, code));
    said("telephone: twenty minutes late", "wrong-code", &|s, r, code| {
        s.pass(20);
        heard(s, r.case, "ada", 30, code)
    });
    said("telephone: used again for another case", "wrong-code", &|s, r, code| {
        heard(s, r.case, "ada", 30, code);
        s.pass(1);
        if let Some(event) = s.book.give_up(r.case, s.now()) {
            s.keep(event);
        }
        let other = s.camera_fails();
        heard(s, other.case, "ada", 30, code)
    });
    said("telephone: approved by oneself", "self-approved", &|s, r, code| heard(s, r.case, PERSON, 30, code));
    said("telephone: over-long", "over-long", &|s, r, code| {
        let longest = s.policy.voice_minutes;
        heard(s, r.case, "ada", longest + 1, code)
    });
    said("telephone: clock set back to use it late", "clock-set-back", &|s, r, code| {
        s.pass(40);
        s.set_clock_back(38);
        heard(s, r.case, "ada", 30, code)
    });
    said("telephone: after many guesses", "voice-closed", &|s, r, code| {
        for guess in 0..10 {
            heard(s, r.case, "ada", 30, &format!("{guess:08}"));
            s.pass(1);
        }
        heard(s, r.case, "ada", 30, code)
    });
    let mut sandbox = Sandbox::new(config, "telephone", Profile::Regulated);
    let request = sandbox.camera_fails();
    let none = code(&sandbox, &request).is_none();
    let seen = heard(&mut sandbox, request.case, "bea", 30, "00000000");
    checks.push(Check::new("telephone: in a regulated case", "no-voice", if none { seen } else { "said".into() }));
}

/// What the service desk says for half an hour.
fn code(sandbox: &Sandbox, request: &Request) -> Option<String> {
    let desk = sandbox.desk("ada").ok()?;
    // As it is read out.
    let code = request.short_code().to_string().to_lowercase().parse().ok()?;
    desk.say(&sandbox.voice_key(), code, &request.identity, 30, sandbox.true_s()).ok()
}

fn heard(sandbox: &mut Sandbox, case: CaseId, approver: &str, minutes: u64, code: &str) -> String {
    let (key, id, now) = (sandbox.voice_key(), sandbox.grant_id(), sandbox.now());
    let decided = sandbox.book.accept_voice(&key, id, case, approver, minutes, code, now);
    sandbox.take(decided)
}
