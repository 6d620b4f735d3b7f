use crate::jws::{self, JwsError, Kind, Unchecked};
use crate::{CaseId, Controls, GrantId, PolicyId};
use serde::{Deserialize, Serialize};
use stillyou_trust::policy::{Approver, GovernancePolicy, Profile};
use stillyou_trust::{Factor, Modality};

/// The most approvers that may sign one grant.
const MAX_SIGNATURES: usize = 2;

/// What a grant lets a person do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
        Ok(Self { claims: first.claims()?, signatures })
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
