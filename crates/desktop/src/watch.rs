//! Watches the desktop: locked or not, going to sleep or waking, what is around it. Losing a bus or the display is survived, and said.

use crossbeam_channel::Sender;

use crate::{
    Desktop, Unsupported,
    lock::StartedLocker,
    lock_state::LockStateChanged,
    surroundings::{Surrounding, SurroundingSource},
};

#[cfg(target_os = "linux")]
#[path = "watch/linux.rs"]
mod platform;
#[cfg(target_os = "macos")]
#[path = "watch/macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "watch/windows.rs"]
mod platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "watch/unsupported.rs"]
mod platform;
#[cfg(any(windows, target_os = "macos", test))]
#[path = "watch/system.rs"]
mod system;

/// What happened to the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DesktopEvent {
    /// The session was locked, unlocked, or can't be told to be either.
    Lock(LockStateChanged),
    /// The machine is about to sleep.
    Suspending,
    /// The machine woke.
    Resumed,
    /// Something around the session, when it is first seen and at every change.
    Around(Surrounding),
    /// Nothing more is seen there until the next [`DesktopEvent::Around`] from it; why. What it told last may have changed.
    NotSeen(SurroundingSource, String),
}

/// A running watch; dropping it ends it.
pub struct DesktopWatch {
    _stop: Sender<()>,
}

impl DesktopWatch {
    /// Starts to watch. Until the first event the lock state is unknown and must be taken for locked: the first one
    /// comes within seconds. `started` is [`crate::lock::Locker::started`] of the locker in use.
    pub fn start(desktop: &Desktop, started: StartedLocker, events: Sender<DesktopEvent>) -> Result<Self, WatchFailed> {
        platform::start(desktop, started, events).map(|stop| Self { _stop: stop })
    }
}

/// Why the desktop can't be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchFailed {
    /// The system gives no more threads.
    #[error("the watch could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}
