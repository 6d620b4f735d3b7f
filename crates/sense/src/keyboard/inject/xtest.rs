use super::{InjectError, pace};
use crate::keyboard::{Key, Keystroke, Transition};
use std::ops::ControlFlow;
use x11rb::{
    connection::{Connection, RequestConnection},
    protocol::{
        xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT},
        xtest::{self, ConnectionExt as _},
    },
    rust_connection::RustConnection,
};

/// The highest evdev code an X server can take: its key codes end at 255 and are 8 higher.
const MOST: u16 = 247;

/// Types on an X server through XTEST.
#[derive(Debug)]
pub struct XtestTypist(Xtest);

impl XtestTypist {
    /// A typist on `display` (":0").
    ///
    /// # Errors
    /// When no X server answers there, or it has no XTEST.
    pub fn connect(display: &str) -> Result<Self, InjectError> {
        Xtest::connect(display).map(Self)
    }

    /// Types `keystrokes` in real time, starting now, keeping their distances and overlaps (to about 0.1 ms on an
    /// idle machine); their stamps count from any start. `on_key` gets each one's index right after its press.
    ///
    /// # Errors
    /// When the X server is gone, or a keystroke can't be typed (nothing is then).
    pub fn type_keystrokes(
        &mut self,
        keystrokes: &[Keystroke],
        mut on_key: impl FnMut(usize),
    ) -> Result<(), InjectError> {
        self.type_while(keystrokes, |index| {
            on_key(index);
            ControlFlow::Continue(())
        })
    }

    /// Like [`XtestTypist::type_keystrokes`], until `on_key` breaks: keys that are down then come up at once.
    ///
    /// # Errors
    /// As there.
    pub fn type_while(
        &mut self,
        keystrokes: &[Keystroke],
        on_key: impl FnMut(usize) -> ControlFlow<()>,
    ) -> Result<(), InjectError> {
        pace::play(keystrokes, MOST, |key, transition| self.emit(key, transition), on_key)?;
        self.0.settle()
    }

    pub(in crate::keyboard) fn emit(&self, key: Key, transition: Transition) -> Result<(), InjectError> {
        let kind = match transition {
            Transition::Press => KEY_PRESS_EVENT,
            Transition::Release => KEY_RELEASE_EVENT,
        };
        self.0.fake(kind, u8::try_from(key.evdev().saturating_add(8)).unwrap_or(u8::MAX), (0, 0))
    }
}

/// A connection to an X server that fakes input.
#[derive(Debug)]
pub(crate) struct Xtest {
    display: String,
    connection: RustConnection,
    root: u32,
}

impl Xtest {
    pub(crate) fn connect(display: &str) -> Result<Self, InjectError> {
        let failed = |reason: String| InjectError::Display { display: display.into(), reason };
        let (connection, screen) = RustConnection::connect(Some(display)).map_err(|e| failed(e.to_string()))?;
        let xtest = connection.extension_information(xtest::X11_EXTENSION_NAME).map_err(|e| failed(e.to_string()))?;
        xtest.ok_or_else(|| failed("the X server has no XTEST extension".into()))?;
        let root = connection.setup().roots[screen].root;
        Ok(Self { display: display.into(), connection, root })
    }

    /// One event of the core protocol: its type, a key code or button, and the place of a motion.
    pub(crate) fn fake(&self, kind: u8, detail: u8, place: (i16, i16)) -> Result<(), InjectError> {
        let now = x11rb::CURRENT_TIME;
        let sent = self.connection.xtest_fake_input(kind, detail, now, self.root, place.0, place.1, 0);
        sent.map_err(|e| self.gone(e))?.ignore_error();
        self.connection.flush().map_err(|e| self.gone(e))
    }

    /// Waits until the server has handled everything before this.
    pub(crate) fn settle(&self) -> Result<(), InjectError> {
        let answered = self.connection.get_input_focus().map_err(|e| self.gone(e))?;
        answered.reply().map(drop).map_err(|e| self.gone(e))
    }

    fn gone(&self, e: impl Into<x11rb::errors::ReplyError>) -> InjectError {
        let reason = match e.into() {
            x11rb::errors::ReplyError::ConnectionError(e) => e.to_string(),
            // Only the kind: an X error quotes the request, and nothing of a key belongs in a message.
            x11rb::errors::ReplyError::X11Error(e) => format!("it refused a request ({:?})", e.error_kind),
        };
        InjectError::Display { display: self.display.clone(), reason }
    }
}
