use crate::{Band, Modality, TrustTime};
use std::time::Duration;

/// What a monitor is at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Phase {
    Learning,
    Watching { band: Band },
    StepUp(StepUp),
    Paused { until: TrustTime, band: Band },
    Locked { by_score: bool, interrupted: Option<Interrupted> },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StepUp {
    pub deadline: TrustTime,
    pub forced_by: Option<Modality>,
    pub failures: u32,
    /// When the lock was last asked for.
    pub locking: Option<TrustTime>,
}

/// A step-up that somebody else's lock broke off: it goes on after the unlock with what was left, so that locking and
/// unlocking buys no time and no tries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interrupted {
    pub left: Duration,
    pub failures: u32,
}
