use super::{DeviceId, Feed, KeyEvent};
use std::path::PathBuf;
use thiserror::Error;

/// Where key events come from: one way of listening to every keyboard of the session.
///
/// Contract of `run`: each press and each release comes once, autorepeat never; everything the source opened is closed
/// when it returns; it may be called again after it returned.
pub trait KeySource: Send {
    /// The source's name in messages: `x11`, `evdev`, `rdev` or `system`.
    fn name(&self) -> &'static str;

    /// Captures until the feed's stop is requested, then returns `Ok`. Sends [`Observation::DeviceAdded`] for every
    /// keyboard there is, then [`Observation::Ready`], then what happens.
    ///
    /// # Errors
    /// When capture can't start or can't go on, or nobody receives. It does not send [`Observation::Lost`] and does
    /// not try again: [`super::Capture`] does.
    fn run(&mut self, feed: &Feed) -> Result<(), SourceError>;
}

/// What a key source reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Observation {
    /// A key went down or up.
    Key(KeyEvent),
    /// A keyboard is there.
    DeviceAdded {
        /// Which keyboard.
        device: DeviceId,
        /// What the device calls itself.
        name: String,
        /// Whether a program made it (XTEST, uinput): what comes from it is injected.
        injected: bool,
        /// Whether it was there when capture started, rather than plugged in later.
        initial: bool,
    },
    /// A keyboard is gone; keys that were down on it will not come up.
    DeviceRemoved {
        /// Which keyboard.
        device: DeviceId,
    },
    /// The system dropped events of a keyboard; keys that were down on it may have come up unseen.
    EventsLost {
        /// Which keyboard.
        device: DeviceId,
    },
    /// Capture works: at the start, and again after a loss.
    Ready,
    /// Capture ended by itself: no key is seen until the next [`Observation::Ready`].
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
    #[error("the X server on display {display:?} is gone ({reason}); keys are not seen until it is back")]
    DisplayGone {
        /// The display.
        display: String,
        /// What went wrong.
        reason: String,
    },
    /// The X server can't do what is needed.
    #[error("the X server on display {display:?} lacks {lacks}, without which it does not show every key")]
    DisplayTooOld {
        /// The display.
        display: String,
        /// What it lacks.
        lacks: &'static str,
    },
    /// The X server is Xwayland, which sees only keys meant for X programs.
    #[error("display {display:?} is Xwayland, which sees only the keys typed into X programs; use the evdev source")]
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
    /// A keyboard may not be read by this user.
    #[error("the keyboard {} may not be read by this user", path.display())]
    Unreadable {
        /// The keyboard's device node.
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
