use crate::jws::{self, JwsError, Kind, Unchecked};
use crate::{CaseId, Controls, GrantId, PolicyId};
use serde::{Deserialize, Serialize};
use stillyou_trust::policy::{Approver, GovernancePolicy, Profile, Role};
use stillyou_trust::{Factor, Modality};

/// The most approvers that may sign one grant.
const MAX_SIGNATURES: usize = 2;

/// What a grant lets a person do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Scope {
    /// One modality's evidence is set aside; the others go on.
    SetAside {
        /// Which.
        modality: Modality,
    },
    /// All are set aside: the score falls with time, and factors are asked for.
    NonBiometric {},
    /// A modality does not suit the person: it is replaced, not tried again.
    Unsuitable {
        /// Which.
        modality: Modality,
        /// By this factor.
        instead: Factor,
    },
}

/// On which second channel an approver knew the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Called back at the number on file.
    CallBack,
    /// Seen in a video call by somebody who knows them.
    Video,
    /// Met.
    InPerson,
}

/// What a grant says, and approvers sign. Times are seconds since 1970, UTC; the names are those of JWT where it has any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The grant's own name; it works once.
    #[serde(rename = "jti")]
    pub id: GrantId,
    /// For this case.
    pub case: CaseId,
    /// For this person.
    #[serde(rename = "sub")]
    pub person: String,
    /// On this device.
    pub device: String,
    /// To this.
    pub scope: Scope,
    /// Within these limits.
    pub profile: Profile,
    /// Signed then.
    #[serde(rename = "iat")]
    pub issued_s: u64,
    /// From then.
    #[serde(rename = "nbf")]
    pub start_s: u64,
    /// Until then, exclusive.
    #[serde(rename = "exp")]
    pub end_s: u64,
    /// With these controls at least.
    pub controls: Controls,
    /// Under these rules.
    pub policy: PolicyId,
    /// On this network only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The person was known on this channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Why, in the approver's words.
    pub reason: String,
}

/// A grant as it arrives: one or two signatures over the same bytes, none of them checked.
///
/// Its text is a JWS for each approver, with white space between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// What it says.
    pub claims: Claims,
    pub(crate) signatures: Vec<Unchecked>,
}

/// What policy says of a grant's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    /// It is that approver's.
    Good {
        /// What they may decide on.
        roles: Vec<Role>,
    },
    /// The grant was edited, or signed with another key.
    Bad {},
    /// Policy has no approver of that name.
    Unknown {},
}

impl Grant {
    /// Reads a grant's text.
    ///
    /// # Errors
    /// When it is not understood completely, or its signatures are over different bytes.
    pub fn parse(text: &str) -> Result<Self, JwsError> {
        if text.len() > MAX_SIGNATURES * jws::MAX_BYTES {
            return Err(JwsError::Shape);
        }
        let parts: Vec<&str> = text.split_whitespace().collect();
        if parts.len() > MAX_SIGNATURES {
            return Err(JwsError::Shape);
        }
        let signatures = parts.into_iter().map(|part| jws::parse(Kind::Grant, part)).collect::<Result<Vec<_>, _>>()?;
        let first = signatures.first().ok_or(JwsError::Shape)?;
        if signatures.iter().any(|other| other.payload != first.payload) {
            return Err(JwsError::Claims("its signatures are over different grants".into()));
        }
        let claims: Claims = first.claims()?;
        let network = claims.network.iter().map(|network| ("network", network.as_str()));
        let texts = [("sub", &*claims.person), ("device", &*claims.device), ("reason", &*claims.reason)];
        jws::all_plain(texts.into_iter().chain(network))?;
        Ok(Self { claims, signatures })
    }

    /// Whether one of its signatures is this approver's, by the key that policy has.
    pub fn is_signed_by(&self, approver: &Approver) -> bool {
        let Ok(key) = approver.key.parse() else { return false };
        self.signatures.iter().any(|signature| signature.signer == approver.id && signature.is_signed_with(&key))
    }

    /// Whose signatures it carries, checked or not.
    pub fn signers(&self) -> Vec<String> {
        self.signatures.iter().map(|signature| signature.signer.clone()).collect()
    }

    /// The same, with what policy says of each.
    pub fn signed_by(&self, policy: &GovernancePolicy) -> Vec<(String, Standing)> {
        let standing = |signer: &str| match policy.approver(signer) {
            None => Standing::Unknown {},
            Some(approver) if self.is_signed_by(approver) => Standing::Good { roles: approver.roles.clone() },
            Some(_) => Standing::Bad {},
        };
        self.signers().into_iter().map(|signer| (signer.clone(), standing(&signer))).collect()
    }

    /// How many signatures are still missing.
    pub fn signatures_missing(&self, policy: &GovernancePolicy) -> u32 {
        let found = u32::try_from(self.signatures.len()).unwrap_or(u32::MAX);
        policy.limits_for(self.claims.profile, &self.claims.person, false).approvers.saturating_sub(found)
    }
}

impl Channel {
    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            Channel::CallBack => "called back at the number on file",
            Channel::Video => "seen in a video call",
            Channel::InPerson => "met in person",
        }
    }
}

impl Scope {
    /// The modalities whose evidence it sets aside.
    pub fn set_aside(&self) -> Vec<Modality> {
        match self {
            Scope::SetAside { modality } | Scope::Unsuitable { modality, .. } => vec![*modality],
            Scope::NonBiometric {} => Modality::ALL.to_vec(),
        }
    }

    /// Whether it answers a case of this profile and modality: nothing wider than what failed, and a modality is declared
    /// unsuitable only where that was asked for, by a factor that does not need it.
    pub(crate) fn fits(&self, profile: Profile, failed: Option<Modality>) -> bool {
        match self {
            Scope::Unsuitable { modality, instead } => {
                let stands_in = instead.modality() != Some(*modality) && *instead != Factor::Override;
                profile == Profile::Accessibility && failed == Some(*modality) && stands_in
            }
            _ if profile == Profile::Accessibility => false,
            Scope::SetAside { modality } => failed == Some(*modality),
            Scope::NonBiometric {} => true,
        }
    }

    /// The factor that is to replace a modality, where policy does not name it for a step-up: nobody would be asked for it.
    pub(crate) fn not_named(&self, policy: &GovernancePolicy) -> Option<Factor> {
        match self {
            Scope::Unsuitable { instead, .. } => Some(*instead).filter(|f| !policy.factors.step_up.any_of.contains(f)),
            Scope::SetAside { .. } | Scope::NonBiometric {} => None,
        }
    }

    /// In words.
    pub fn in_words(&self) -> String {
        match self {
            Scope::SetAside { modality } => format!("without {modality}"),
            Scope::NonBiometric {} => "without any sensor".into(),
            Scope::Unsuitable { modality, instead } => format!("{modality} replaced by {}", instead.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cause, Desk, Identity, Request, SigningKey, Terms};
    use stillyou_trust::Policy;
    use stillyou_trust::policy::Assigned;

    fn key(secret: u8) -> SigningKey {
        SigningKey::from_secret(&[secret; 32])
    }

    fn policy() -> GovernancePolicy {
        let mut policy = Policy::default().governance;
        for (id, secret) in [("ada", 1), ("bea", 2)] {
            let key = key(secret).public().to_string();
            policy.approvers.push(Approver { id: id.into(), roles: vec![Role::Security], key });
        }
        policy.assigned.push(Assigned { person: "pat".into(), profile: Profile::Regulated });
        policy
    }

    /// A declaration: the face does not suit somebody whose work is regulated.
    fn request(policy: &GovernancePolicy) -> Request {
        Request {
            case: CaseId::new([3; 16]),
            identity: Identity::new("pat", "desk-7").unwrap(),
            policy: PolicyId::of(policy),
            profile: Profile::Accessibility,
            opened_s: 1_800_000_000,
            modality: Some(Modality::Face),
            cause: Cause::Accessibility,
            because: Vec::new(),
            tried: Vec::new(),
            network: None,
            remote: false,
        }
    }

    fn issued(policy: &GovernancePolicy, request: &Request) -> String {
        let scope = Scope::Unsuitable { modality: Modality::Face, instead: Factor::Totp };
        let terms = Terms { scope, start_s: 1_800_000_000, minutes: 60, channel: None, reason: "a veil".into() };
        let desk = Desk::new(policy, "ada", key(1)).unwrap();
        desk.issue(request, terms, GrantId::new([1; 16]), 1_800_000_000).unwrap()
    }

    #[test]
    fn replacing_a_modality_for_somebody_regulated_takes_a_second_signature() {
        let policy = policy();
        assert_eq!(policy.of(Profile::Accessibility).approvers, 1);
        let request = request(&policy);
        let once = issued(&policy, &request);
        assert_eq!(Grant::parse(&once).unwrap().signatures_missing(&policy), 1);
        let twice = Desk::new(&policy, "bea", key(2)).unwrap().countersign(&request, &once).unwrap();
        assert_eq!(Grant::parse(&twice).unwrap().signatures_missing(&policy), 0);
        let anybody = GovernancePolicy { assigned: Vec::new(), ..policy };
        assert_eq!(Grant::parse(&once).unwrap().signatures_missing(&anybody), 0);
    }

    #[test]
    fn words_that_could_pass_for_something_else_are_refused() {
        let policy = policy();
        let grant = Grant::parse(&issued(&policy, &request(&policy))).unwrap();
        let read = |claims: &Claims, signer: &str| Grant::parse(&jws::sign(Kind::Grant, signer, claims, &key(1)));
        assert!(read(&grant.claims, "ada").is_ok());
        let forged = "a veil\nsignature  bea: good; security";
        for bad in [
            Claims { reason: forged.into(), ..grant.claims.clone() },
            Claims { person: "pat\u{1b}[A".into(), ..grant.claims.clone() },
            Claims { device: "\u{202e}7-ksed".into(), ..grant.claims.clone() },
            Claims { network: Some("office\r".into()), ..grant.claims.clone() },
        ] {
            let why = read(&bad, "ada").unwrap_err().to_string();
            assert!(
                why.contains("only characters that are shown as themselves") && crate::plain(&why).is_ok(),
                "{why}"
            );
        }
        assert!(matches!(read(&grant.claims, "ada\n"), Err(JwsError::Header(_))));
        let review = |note: &str| {
            let case = grant.claims.case;
            let review = crate::Review {
                case,
                verdict: crate::Verdict::Justified,
                evidence: None,
                note: note.into(),
                issued_s: 1,
            };
            crate::review::parse(&jws::sign(Kind::Review, "bea", &review, &key(2)))
        };
        assert!(review("a new keyboard").is_ok() && review("a new\u{7}keyboard").is_err());
    }

    #[test]
    fn a_signature_is_good_bad_or_nobodys() {
        let mut policy = policy();
        let grant = Grant::parse(&issued(&policy, &request(&policy))).unwrap();
        let standing = |policy: &GovernancePolicy| grant.signed_by(policy).remove(0);
        assert_eq!(standing(&policy), ("ada".into(), Standing::Good { roles: vec![Role::Security] }));
        policy.approvers[0].key = key(9).public().to_string();
        assert_eq!(standing(&policy).1, Standing::Bad {});
        policy.approvers.remove(0);
        assert_eq!(standing(&policy).1, Standing::Unknown {});
    }
}
