use serde::{Deserialize, Serialize};
use stillyou_trust::Modality;
use stillyou_trust::policy::ProfilePolicy;

/// What makes up for the missing proof while a grant is in force. The score goes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Controls {
    /// A step-up by factor at least so often, in minutes.
    pub reverify_minutes: u64,
    /// What the hazard is multiplied by, 1 or more.
    pub hazard_factor: f64,
    /// Camera audits an hour.
    pub audits_per_hour: u32,
}

impl Controls {
    /// Those of a profile; no audits by a camera that is what failed.
    pub fn of(limits: &ProfilePolicy, failed: Option<Modality>) -> Self {
        Self {
            reverify_minutes: limits.reverify_minutes,
            hazard_factor: limits.hazard_factor,
            audits_per_hour: if failed == Some(Modality::Face) { 0 } else { limits.audits_per_hour },
        }
    }

    /// The stricter of two, control by control.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            reverify_minutes: self.reverify_minutes.min(other.reverify_minutes),
            hazard_factor: self.hazard_factor.max(other.hazard_factor),
            audits_per_hour: self.audits_per_hour.max(other.audits_per_hour),
        }
    }
}
