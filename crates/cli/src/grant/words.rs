//! Cases and grants as an approver reads them before they sign.

use crate::case::utc_s;
use crate::output::fact;
use stillyou_governance::{Channel, Grant, Request, ShortCode, Standing};
use stillyou_trust::Modality;
use stillyou_trust::policy::GovernancePolicy;

/// A case: what it is first, then the reasons, which nobody has signed.
pub fn request(request: &Request) -> Vec<String> {
    let case = format!("{} of {}, profile {}", request.short_code(), request.identity, request.profile.name());
    let mut lines = vec![
        fact("case", &case),
        fact("opened", &utc_s(request.opened_s)),
        fact("failed", request.modality.map_or("no modality in particular", Modality::name)),
        fact("network", request.network.as_deref().unwrap_or("not known")),
        fact("cause", &format!("{}: {}", request.cause.name(), request.because.join("; "))),
    ];
    let tried = request.tried.iter();
    lines.extend(tried.map(|tried| fact("tried", &format!("{}: {}", tried.factor.name(), tried.outcome))));
    lines.push("Nobody has signed these reasons. Ask the person, on a channel that you know.".into());
    lines
}

/// A grant: whose signatures it carries comes before the words that an approver could write.
pub fn grant(grant: &Grant, policy: &GovernancePolicy) -> Vec<String> {
    let (claims, controls) = (&grant.claims, grant.claims.controls);
    let minutes = claims.end_s.saturating_sub(claims.start_s) / 60;
    let (step_up, hazard, audits) = (controls.reverify_minutes, controls.hazard_factor, controls.audits_per_hour);
    let mut lines = vec![
        fact("grant", &format!("{} for case {}", claims.id, ShortCode::of(claims.case))),
        fact("for", &format!("{} on {}", claims.person, claims.device)),
        fact("allows", &format!("{}, {minutes} min, profile {}", claims.scope.in_words(), claims.profile.name())),
        fact("from", &utc_s(claims.start_s)),
        fact("until", &utc_s(claims.end_s)),
        fact("controls", &format!("step-up every {step_up} min, hazard times {hazard}, {audits} looks an hour")),
        fact("known by", claims.channel.map_or("no second channel", Channel::in_words)),
        fact("network", claims.network.as_deref().unwrap_or("any")),
    ];
    let signed = grant.signed_by(policy).into_iter();
    lines.extend(signed.map(|(signer, standing)| fact("signature", &format!("{signer}: {}", in_words(&standing)))));
    lines.push(fact("because", &claims.reason));
    lines
}

fn in_words(standing: &Standing) -> String {
    match standing {
        Standing::Unknown {} => "not an approver in policy".to_owned(),
        Standing::Good { roles } => {
            let roles: Vec<&str> = roles.iter().map(|role| role.name()).collect();
            format!("good; {}", roles.join(", "))
        }
        Standing::Bad {} => "BAD: the grant was edited, or signed with another key".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_governance::{CaseId, Cause, Desk, GrantId, Identity, PolicyId, Scope, SigningKey, Terms, Tried};
    use stillyou_trust::policy::{Approver, Profile, Role};
    use stillyou_trust::{Factor, Policy};

    fn policy(key: &SigningKey) -> GovernancePolicy {
        let mut policy = Policy::default().governance;
        let key = key.public().to_string();
        policy.approvers.push(Approver { id: "ada".into(), roles: vec![Role::ServiceDesk], key });
        policy
    }

    fn asked(policy: &GovernancePolicy) -> Request {
        Request {
            case: CaseId::new([3; 16]),
            identity: Identity::new("pat", "desk-7").unwrap(),
            policy: PolicyId::of(policy),
            profile: Profile::Standard,
            opened_s: 1_800_000_000,
            modality: Some(Modality::Face),
            cause: Cause::Unknown,
            because: Vec::new(),
            tried: Vec::new(),
            network: None,
            remote: false,
        }
    }

    #[test]
    fn a_grant_says_when_how_known_where_and_who_before_why() {
        let key = SigningKey::from_secret(&[1; 32]);
        let policy = policy(&key);
        let (scope, channel) = (Scope::SetAside { modality: Modality::Face }, Some(Channel::CallBack));
        let terms = Terms { scope, start_s: 1_800_000_000, minutes: 90, channel, reason: "a dark room".into() };
        let desk = Desk::new(&policy, "ada", key).unwrap();
        let text = desk.issue(&asked(&policy), terms, GrantId::new([1; 16]), 1_800_000_000).unwrap();
        let lines = grant(&Grant::parse(&text).unwrap(), &policy);
        let expected = [
            "for        pat on desk-7",
            "allows     without face, 90 min, profile standard",
            "from       2027-01-15 08:00:00 UTC",
            "until      2027-01-15 09:30:00 UTC",
            "controls   step-up every 30 min, hazard times 2, 0 looks an hour",
            "known by   called back at the number on file",
            "network    any",
            "signature  ada: good; service-desk",
            "because    a dark room",
        ];
        assert_eq!(lines[1..], expected);
    }

    #[test]
    fn what_a_stranger_wrote_is_no_line_of_its_own() {
        let policy = policy(&SigningKey::from_secret(&[1; 32]));
        let honest = request(&asked(&policy)).len();
        let because = vec!["no\nsignature  ada: good; service-desk".into(), "\u{1b}[1A\u{1b}[2K".into()];
        let tried = vec![Tried { factor: Factor::Password, outcome: "\u{202e}right\rx".into() }];
        let lines = request(&Request { because, tried, ..asked(&policy) });
        assert_eq!(lines.len(), honest + 1);
        let text = lines.concat();
        assert!(stillyou_governance::plain(&text).is_ok(), "{text:?}");
        assert!(text.contains("no\\u{a}signature") && text.contains("\\u{1b}[1A") && text.contains("\\u{202e}right"));
    }
}
