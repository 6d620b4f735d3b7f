use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A point in trust time: how long the machine has been up, suspend included (boot time), to the microsecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct TrustTime(#[cfg_attr(feature = "typescript", ts(type = "{ secs: number, nanos: number }"))] Duration);

impl TrustTime {
    /// The point that lies `since_boot` after boot.
    pub fn since_boot(since_boot: Duration) -> Self {
        Self(since_boot)
    }

    /// Time since boot.
    pub fn as_duration(self) -> Duration {
        self.0
    }

    /// Time from `earlier` to `self`; zero when `earlier` is later.
    pub fn since(self, earlier: TrustTime) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::ops::Add<Duration> for TrustTime {
    type Output = TrustTime;
    fn add(self, d: Duration) -> TrustTime {
        TrustTime(self.0.saturating_add(d))
    }
}
