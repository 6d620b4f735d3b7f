use crate::{Band, Explanation, LogOdds, Modality, TrustTime};
use crate::{Factor, Trouble};
use serde::{Deserialize, Serialize};

/// Something that was decided, with the state it led to and, where a person may ask why, the reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When, in trust time.
    pub at: TrustTime,
    /// What.
    pub event: Event,
    /// The state after it.
    pub state: State,
    /// `log O` after it.
    pub log_odds: LogOdds,
    /// How `log O` came about. Present for band changes, step-ups and locks.
    pub explanation: Option<Explanation>,
}

/// What was decided, or happened to a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// Monitoring began with a template.
    Begun,
    /// The template is gone: learning again.
    LearningAgain,
    /// The score moved into another band.
    BandChanged {
        /// The band it left.
        from: Band,
        /// The band it is in.
        to: Band,
    },
    /// The person must prove who they are before `deadline`.
    StepUpAsked {
        /// Why.
        reason: StepUpReason,
        /// The modality whose evidence weighed most, if evidence caused it.
        forced_by: Option<Modality>,
        /// When the session locks otherwise.
        deadline: TrustTime,
    },
    /// Somebody proved to be the owner; the belief starts anew.
    Verified {
        /// By what.
        factor: Factor,
    },
    /// An answer was wrong.
    StepUpFailed {
        /// Wrong answers so far in this step-up.
        failures: u32,
    },
    /// A step-up is over.
    StepUpEnded {
        /// How.
        how: StepUpEnd,
    },
    /// The session must be locked now.
    LockAsked {
        /// Why.
        reason: LockReason,
    },
    /// The session is locked.
    Locked {
        /// Whether this monitor asked for it.
        by_score: bool,
    },
    /// The operating system unlocked the session.
    Unlocked,
    /// The owner paused monitoring.
    Paused {
        /// When it goes on.
        until: TrustTime,
    },
    /// Monitoring goes on after a pause.
    Resumed,
    /// A modality forced too many step-ups that its owner passed; it counts for nothing until the next login.
    Muted {
        /// Which.
        modality: Modality,
    },
    /// An approver's override is in force: these modalities count for nothing, the hazard is higher, and step-ups come at
    /// its interval.
    OverrideBegan {
        /// Which.
        set_aside: Vec<Modality>,
    },
    /// It no longer is.
    OverrideEnded,
    /// Something that should protect can't.
    TroubleBegan {
        /// What.
        trouble: Trouble,
    },
    /// It can again.
    TroubleEnded {
        /// What.
        trouble: Trouble,
    },
}

/// Why a step-up is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StepUpReason {
    /// Evidence spoke against the owner.
    Evidence,
    /// Mainly time went by, what circumstances made of it included: counted apart.
    Scheduled,
    /// The session was unlocked after a lock that the score caused, or policy asks at every unlock.
    AfterUnlock,
}

/// How a step-up ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StepUpEnd {
    /// The owner proved it.
    Verified,
    /// The session was locked.
    Locked,
}

/// Why the session is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum LockReason {
    /// The score reached the lock band.
    Score,
    /// Nobody proved who they are within the grace period.
    GraceOver,
    /// Too many wrong answers.
    Failures,
    /// For a while nobody watched.
    WatchLost,
    /// The camera saw that the person has left, and policy locks then, whatever the score.
    Left,
    /// An earlier attempt to lock failed.
    Retry,
}

/// Where monitoring stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// No template yet: no score, nothing asks or locks.
    Learning,
    /// Monitoring, in a band.
    Watching {
        /// Which.
        band: Band,
    },
    /// Waiting for proof; latched until success or lock.
    StepUp {
        /// When the session locks.
        deadline: TrustTime,
        /// Whether the lock has been asked for and is not proven yet.
        locking: bool,
    },
    /// Paused by the owner: nothing is captured, asked or locked.
    Paused {
        /// When monitoring goes on.
        until: TrustTime,
    },
    /// The session is locked.
    Locked {
        /// Whether this monitor asked for it.
        by_score: bool,
    },
}
