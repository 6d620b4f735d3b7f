use crate::{Circumstance, Evidence, Modality, Override, Trouble};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Time passed, with what was going on meanwhile.
    Tick(Activity),
    /// A model spoke; `overlap` is the share of its observations that it has not spoken about before, 0 to 1.
    Evidence {
        /// What it says.
        evidence: Evidence,
        /// Independence discount.
        overlap: f64,
    },
    /// A template is there.
    Enrolled,
    /// No template is there any more.
    Erased,
    /// Somebody proved to be the owner.
    Verified(Factor),
    /// Somebody failed to.
    VerificationFailed,
    /// Proof is due whatever the score: an interval is over.
    ProofDue,
    /// The session is locked, as far as can be seen.
    SessionLocked,
    /// The session is unlocked.
    SessionUnlocked,
    /// A lock that was asked for did not take effect.
    LockFailed,
    /// The owner wants to be left alone for so long; policy and a fresh step-up have allowed it.
    Pause(Duration),
    /// The owner is back.
    Resume,
    /// For a while nobody watched: the agent, or the process that watches over it, was killed or frozen.
    WatchLost,
    /// Something around the session began to make a change of person likelier, or, where it fades, did so again.
    CircumstanceBegan(Circumstance),
    /// It no longer does.
    CircumstanceEnded(Circumstance),
    /// An approver's override is in force from now on, or another one in place of the last.
    OverrideBegan(Override),
    /// None is in force any more.
    OverrideEnded,
    /// Something that should protect can't.
    TroubleBegan(Trouble),
    /// It can again.
    TroubleEnded(Trouble),
}

/// What went on while time passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activity {
    /// Keys or pointer were used.
    Input,
    /// Nothing was used, or the machine slept.
    Idle,
    /// An open camera saw nobody.
    NobodySeen,
}

/// A proof of identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// The operating system's password.
    Password,
    /// A one-time code of an authenticator (RFC 6238).
    Totp,
    /// A recovery code, each of which works once.
    RecoveryCode,
    /// A security key that was touched (FIDO2).
    SecurityKey,
    /// A pass-phrase of StillYou's own.
    PassPhrase,
    /// A face that did what it was asked to.
    Face,
    /// An approver's word: it lets work go on, and proves nothing.
    Override,
}

impl Factor {
    /// The name used in policy, records and messages.
    pub fn name(self) -> &'static str {
        match self {
            Factor::Password => "password",
            Factor::Totp => "totp",
            Factor::RecoveryCode => "recovery-code",
            Factor::SecurityKey => "security-key",
            Factor::PassPhrase => "pass-phrase",
            Factor::Face => "face",
            Factor::Override => "override",
        }
    }

    /// The sensor it needs, if any: it is not offered when that modality has just failed.
    pub fn modality(self) -> Option<Modality> {
        match self {
            Factor::Password
            | Factor::Totp
            | Factor::RecoveryCode
            | Factor::SecurityKey
            | Factor::PassPhrase
            | Factor::Override => None,
            Factor::Face => Some(Modality::Face),
        }
    }
}
