//! Pointer observations: moves, buttons and the wheel, as they come.
//!
//! [`select()`] picks the source for a session, [`Capture`] runs it on its own thread until it is told to stop. Moves come at
//! most every [`PACE`]. On X11, Windows and macOS they are places in screen pixels, after the system's acceleration; the
//! kernel's event devices (Wayland, console) give raw counts, summed up. `inject` plays events into an X server.

mod event;
#[cfg(target_os = "linux")]
pub mod inject;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod pace;
mod select;
#[cfg(windows)]
mod windows;

pub use event::{Button, PointerEvent, PointerKind};
pub use pace::PACE;
pub use select::{NoPointer, select};

#[cfg(target_os = "linux")]
pub use linux::{EvdevPointer, X11Pointer};
#[cfg(target_os = "macos")]
pub use macos::PointerTap;
#[cfg(windows)]
pub use windows::PointerHook;

/// What a pointer source reports.
pub type Observation = crate::source::Observation<PointerEvent>;
/// What a running pointer source is connected to.
pub type Feed = crate::source::Feed<PointerEvent>;
/// A pointer source running on its own thread.
pub type Capture = crate::source::Capture<PointerEvent>;
