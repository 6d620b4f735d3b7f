//! Where events come from: a [`Source`] of keys or of the pointer, run by [`Capture`] on a thread of its own.

mod capture;
mod feed;
mod stop;

pub use capture::Capture;
pub use feed::Feed;
pub use stop::Stop;

use std::path::PathBuf;
use thiserror::Error;

/// One way of listening to every keyboard, or every pointer, of the session.
///
/// Contract of `run`: each press and each release comes once, autorepeat never; everything the source opened is closed
/// when it returns; it may be called again after it returned.
pub trait Source: Send {
    /// What it listens to: [`KeyEvent`](crate::keyboard::KeyEvent) or [`PointerEvent`](crate::pointer::PointerEvent).
    type Event: Send + 'static;

    /// The source's name in messages: `x11`, `evdev`, `rdev` or `system`, a pointer's with `pointer-` before it.
    fn name(&self) -> &'static str;

    /// Captures until the feed's stop is requested, then returns `Ok`. Sends [`Observation::DeviceAdded`] for every
    /// device there is, then [`Observation::Ready`], then what happens.
    ///
    /// # Errors
    /// When capture can't start or can't go on, or nobody receives. It does not send [`Observation::Lost`] and does
    /// not try again: [`Capture`] does.
    fn run(&mut self, feed: &Feed<Self::Event>) -> Result<(), SourceError>;
}

/// The device an event came from; stable while it stays plugged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceId(pub u32);

/// What a source reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation<E> {
    /// A key went down or up; the pointer, a button or the wheel moved.
    Event(E),
    /// A device is there.
    DeviceAdded {
        /// Which one.
        device: DeviceId,
        /// What the device calls itself.
        name: String,
        /// Whether a program made it (XTEST, uinput): what comes from it is injected.
        injected: bool,
        /// Whether it was there when capture started, rather than plugged in later.
        initial: bool,
    },
    /// A device is gone; what was down on it will not come up.
    DeviceRemoved {
        /// Which one.
        device: DeviceId,
    },
    /// The system dropped events of a device; what was down on it may have come up unseen.
    EventsLost {
        /// Which one.
        device: DeviceId,
    },
    /// Capture works: at the start, and again after a loss.
    Ready,
    /// Capture ended by itself: nothing is seen until the next [`Observation::Ready`].
    Lost(SourceError),
}

/// Why a source can't capture.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SourceError {
    /// No X server answers.
    #[error("the X server on display {display:?} can't be reached: {reason}")]
    DisplayUnreachable {
        /// The display.
        display: String,
        /// What went wrong.
        reason: String,
    },
    /// The X server went away while capturing.
    #[error("the X server on display {display:?} is gone ({reason}); input is not seen until it is back")]
    DisplayGone {
        /// The display.
        display: String,
        /// What went wrong.
        reason: String,
    },
    /// The X server can't do what is needed.
    #[error("the X server on display {display:?} lacks {lacks}, without which it does not show all input")]
    DisplayTooOld {
        /// The display.
        display: String,
        /// What it lacks.
        lacks: &'static str,
    },
    /// The X server is Xwayland, which sees only what is meant for X programs.
    #[error("display {display:?} is Xwayland, which sees only input to X programs; use the evdev source")]
    Xwayland {
        /// The display.
        display: String,
    },
    /// The folder of input devices can't be watched.
    #[error("the folder of input devices {} can't be read: {reason}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// A device may not be read by this user.
    #[error("the input device {} may not be read by this user", path.display())]
    Unreadable {
        /// Its node.
        path: PathBuf,
    },
    /// `rdev` failed.
    #[error("rdev can't listen: {0}")]
    Rdev(String),
    /// The operating system refused something that always works.
    #[error("{what} failed: {reason}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// Nobody receives the observations.
    #[error("nobody receives the observations any more")]
    SinkClosed,
}
