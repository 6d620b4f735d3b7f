use crate::plain::is_plain;
use crate::{CaseId, Cause, Measured, Moment, PolicyId, Request, ShortCode};
use serde::{Deserialize, Serialize};
use std::fmt;
use stillyou_trust::policy::Profile;
use stillyou_trust::{Factor, Modality};

/// The longest name of a person, device or network, in bytes.
const MAX_NAME: usize = 64;

/// So many of the last tries go into a request, that it fits a QR code.
const MOST_TRIED: usize = 5;

/// Whose session a case is about, and where: account and device.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Names")]
pub struct Identity {
    person: String,
    device: String,
}

/// A name that names nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {name:?} is not 1 to {MAX_NAME} visible characters")]
pub struct IdentityError {
    what: &'static str,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    person: String,
    device: String,
}

/// A verification that failed, and what is known about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name everywhere.
    pub id: CaseId,
    /// Whose, and where.
    pub identity: Identity,
    /// The rules it stands under.
    pub policy: PolicyId,
    /// The limits of those rules.
    pub profile: Profile,
    /// Whether the session was a remote one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remote: bool,
    /// When it was opened.
    pub opened: Moment,
    /// Which modality failed, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<Modality>,
    /// The likeliest cause.
    pub cause: Cause,
    /// The numbers that say so.
    pub because: Vec<String>,
    /// What was measured.
    pub measured: Measured,
    /// What was tried before, in order.
    pub tried: Vec<Tried>,
    /// The network it was opened on, by a name that tells nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
}

/// A try that did not help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// With this.
    pub factor: Factor,
    /// How it ended, in words.
    pub outcome: String,
}

/// What the caller knows when a case is to be opened.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// Which modality failed, if it was one.
    pub modality: Option<Modality>,
    /// What was measured.
    pub measured: Measured,
    /// What was tried.
    pub tried: Vec<Tried>,
    /// The network, by a name that tells nothing else.
    pub network: Option<String>,
    /// Whether the session is a remote one.
    pub remote_session: bool,
    /// Whether the modality is to be declared unsuitable for the person, instead of an override for now.
    pub declare_unsuitable: bool,
}

impl Identity {
    /// Account and device, 1 to 64 visible characters each.
    ///
    /// # Errors
    /// When one is not.
    pub fn new(person: &str, device: &str) -> Result<Self, IdentityError> {
        for (what, name) in [("person", person), ("device", device)] {
            if !is_name(name) {
                return Err(IdentityError { what, name: name.chars().take(MAX_NAME).collect() });
            }
        }
        Ok(Self { person: person.into(), device: device.into() })
    }

    /// The account's name.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The device's name.
    pub fn device(&self) -> &str {
        &self.device
    }
}

impl TryFrom<Names> for Identity {
    type Error = IdentityError;
    fn try_from(names: Names) -> Result<Self, IdentityError> {
        Self::new(&names.person, &names.device)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.person, self.device)
    }
}

impl Case {
    /// Its name for the telephone.
    pub fn short_code(&self) -> ShortCode {
        ShortCode::of(self.id)
    }

    /// What an approver is shown, to carry as QR, file or paste: without what was measured in detail.
    pub fn request(&self) -> Request {
        Request {
            case: self.id,
            identity: self.identity.clone(),
            policy: self.policy,
            profile: self.profile,
            remote: self.remote,
            opened_s: self.opened.wall_s,
            modality: self.modality,
            cause: self.cause,
            because: self.because.clone(),
            tried: self.tried.iter().rev().take(MOST_TRIED).rev().cloned().collect(),
            network: self.network.clone(),
        }
    }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && name.chars().all(|c| !c.is_whitespace() && is_plain(c))
}
