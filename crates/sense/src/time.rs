use std::time::Duration;

/// A point on a monotonic clock that does not count suspend, in microseconds since an arbitrary start.
///
/// Only differences mean anything. Key stamps use this clock; trust time is a different one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub u64);

impl Micros {
    /// The clock's reading now: `CLOCK_MONOTONIC` on Unix, the clock that key stamps are taken from.
    ///
    /// For the edges of the system only (capture, the agent's loop): what judges time gets it as a parameter.
    pub fn now() -> Self {
        now()
    }

    /// This point moved by `by`, as far as the range goes.
    pub fn plus(self, by: Duration) -> Self {
        Micros(self.0.saturating_add(u64::try_from(by.as_micros()).unwrap_or(u64::MAX)))
    }

    /// Time from `earlier` to `self`, zero when `earlier` is later.
    pub fn since(self, earlier: Micros) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// Signed difference `self − earlier` in microseconds.
    pub fn signed_since(self, earlier: Micros) -> i64 {
        self.0 as i64 - earlier.0 as i64
    }
}

#[cfg(unix)]
fn now() -> Micros {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Micros(t.tv_sec as u64 * 1_000_000 + t.tv_nsec as u64 / 1_000)
}

#[cfg(not(unix))]
fn now() -> Micros {
    use std::{sync::OnceLock, time::Instant};
    static START: OnceLock<Instant> = OnceLock::new();
    Micros(0).plus(START.get_or_init(Instant::now).elapsed())
}
