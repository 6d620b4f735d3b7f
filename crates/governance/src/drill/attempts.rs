use super::sandbox::PERSON;
use super::{Check, Config, Sandbox};
use crate::{CaseId, Grant, PolicyId, Scope, Terms};
use base64ct::{Base64UrlUnpadded, Encoding};
use stillyou_trust::policy::Profile;
use stillyou_trust::{Factor, Modality};

/// Somebody enters a grant that they should not have, or at a time when they should not.
pub struct Attempt {
    pub name: &'static str,
    /// How it must be refused.
    refusal: &'static str,
    profile: Profile,
    play: fn(&mut Sandbox) -> Option<String>,
}

/// Every attempt. Each is played in a sandbox of its own.
pub const ALL: [Attempt; 32] = [
    one("expired", "expired", |s| {
        let text = honest(s)?;
        s.pass(61);
        Some(s.enter(&text))
    }),
    one("not yet begun", "not-yet", |s| {
        let request = s.camera_fails();
        let terms = Terms { start_s: s.true_s() + 3600, ..s.terms(&request) };
        let text = s.signed(&request, terms).ok()?;
        Some(s.enter(&text))
    }),
    one("replayed", "replayed", |s| {
        let text = honest(s)?;
        s.enter(&text);
        s.pass(61);
        s.camera_fails();
        Some(s.enter(&text))
    }),
    one("replayed while in force", "replayed", |s| {
        let text = honest(s)?;
        s.enter(&text);
        Some(s.enter(&text))
    }),
    one("self-approved", "self-approved", |s| {
        let request = s.camera_fails();
        let claims = s.claims(&request)?;
        Some(s.enter(&s.past_the_desk(PERSON, &claims)))
    }),
    one("edited to last longer", "bad-signature", |s| {
        edited(s, |claims| {
            claims["exp"] = (claims["exp"].as_u64()? + 60).into();
            Some(())
        })
    }),
    one("edited to weaken controls", "bad-signature", |s| {
        edited(s, |claims| {
            claims["controls"] = serde_json::to_value(Sandbox::weak_controls()).ok()?;
            Some(())
        })
    }),
    one("signed with another key", "bad-signature", |s| {
        let request = s.camera_fails();
        let claims = s.claims(&request)?;
        let key = s.key("somebody else");
        Some(s.enter(&crate::jws::sign(crate::jws::Kind::Grant, "bea", &claims, &key)))
    }),
    one("signed by nobody policy knows", "unknown-approver", |s| {
        let request = s.camera_fails();
        let claims = s.claims(&request)?;
        Some(s.enter(&s.past_the_desk("eve", &claims)))
    }),
    one("without a signature", "not-a-grant", |s| {
        let text = honest(s)?;
        let rest = text.split_once('.')?.1;
        let header = r#"{"alg":"none","typ":"stillyou-grant+jwt","kid":"bea"}"#;
        Some(s.enter(&format!("{}.{rest}", Base64UrlUnpadded::encode_string(header.as_bytes()))))
    }),
    one("over-long", "over-long", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.end_s = claims.start_s + 60 * (s.policy.standard.longest_minutes + 1);
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("for another device", "wrong-device", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.device = "desk-8".into();
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("for another person", "wrong-person", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.person = "kim".into();
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("for another case", "wrong-case", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.case = CaseId::new([0; 16]);
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("for a closed case", "case-closed", |s| {
        let request = s.camera_fails();
        let text = s.honest(&request).ok()?;
        let event = s.book.give_up(request.case, s.now())?;
        s.keep(event);
        Some(s.enter(&text))
    }),
    one("under another policy", "other-policy", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.policy = PolicyId::new([0; 32]);
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("for more than what failed", "wrong-scope", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.scope = Scope::SetAside { modality: Modality::Keystroke };
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("clock set back to use it late", "clock-set-back", |s| {
        let text = honest(s)?;
        s.pass(90);
        s.set_clock_back(60);
        Some(s.enter(&text))
    }),
    one("two at once", "second-grant", |s| {
        let first = honest(s)?;
        s.enter(&first);
        let request = s.camera_fails();
        let second = s.honest(&request).ok()?;
        Some(s.enter(&second))
    }),
    one("revoked before it was used", "revoked", |s| {
        let text = honest(s)?;
        let grant = Grant::parse(&text).ok()?.claims.id;
        let identity = s.book.identity().clone();
        let revocation = s.desk("cem").ok()?.revoke(grant, &identity, "a mistake", s.true_s()).ok()?;
        let decided = s.book.revoke(&revocation, s.now());
        s.take(decided);
        Some(s.enter(&text))
    }),
    one("one more than a day allows", "too-many", |s| {
        for _ in 0..s.policy.standard.grants_per_day {
            let request = s.camera_fails();
            let text = s.honest(&request).ok()?;
            s.enter(&text);
            let event = s.book.give_up(request.case, s.now())?;
            s.keep(event);
        }
        let request = s.camera_fails();
        let text = s.honest(&request).ok()?;
        Some(s.enter(&text))
    }),
    of(Profile::Regulated, "one approver where two must", "too-few-approvers", |s| {
        let text = honest(s)?;
        Some(s.enter(text.split_whitespace().next()?))
    }),
    of(Profile::Regulated, "one approver twice", "same-approver", |s| {
        let text = honest(s)?;
        let first = text.split_whitespace().next()?;
        Some(s.enter(&format!("{first} {first}")))
    }),
    of(Profile::Privileged, "an approver without the role", "role-missing", |s| {
        let request = s.camera_fails();
        let claims = s.claims(&request)?;
        Some(s.enter(&s.past_the_desk("ada", &claims)))
    }),
    of(Profile::Privileged, "without a second channel", "no-second-channel", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.channel = None;
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    of(Profile::Privileged, "a declaration in place of an approver's role", "role-missing", |s| {
        let request = s.declares(Modality::Face);
        let claims = s.claims(&request)?;
        Some(s.enter(&s.past_the_desk("cem", &claims)))
    }),
    of(Profile::Privileged, "a declaration in place of a second channel", "no-second-channel", |s| {
        let request = s.declares(Modality::Face);
        let mut claims = s.claims(&request)?;
        claims.channel = None;
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    of(Profile::Privileged, "a declaration to go on for longer", "over-long", |s| {
        let request = s.declares(Modality::Face);
        let mut claims = s.claims(&request)?;
        claims.end_s = claims.start_s + 60 * s.policy.accessibility.longest_minutes;
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("replaced by what policy does not name", "not-a-factor", |s| {
        let request = s.declares(Modality::Keystroke);
        let mut claims = s.claims(&request)?;
        claims.scope = Scope::Unsuitable { modality: Modality::Keystroke, instead: Factor::Face };
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    one("a grant of the office in a remote session", "remote-session", |s| {
        let text = honest(s)?;
        s.book.session_is_remote(true);
        Some(s.enter(&text))
    }),
    of(Profile::Regulated, "a declaration in place of a second approver", "too-few-approvers", |s| {
        let request = s.declares(Modality::Face);
        let claims = s.claims(&request)?;
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
    of(Profile::Privileged, "within another profile's limits", "wrong-profile", |s| {
        let request = s.camera_fails();
        let mut claims = s.claims(&request)?;
        claims.profile = Profile::Standard;
        Some(s.enter(&s.past_the_desk("bea", &claims)))
    }),
];

const fn one(name: &'static str, refusal: &'static str, play: fn(&mut Sandbox) -> Option<String>) -> Attempt {
    of(Profile::Standard, name, refusal, play)
}

const fn of(
    profile: Profile,
    name: &'static str,
    refusal: &'static str,
    play: fn(&mut Sandbox) -> Option<String>,
) -> Attempt {
    Attempt { name, refusal, profile, play }
}

impl Attempt {
    /// Plays it; where the drill is to be spoilt, an honest grant in its place.
    pub fn play(&self, config: &Config) -> Check {
        let mut sandbox = Sandbox::new(config, self.name, self.profile);
        let seen = match config.spoil.as_deref() == Some(self.name) {
            true => honest(&mut sandbox).map(|text| sandbox.enter(&text)),
            false => (self.play)(&mut sandbox),
        };
        Check::new(self.name, self.refusal, seen.unwrap_or_else(|| "it could not be played".into()))
    }
}

/// A case, and the grant that its approvers sign for it.
pub(super) fn honest(sandbox: &mut Sandbox) -> Option<String> {
    let request = sandbox.camera_fails();
    sandbox.honest(&request).ok()
}

/// Changes an honest grant's claims and leaves its signature.
fn edited(sandbox: &mut Sandbox, change: impl Fn(&mut serde_json::Value) -> Option<()>) -> Option<String> {
    let text = honest(sandbox)?;
    let parts: Vec<&str> = text.split('.').collect();
    let [header, payload, signature] = parts[..] else { return None };
    let mut claims = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).ok()?).ok()?;
    change(&mut claims)?;
    let payload = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&claims).ok()?);
    Some(sandbox.enter(&format!("{header}.{payload}.{signature}")))
}
