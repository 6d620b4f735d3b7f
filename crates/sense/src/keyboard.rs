//! Keyboard observations: press and release events from one [`KeySource`], paired into [`Keystroke`]s.

mod key;
mod keystroke;

pub use key::Key;
pub use keystroke::{DeviceId, KeyEvent, Keystroke, Transition};
