use std::time::Duration;

#[cfg(target_os = "macos")]
#[path = "time/macos.rs"]
mod platform;
#[cfg(not(any(unix, windows)))]
#[path = "time/unsupported.rs"]
mod platform;
#[cfg(all(unix, not(target_os = "macos")))]
#[path = "time/unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "time/windows.rs"]
mod platform;

/// A point on a monotonic clock that does not count suspend, in microseconds since an arbitrary start.
///
/// Only differences mean anything. Key stamps use this clock; trust time is a different one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(pub u64);

impl Micros {
    /// The clock's reading now, the one that key stamps are taken from: `CLOCK_MONOTONIC` on Linux, unbiased interrupt
    /// time on Windows, `CLOCK_UPTIME_RAW` on macOS.
    ///
    /// For the edges of the system only (capture, the agent's loop): what judges time gets it as a parameter.
    pub fn now() -> Self {
        Micros(platform::micros())
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
