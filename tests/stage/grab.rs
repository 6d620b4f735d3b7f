use anyhow::{Context, Result};
use x11rb::{
    connection::Connection,
    protocol::xproto::{ConnectionExt, GrabMode, GrabStatus},
};

/// Whether some client holds the keyboard of an X server, as a screen locker does.
///
/// Found out by trying to grab it; a success is undone at once.
///
/// # Errors
/// When no X server answers on `display`.
pub fn keyboard_grabbed(display: &str) -> Result<bool> {
    let (connection, screen) = x11rb::connect(Some(display)).with_context(|| format!("no X server on {display}"))?;
    let root = connection.setup().roots[screen].root;
    let time = x11rb::CURRENT_TIME;
    let status = connection.grab_keyboard(false, root, time, GrabMode::ASYNC, GrabMode::ASYNC)?.reply()?.status;
    if status == GrabStatus::SUCCESS {
        connection.ungrab_keyboard(time)?.check()?;
    }
    Ok(status != GrabStatus::SUCCESS)
}
