//! Recorded and generated typing: people, their sessions, and the [`Keystroke`](stillyou_sense::keyboard::Keystroke)s
//! of each.
//!
//! [`discover`] finds the sets below a path, [`Source::load`] reads one of them, [`Share`] says which part of an
//! experiment a person belongs to, [`keys`] translates between key names, JavaScript key codes, characters and
//! physical keys. [`pointer`] has the same for pointers.

mod error;
pub mod keys;
pub mod pointer;
pub mod portrait;
mod read;
mod set;
mod share;
pub mod typist;

pub use error::RecordingError;
pub use read::{Source, discover};
pub use set::{Person, Session, Set, Text};
pub use share::Share;
pub use typist::draw::normal;
