//! The two clocks: trust time counts suspend, key stamps don't.

use std::time::Duration;

use crate::Unsupported;

#[cfg(target_os = "linux")]
#[path = "clock/linux.rs"]
mod platform;
#[cfg(target_os = "macos")]
#[path = "clock/macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "clock/windows.rs"]
mod platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "clock/unsupported.rs"]
mod platform;

/// Proof that this system has both clocks, so that reading them can't fail.
#[derive(Clone, Copy, Debug)]
pub struct Clock(());

impl Clock {
    /// Fails only where no such clock is written for this system yet.
    pub fn new() -> Result<Self, Unsupported> {
        platform::available().map(Clock)
    }

    /// Time since boot, suspend included (`CLOCK_BOOTTIME`, `QueryInterruptTimePrecise`, `mach_continuous_time`): trust
    /// time.
    pub fn boot_time(self) -> Duration {
        platform::boot_time()
    }

    /// Monotonic microseconds without suspend (`CLOCK_MONOTONIC`, `QueryUnbiasedInterruptTimePrecise`,
    /// `mach_absolute_time`): the clock of key stamps.
    pub fn monotonic_micros(self) -> u64 {
        platform::monotonic_micros()
    }
}

/// How long the machine has slept since it booted, as the two clocks tell it.
#[cfg(any(windows, target_os = "macos"))]
pub(crate) fn time_slept(clock: Clock) -> Duration {
    clock.boot_time().saturating_sub(Duration::from_micros(clock.monotonic_micros()))
}

/// A name of this boot: boot times of two boots can't be compared.
pub fn boot_id() -> Result<String, BootIdError> {
    platform::boot_id()
}

/// Why this boot can't be named.
#[derive(Debug, thiserror::Error)]
pub enum BootIdError {
    /// The system's boot id can't be read.
    #[error("{path}: {source}")]
    Read {
        /// The file that holds it.
        path: &'static str,
        /// What went wrong.
        source: std::io::Error,
    },
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

#[cfg(all(test, any(target_os = "linux", target_os = "macos", windows)))]
mod tests {
    use super::*;

    #[test]
    fn clocks_run_forward_and_agree_on_short_spans() {
        let clock = Clock::new().unwrap();
        let (boot, mono) = (clock.boot_time(), clock.monotonic_micros());
        let (boot_after, mono_after) = (clock.boot_time(), clock.monotonic_micros());
        assert!(boot_after >= boot && mono_after >= mono);
        // Suspend makes boot time the larger of the two, never the smaller.
        assert!(boot_after >= Duration::from_micros(mono));
    }

    #[cfg(not(windows))]
    #[test]
    fn the_boot_has_one_name() {
        let id = boot_id().unwrap();
        assert_eq!(id.len(), 36);
        assert_eq!(id, boot_id().unwrap());
    }
}
