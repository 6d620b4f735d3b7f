//! Keyboard observations: press and release events from one [`KeySource`], paired into [`Keystroke`]s.
//!
//! [`select()`] picks the source for a session, [`Capture`] runs it on its own thread until it is told to stop, an
//! [`Assembler`] pairs what it sends. `inject` plays keystrokes into the system and `timing` uses that to measure how
//! far a source's stamps are off.

mod assembler;
mod capture;
mod feed;
#[cfg(any(windows, target_os = "macos", test))]
mod held;
#[cfg(target_os = "linux")]
pub mod inject;
mod key;
mod keystroke;
#[cfg(target_os = "linux")]
pub(crate) mod linux;
#[cfg(any(target_os = "macos", test))]
mod macos;
#[cfg(all(feature = "rdev", target_os = "linux"))]
mod rdev;
mod select;
mod source;
mod stop;
pub mod timing;
#[cfg(any(windows, test))]
mod windows;

pub use assembler::{Assembler, STUCK_AFTER};
pub use capture::Capture;
pub use feed::Feed;
pub use key::Key;
pub use keystroke::{DeviceId, KeyEvent, Keystroke, Transition};
#[cfg(target_os = "linux")]
pub use linux::{EvdevSource, X11Source};
#[cfg(target_os = "macos")]
pub use macos::EventTap;
pub use select::{NoSource, Session, SessionKind, SourceChoice, SourceKind, select};
pub use source::{KeySource, Observation, SourceError};
pub use stop::Stop;
#[cfg(windows)]
pub use windows::LowLevelHook;

#[cfg(all(feature = "rdev", target_os = "linux"))]
pub use rdev::RdevSource;
