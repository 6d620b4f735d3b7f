use serde::{Deserialize, Serialize};
use stillyou_trust::Event;

/// A recorded decision that [`Request::Explain`](super::Request::Explain) can explain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PastDecision {
    /// Its number in the ledger.
    pub entry: u64,
    /// Milliseconds since 1970-01-01 UTC, by the machine's clock then.
    pub unix_ms: i64,
    /// What was decided.
    pub event: Event,
    /// The score after it, 0 to 100.
    pub score: f64,
}

/// What was so from a point in time on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Milliseconds since 1970-01-01 UTC, by the machine's clock then.
    pub unix_ms: i64,
    /// What.
    pub state: MomentState,
}

/// A state as whoever sits there may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum MomentState {
    /// It looks like the owner.
    Verified,
    /// It may not be.
    Watch,
    /// Proof was asked for.
    StepUp,
    /// Nobody was enrolled.
    Learning,
    /// The owner paused.
    Paused,
    /// The session was locked.
    Locked,
    /// No agent ran.
    Off,
}
