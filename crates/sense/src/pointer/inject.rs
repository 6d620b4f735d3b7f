//! Moves the pointer of an X server, in real time: for the demo and for tests. What is done this way is marked as injected.

use super::{Button, PointerEvent, PointerKind};
use crate::Micros;
use crate::keyboard::{
    Transition,
    inject::{InjectError, Xtest, wait_until},
};
use std::ops::ControlFlow;
use x11rb::protocol::xproto::{BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, MOTION_NOTIFY_EVENT};

/// A pointer that moves through XTEST.
#[derive(Debug)]
pub struct XtestPointer(Xtest);

impl XtestPointer {
    /// A pointer on `display` (":0").
    ///
    /// # Errors
    /// When no X server answers there, or it has no XTEST.
    pub fn connect(display: &str) -> Result<Self, InjectError> {
        Xtest::connect(display).map(Self)
    }

    /// Plays `events` in real time, starting now, keeping their distances; their stamps count from any start. A place
    /// outside of the screen becomes the nearest one in it.
    ///
    /// # Errors
    /// When the X server is gone.
    pub fn play(&mut self, events: &[PointerEvent]) -> Result<(), InjectError> {
        self.play_while(events, || ControlFlow::Continue(()))
    }

    /// Like [`XtestPointer::play`], until `go_on` breaks.
    ///
    /// # Errors
    /// As there.
    pub fn play_while(
        &mut self,
        events: &[PointerEvent],
        mut go_on: impl FnMut() -> ControlFlow<()>,
    ) -> Result<(), InjectError> {
        let (begin, Some(first)) = (Micros::now(), events.first()) else { return Ok(()) };
        for event in events {
            wait_until(begin.plus(event.at.since(first.at)));
            self.emit(event.kind)?;
            if go_on().is_break() {
                break;
            }
        }
        self.0.settle()
    }

    fn emit(&self, kind: PointerKind) -> Result<(), InjectError> {
        let place = |v: i32| v.clamp(0, i16::MAX.into()) as i16;
        match kind {
            PointerKind::Move { x, y } => self.0.fake(MOTION_NOTIFY_EVENT, 0, (place(x), place(y))),
            PointerKind::Button { button, transition } => {
                let kind = match transition {
                    Transition::Press => BUTTON_PRESS_EVENT,
                    Transition::Release => BUTTON_RELEASE_EVENT,
                };
                self.0.fake(kind, number(button), (0, 0))
            }
            PointerKind::Wheel { dx, dy } => {
                for (notches, back, on) in [(dy, 4, 5), (dx, 6, 7)] {
                    let button = if notches < 0 { back } else { on };
                    for _ in 0..notches.unsigned_abs() {
                        self.0.fake(BUTTON_PRESS_EVENT, button, (0, 0))?;
                        self.0.fake(BUTTON_RELEASE_EVENT, button, (0, 0))?;
                    }
                }
                Ok(())
            }
        }
    }
}

fn number(button: Button) -> u8 {
    match button {
        Button::Left => 1,
        Button::Middle => 2,
        Button::Right => 3,
        Button::Other => 8,
    }
}
