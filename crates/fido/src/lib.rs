//! Talks to security keys over USB (CTAP 2), for the command line and the app. The agent never does: it makes challenges and
//! checks answers, so that a hostile or hanging device can hurt only the program that was told to use it, and a key's PIN goes
//! nowhere else.
//!
//! Whatever a key does, a call ends: each runs on a thread of its own and is given up after [`PATIENCE`].

mod error;
#[cfg(not(windows))]
mod key;
#[cfg(not(windows))]
mod patience;
#[cfg(windows)]
mod windows;

pub use error::FidoError;
#[cfg(not(windows))]
pub use key::Key;
#[cfg(windows)]
pub use windows::Key;

use std::time::Duration;

/// The longest that a key may take. Keys themselves wait about 30 s for a touch.
pub const PATIENCE: Duration = Duration::from_secs(60);
