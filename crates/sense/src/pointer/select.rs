use super::PointerEvent;
use crate::keyboard::Session;
use crate::source::{Source, SourceError};
use thiserror::Error;

#[cfg(target_os = "linux")]
use super::linux as platform;
#[cfg(target_os = "macos")]
use super::macos as platform;
#[cfg(windows)]
use super::windows as platform;

/// Why no source sees the pointer of the session.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NoPointer {
    /// A source can't start.
    #[error("the pointer can't be seen: {0}")]
    Failed(#[from] SourceError),
    /// The person hasn't allowed it.
    #[error(
        "macOS doesn't let StillYou see the pointer: allow it in System Settings, Privacy & Security, Input Monitoring"
    )]
    NotAllowed,
    /// No source exists for this operating system.
    #[error("StillYou can't see the pointer on this operating system")]
    Unsupported,
}

/// The source that sees the pointer wherever it moves in the session, tried but not started: XInput2 on X11 (the kernel's
/// devices where that fails), the kernel's devices on Wayland and the console, the system's own on Windows and macOS.
///
/// # Errors
/// When there is none.
pub fn select(session: &Session) -> Result<Box<dyn Source<Event = PointerEvent>>, NoPointer> {
    platform::select(session)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod platform {
    use super::{NoPointer, PointerEvent, Session, Source};

    pub(super) fn select(_: &Session) -> Result<Box<dyn Source<Event = PointerEvent>>, NoPointer> {
        Err(NoPointer::Unsupported)
    }
}
