use super::event::{TOO_SOON, WRONG_CODE};
use crate::JwsError;
use std::time::Duration;

/// Why a grant is not taken. Nothing changes then but the count of tries.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too many were refused.
    #[error("too many grants were refused: the next may be entered in {} s", .0.as_secs().max(1))]
    TooSoon(Duration),
    /// It is not understood.
    #[error("this is not a grant: {0}")]
    NotAGrant(JwsError),
    /// Signed by nobody that policy knows.
    #[error("{0} is not an approver in policy")]
    UnknownApprover(String),
    /// The signature does not fit.
    #[error("the signature is not {0}'s: the grant was edited, or signed with another key")]
    BadSignature(String),
    /// Given under other rules.
    #[error("it was given under another policy than this device's")]
    OtherPolicy,
    /// For somebody else.
    #[error("it is for {0}")]
    WrongPerson(String),
    /// For another device.
    #[error("it is for the device {0}")]
    WrongDevice(String),
    /// There is no such case here.
    #[error("it is for a case that is not this device's")]
    WrongCase,
    /// The case is not open.
    #[error("its case is closed; another failure needs another case")]
    CaseClosed,
    /// Within other limits than the case's.
    #[error("it is given within the limits {found}; the case stands under {wanted}")]
    WrongProfile {
        /// The grant's.
        found: &'static str,
        /// The case's.
        wanted: &'static str,
    },
    /// For more than what failed.
    #[error("it allows something else than the case asks for: {0}")]
    WrongScope(String),
    /// What is to replace a modality is nothing that policy asks for.
    #[error("policy does not name {0} for a step-up (governance.factors.step_up), so it can't replace anything")]
    NotAFactor(&'static str),
    /// The session is remote, and its case was opened in one that was not.
    #[error("its case was opened in the office, and this session is a remote one; it needs another case")]
    RemoteSession,
    /// Approved by the person themself.
    #[error("nobody approves their own case")]
    SelfApproved,
    /// One approver counted twice.
    #[error("{0} signed it twice")]
    SameApprover(String),
    /// Too few approvers.
    #[error("it has {found} approvers; this case needs {needed}")]
    TooFewApprovers {
        /// How many signed.
        found: u32,
        /// How many must.
        needed: u32,
    },
    /// An approver without the role.
    #[error("{0} has none of the roles that may approve this case")]
    RoleMissing(String),
    /// No channel is named on which the person was known.
    #[error("this case needs an approver who knew the person on a second channel")]
    NoSecondChannel,
    /// Not bound to the network it must be bound to, or on another one.
    #[error("it holds on the network of its case alone")]
    WrongNetwork,
    /// Longer than policy allows.
    #[error("it is for {minutes} minutes; policy allows {longest}")]
    OverLong {
        /// Of the grant.
        minutes: u64,
        /// Of policy.
        longest: u64,
    },
    /// Used before.
    #[error("it was used before; a grant works once")]
    Replayed,
    /// Taken back.
    #[error("it was revoked")]
    Revoked,
    /// This device's clock can't be right.
    #[error("this device's clock was set back since the case was opened")]
    ClockSetBack,
    /// It has not begun.
    #[error("it begins in {0} s")]
    NotYet(u64),
    /// It is over.
    #[error("it is over since {0} s")]
    Expired(u64),
    /// Another is in force.
    #[error("another grant is in force; it must end first")]
    SecondGrant,
    /// As many as a day allows.
    #[error("{0} grants were used in the last 24 hours; policy allows no more")]
    TooMany(u32),
    /// Not by telephone.
    #[error("policy allows no grant by telephone in this case")]
    NoVoice,
    /// Not these digits.
    #[error("the code is wrong, or too old, or was said for something else")]
    WrongCode,
    /// Too many wrong codes.
    #[error("too many wrong codes for this case; it needs a signed grant")]
    VoiceClosed,
    /// Policy has no emergency.
    #[error("policy does not allow to break the glass")]
    NoEmergency,
    /// Nobody proved who they are.
    #[error("breaking the glass needs {needed} of these, proven in the last {seconds} s: {of}")]
    NotProven {
        /// So many different ones.
        needed: u32,
        /// Of these.
        of: String,
        /// In so long.
        seconds: u64,
    },
    /// The last one was not reviewed in time.
    #[error("the last emergency was not reviewed in time; until then there is no other")]
    ReviewOverdue,
}

impl Refused {
    /// Its name in records.
    pub fn name(&self) -> &'static str {
        match self {
            Refused::TooSoon(_) => TOO_SOON,
            Refused::NotAGrant(_) => "not-a-grant",
            Refused::UnknownApprover(_) => "unknown-approver",
            Refused::BadSignature(_) => "bad-signature",
            Refused::OtherPolicy => "other-policy",
            Refused::WrongPerson(_) => "wrong-person",
            Refused::WrongDevice(_) => "wrong-device",
            Refused::WrongCase => "wrong-case",
            Refused::CaseClosed => "case-closed",
            Refused::WrongProfile { .. } => "wrong-profile",
            Refused::WrongScope(_) => "wrong-scope",
            Refused::NotAFactor(_) => "not-a-factor",
            Refused::RemoteSession => "remote-session",
            Refused::SelfApproved => "self-approved",
            Refused::SameApprover(_) => "same-approver",
            Refused::TooFewApprovers { .. } => "too-few-approvers",
            Refused::RoleMissing(_) => "role-missing",
            Refused::NoSecondChannel => "no-second-channel",
            Refused::WrongNetwork => "wrong-network",
            Refused::OverLong { .. } => "over-long",
            Refused::Replayed => "replayed",
            Refused::Revoked => "revoked",
            Refused::ClockSetBack => "clock-set-back",
            Refused::NotYet(_) => "not-yet",
            Refused::Expired(_) => "expired",
            Refused::SecondGrant => "second-grant",
            Refused::TooMany(_) => "too-many",
            Refused::NoVoice => "no-voice",
            Refused::WrongCode => WRONG_CODE,
            Refused::VoiceClosed => "voice-closed",
            Refused::NoEmergency => "no-emergency",
            Refused::NotProven { .. } => "not-proven",
            Refused::ReviewOverdue => "review-overdue",
        }
    }
}
