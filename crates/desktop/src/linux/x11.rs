use std::time::Duration;

use x11rb::{
    CURRENT_TIME, NONE,
    connection::Connection,
    protocol::{
        screensaver,
        xproto::{ConnectionExt as _, CreateWindowAux, GrabMode, GrabStatus, Window, WindowClass},
    },
    rust_connection::RustConnection,
};

const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// A view of one X server: who holds the keyboard, and since when nobody used it.
pub(crate) struct XView {
    x: RustConnection,
    display: String,
    root: Window,
    probe: Window,
}

/// Why the X server can't be asked.
#[derive(Clone, Debug, thiserror::Error)]
#[error("X display {display}: {why}")]
pub(crate) struct XError {
    display: String,
    why: String,
}

impl XView {
    pub(crate) fn connect(display: &str) -> Result<Self, XError> {
        let name = display.to_owned();
        super::within(CONNECT_LIMIT, move || Self::open(&name).map_err(|why| XError { display: name, why }))
            .unwrap_or_else(|| Err(XError { display: display.into(), why: "it doesn't answer".into() }))
    }

    /// Whether another program holds the keyboard, as every locker on X11 does.
    ///
    /// The window that asks is never mapped: a server that finds the keyboard free then answers "not viewable", and
    /// one that finds it taken answers so first. So the question itself never takes the keyboard, and no window sees
    /// a change of focus.
    pub(crate) fn keyboard_held(&self) -> Result<bool, XError> {
        let ask = || -> Result<GrabStatus, x11rb::errors::ReplyError> {
            let (x, window) = (&self.x, self.probe);
            let cookie = x.grab_keyboard(false, window, CURRENT_TIME, GrabMode::ASYNC, GrabMode::ASYNC)?;
            // Costs nothing when nothing was grabbed, and gives it back at once on a server that grants it anyway.
            x.ungrab_keyboard(CURRENT_TIME)?;
            x.flush()?;
            Ok(cookie.reply()?.status)
        };
        let status = ask().map_err(|e| self.failed(e.to_string()))?;
        Ok(status == GrabStatus::ALREADY_GRABBED || status == GrabStatus::FROZEN)
    }

    /// Time since the last input that this server saw.
    pub(crate) fn idle(&self) -> Result<Duration, XError> {
        let ask = || -> Result<u32, x11rb::errors::ReplyError> {
            Ok(screensaver::query_info(&self.x, self.root)?.reply()?.ms_since_user_input)
        };
        ask().map(|ms| Duration::from_millis(ms.into())).map_err(|e| self.failed(e.to_string()))
    }

    fn open(display: &str) -> Result<Self, String> {
        let (x, screen) = x11rb::connect(Some(display)).map_err(|e| e.to_string())?;
        let root = x.setup().roots.get(screen).ok_or("it has no screen")?.root;
        let make = || -> Result<Window, x11rb::errors::ReplyOrIdError> {
            let probe = x.generate_id()?;
            let aux = CreateWindowAux::new().override_redirect(1);
            x.create_window(0, probe, root, -1, -1, 1, 1, 0, WindowClass::INPUT_ONLY, NONE, &aux)?.check()?;
            Ok(probe)
        };
        let probe = make().map_err(|e| e.to_string())?;
        Ok(Self { x, display: display.to_owned(), root, probe })
    }

    fn failed(&self, why: String) -> XError {
        XError { display: self.display.clone(), why }
    }
}
