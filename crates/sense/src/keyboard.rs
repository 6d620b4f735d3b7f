//! Keyboard observations: press and release events from one [`Source`], paired into [`Keystroke`]s.
//!
//! [`select()`] picks the source for a session, [`Capture`] runs it on its own thread until it is told to stop, an
//! [`Assembler`] pairs what it sends. `inject` plays keystrokes into the system and `timing` uses that to measure how
//! far a source's stamps are off.

mod assembler;
#[cfg(any(windows, target_os = "macos", test))]
mod held;
#[cfg(target_os = "linux")]
pub mod inject;
mod key;
mod keystroke;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(target_os = "macos", test))]
mod macos;
#[cfg(all(feature = "rdev", target_os = "linux"))]
mod rdev;
mod select;
pub mod timing;
#[cfg(any(windows, test))]
pub(crate) mod windows;

pub use crate::source::{DeviceId, Source, SourceError, Stop};
pub use assembler::{Assembler, STUCK_AFTER};
pub use key::Key;
pub use keystroke::{KeyEvent, Keystroke, Transition};
#[cfg(target_os = "linux")]
pub use linux::{EvdevSource, X11Source};
#[cfg(target_os = "macos")]
pub use macos::EventTap;
pub use select::{NoSource, Session, SessionKind, SourceChoice, SourceKind, select};
#[cfg(windows)]
pub use windows::LowLevelHook;

#[cfg(all(feature = "rdev", target_os = "linux"))]
pub use rdev::RdevSource;

/// What a key source reports.
pub type Observation = crate::source::Observation<KeyEvent>;
/// What a running key source is connected to.
pub type Feed = crate::source::Feed<KeyEvent>;
/// A key source running on its own thread.
pub type Capture = crate::source::Capture<KeyEvent>;
