//! A day in the life of a monitor.

use std::time::Duration;
use stillyou_trust::*;

/// A monitor, and where its day stands.
pub struct Day {
    pub monitor: Monitor,
    pub at: TrustTime,
}

impl Day {
    pub fn begin(policy: Policy) -> Self {
        let at = TrustTime::since_boot(Duration::from_secs(60));
        Self { monitor: Monitor::begin(policy, at, None).0, at }
    }

    /// One that begins with a right password.
    pub fn verified() -> Self {
        let mut day = Self::begin(Policy::default());
        day.then(1, Input::Verified(Factor::Password));
        day
    }

    /// Hands an input over, so many seconds after the last.
    pub fn then(&mut self, seconds: u64, input: Input) -> Vec<Event> {
        self.at = self.at + Duration::from_secs(seconds);
        self.monitor.handle(self.at, input).into_iter().map(|d| d.event).collect()
    }

    /// So many windows that say so, two seconds apart.
    pub fn typed(&mut self, modality: Modality, llr: f64, times: usize) -> Vec<Event> {
        let one = Evidence::new(modality, llr, Quality::FULL, Vec::new()).unwrap();
        (0..times).flat_map(|_| self.then(2, Input::Evidence { evidence: one.clone(), overlap: 0.2 })).collect()
    }

    pub fn state(&self) -> State {
        self.monitor.snapshot().state
    }
}

/// A window of the owner, and one of somebody else, in nats.
pub const OWNER: f64 = 3.0;
pub const STRANGER: f64 = -4.0;

/// Why a step-up was asked for, if one was.
pub fn asked(events: &[Event]) -> Option<StepUpReason> {
    events.iter().find_map(|e| match e {
        Event::StepUpAsked { reason, .. } => Some(*reason),
        _ => None,
    })
}
