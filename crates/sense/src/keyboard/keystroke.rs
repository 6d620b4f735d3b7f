use super::Key;
use crate::{Micros, source::DeviceId};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Which way a key moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// The key went down.
    Press,
    /// The key came up.
    Release,
}

/// One raw transition of one key, before pairing. Autorepeat is never reported.
///
/// The key is wiped from memory when this is dropped.
#[derive(Clone, Debug, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct KeyEvent {
    /// Which key.
    pub key: Key,
    /// Down or up.
    #[zeroize(skip)]
    pub transition: Transition,
    /// When it happened.
    #[zeroize(skip)]
    pub at: Micros,
    /// On which keyboard.
    #[zeroize(skip)]
    pub device: DeviceId,
    /// Whether a program made this event (XTEST, uinput, `SendInput`) rather than a hand.
    pub injected: bool,
}

/// One key pressed and released. Autorepeat is not a keystroke.
///
/// The key is wiped from memory when this is dropped.
#[derive(Clone, Debug, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Keystroke {
    /// Which key.
    pub key: Key,
    /// When it went down.
    #[zeroize(skip)]
    pub pressed_at: Micros,
    /// When it came up; never before `pressed_at`.
    #[zeroize(skip)]
    pub released_at: Micros,
    /// Whether a program made it.
    pub injected: bool,
}
