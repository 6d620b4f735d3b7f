use crate::{Micros, keyboard::Transition};

/// One movement of the pointer, of a button or of the wheel.
///
/// Where somebody points tells what they look at: like a key, a position is never stored, logged or sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PointerEvent {
    /// When it happened.
    pub at: Micros,
    /// What moved.
    pub kind: PointerKind,
    /// Whether a program made this event (XTEST, uinput, `SendInput`) rather than a hand.
    pub injected: bool,
}

/// What moved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PointerKind {
    /// The pointer, to a place in screen pixels; sources that don't know the screen sum up the device's own counts.
    Move {
        /// To the right.
        x: i32,
        /// Downwards.
        y: i32,
    },
    /// A button.
    Button {
        /// Which.
        button: Button,
        /// Down or up.
        transition: Transition,
    },
    /// The wheel, by notches.
    Wheel {
        /// To the right.
        dx: i32,
        /// Downwards: towards the hand.
        dy: i32,
    },
}

/// A button of a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Button {
    /// The first one, the left one for most people.
    Left,
    /// The one for menus.
    Right,
    /// The wheel pressed.
    Middle,
    /// Any other.
    Other,
}

impl std::fmt::Debug for PointerEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PointerEvent({:?}, at {} us)", self.kind, self.at.0)
    }
}

/// Tells the kind, never the place.
impl std::fmt::Debug for PointerKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PointerKind::Move { .. } => f.write_str("Move(hidden)"),
            PointerKind::Button { button, transition } => write!(f, "Button({button:?}, {transition:?})"),
            PointerKind::Wheel { .. } => f.write_str("Wheel(hidden)"),
        }
    }
}
