use serde::{Deserialize, Serialize};
use stillyou_trust::TrustTime;

/// How far apart two clocks that nobody touched may be, in seconds.
pub(crate) const SLACK_S: u64 = 120;

/// Now, by two clocks: the wall clock, which a person can set, and trust time, which runs on through suspend and begins anew
/// with each boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Seconds since 1970, UTC.
    pub wall_s: u64,
    /// Time since boot.
    pub up: TrustTime,
    /// A number that differs from boot to boot.
    pub boot: u64,
}

impl Moment {
    /// What the wall clock must show at `later` at least, if nobody set it back: trust time tells within one boot, and
    /// across boots only that it can't be earlier.
    pub fn least_wall_s(&self, later: &Moment) -> u64 {
        let passed = if self.boot == later.boot { later.up.since(self.up).as_secs() } else { 0 };
        self.wall_s.saturating_add(passed)
    }

    /// Seconds from here to `later`: by trust time within one boot, which nobody can set; across boots by the wall clock.
    pub fn seconds_to(&self, later: &Moment) -> u64 {
        match self.boot == later.boot {
            true => later.up.since(self.up).as_secs(),
            false => later.wall_s.saturating_sub(self.wall_s),
        }
    }

    /// Whether the wall clock was set back between here and `later`, by more than [slack](SLACK_S).
    pub fn was_set_back(&self, later: &Moment) -> bool {
        later.wall_s.saturating_add(SLACK_S) < self.least_wall_s(later)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn moment(wall_s: u64, up_s: u64, boot: u64) -> Moment {
        Moment { wall_s, up: TrustTime::since_boot(Duration::from_secs(up_s)), boot }
    }

    #[test]
    fn a_clock_set_back_is_seen_within_a_boot_and_across_boots() {
        let before = moment(10_000, 50, 1);
        assert!(!before.was_set_back(&moment(10_600, 650, 1)));
        assert!(before.was_set_back(&moment(10_400, 650, 1)), "ten minutes passed, six of them on the wall clock");
        assert!(!before.was_set_back(&moment(10_000, 10, 2)));
        assert!(before.was_set_back(&moment(9_800, 10, 2)));
        assert!(!before.was_set_back(&moment(9_900, 10, 2)), "two minutes are nobody's doing");
    }
}
