use std::time::Duration;

/// A point on a monotonic clock that does not count suspend, in microseconds since an arbitrary start.
///
/// Only differences mean anything. Key stamps use this clock; trust time is a different one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub u64);

impl Micros {
    /// Time from `earlier` to `self`, zero when `earlier` is later.
    pub fn since(self, earlier: Micros) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// Signed difference `self − earlier` in microseconds.
    pub fn signed_since(self, earlier: Micros) -> i64 {
        self.0 as i64 - earlier.0 as i64
    }
}
