//! A notice on the desktop, for what the person must know.

use crate::{Desktop, Unsupported};

#[cfg(target_os = "linux")]
#[path = "notify/linux.rs"]
mod platform;
#[cfg(target_os = "macos")]
#[path = "notify/macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "notify/windows.rs"]
mod platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "notify/unsupported.rs"]
mod platform;

/// How much a notice presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Goes away by itself.
    Normal,
    /// Stays until it is dismissed, and shows over full-screen windows where the desktop does that.
    Critical,
}

/// A short message in plain text; no part of it is read as markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// One line.
    pub summary: String,
    /// What to do about it; may be empty.
    pub body: String,
    /// How much it presses.
    pub urgency: Urgency,
}

/// Shows the notice and gives the desktop's number for it. Best effort: a desktop may have nobody who shows notices.
/// Blocks for a few seconds at most.
pub fn notify(desktop: &Desktop, notice: &Notice) -> Result<u32, NotShown> {
    platform::notify(desktop, notice)
}

/// Why a notice wasn't shown.
#[derive(Debug, thiserror::Error)]
pub enum NotShown {
    /// Nobody here shows notices.
    #[error("the notice wasn't shown: {0}")]
    NoServer(String),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}
