//! Types keystrokes into the system, in real time: for the demo, for tests and for measuring a source's time stamps.
//! What is typed this way is marked as injected by every source that can tell.

mod pace;
mod uinput;
mod xtest;

pub(crate) use pace::wait_until;
pub use uinput::UinputKeyboard;
pub(crate) use xtest::Xtest;
pub use xtest::XtestTypist;

use thiserror::Error;

/// Why keystrokes can't be typed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InjectError {
    /// The X server is not there or has no XTEST.
    #[error("can't type on display {display:?}: {reason}")]
    Display {
        /// The display.
        display: String,
        /// What went wrong.
        reason: String,
    },
    /// No virtual keyboard can be made or used.
    #[error("can't type through /dev/uinput: {0} (it needs the kernel module uinput and usually root)")]
    Uinput(String),
    /// A key that can't be typed this way.
    #[error("keystroke {index} has a key code beyond {most}, which can't be typed here")]
    Key {
        /// Which keystroke of the list, from 0.
        index: usize,
        /// The highest evdev code that can.
        most: u16,
    },
    /// A keystroke that ends before it begins.
    #[error("keystroke {index} is released before it is pressed")]
    Order {
        /// Which keystroke of the list, from 0.
        index: usize,
    },
}
