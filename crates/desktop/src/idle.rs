//! How long nobody has used the keyboard or the pointer.

use std::time::Duration;

use crate::{Desktop, Unsupported};

#[cfg(target_os = "linux")]
#[path = "idle/linux.rs"]
mod platform;
#[cfg(target_os = "macos")]
#[path = "idle/macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "idle/windows.rs"]
mod platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "idle/unsupported.rs"]
mod platform;

/// A standing question to whoever counts idle time; ask it as often as needed.
pub struct IdleTime(platform::Source);

impl IdleTime {
    /// Finds who counts: the X server, else logind, whose idle hint is set by the desktop and counts nothing before.
    /// Blocks for a few seconds at most.
    pub fn new(desktop: &Desktop) -> Result<Self, IdleUnknown> {
        platform::Source::find(desktop).map(Self)
    }

    /// Time since the last input; zero while the desktop doesn't call itself idle. An error means that the source is
    /// gone: build a new one.
    pub fn get(&self) -> Result<Duration, IdleUnknown> {
        self.0.get()
    }
}

/// Why idle time can't be told.
#[derive(Debug, thiserror::Error)]
pub enum IdleUnknown {
    /// Nobody counts, or who counted is gone.
    #[error("idle time unknown: {0}")]
    NoSource(String),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}
