use super::{InjectError, pace};
use crate::keyboard::{Key, Keystroke, Transition};
use evdev::{AttributeSet, EventType, InputEvent, KeyCode, uinput::VirtualDevice};
use std::ops::ControlFlow;

/// The highest evdev code of a keyboard's main block.
const MOST: u16 = 0xff;

/// A virtual keyboard of the kernel, made through uinput; it is unplugged when dropped.
pub struct UinputKeyboard(VirtualDevice);

impl UinputKeyboard {
    /// Plugs in a keyboard of this name.
    ///
    /// # Errors
    /// When `/dev/uinput` is missing or may not be used.
    pub fn create(name: &str) -> Result<Self, InjectError> {
        let failed = |e: std::io::Error| InjectError::Uinput(e.to_string());
        let keys: AttributeSet<KeyCode> = (1..=MOST).map(KeyCode).collect();
        let builder = VirtualDevice::builder().map_err(failed)?.name(name).with_keys(&keys).map_err(failed)?;
        builder.build().map(Self).map_err(failed)
    }

    /// Types `keystrokes` in real time, as [`super::XtestTypist::type_keystrokes`] does.
    ///
    /// # Errors
    /// When the kernel refuses, or a keystroke can't be typed (nothing is then).
    pub fn type_keystrokes(
        &mut self,
        keystrokes: &[Keystroke],
        mut on_key: impl FnMut(usize),
    ) -> Result<(), InjectError> {
        pace::play(
            keystrokes,
            MOST,
            |key, transition| self.emit(key, transition),
            |index| {
                on_key(index);
                ControlFlow::Continue(())
            },
        )
    }

    pub(in crate::keyboard) fn emit(&mut self, key: Key, transition: Transition) -> Result<(), InjectError> {
        let value = i32::from(transition == Transition::Press);
        let event = InputEvent::new(EventType::KEY.0, key.evdev(), value);
        self.0.emit(&[event]).map_err(|e| InjectError::Uinput(e.to_string()))
    }
}
