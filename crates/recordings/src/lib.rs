//! Recorded and generated typing: people, their sessions, and the [`Keystroke`](stillyou_sense::keyboard::Keystroke)s
//! of each.
//!
//! [`discover`] finds the sets below a path, [`Source::load`] reads one of them, [`Share`] says which part of an
//! experiment a person belongs to, [`keys`] translates between key names, JavaScript key codes, characters and
//! physical keys.

mod error;
pub mod keys;
mod read;
mod set;
mod share;
pub mod typist;

pub use error::RecordingError;
pub use read::{Source, discover};
pub use set::{Person, Session, Set, Text};
pub use share::Share;
