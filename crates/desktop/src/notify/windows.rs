#![allow(unsafe_code)]

use windows_sys::Win32::{
    System::RemoteDesktop::{WTS_CURRENT_SERVER_HANDLE, WTSSendMessageW},
    UI::WindowsAndMessaging::{MB_ICONINFORMATION, MB_ICONWARNING, MB_OK},
};

use super::{NotShown, Notice, Urgency};
use crate::{
    Desktop,
    windows::{last_error, terminal, wide},
};

/// A message box of the session: it needs no window and no registered app. A normal one goes away by itself.
pub(super) fn notify(_: &Desktop, notice: &Notice) -> Result<u32, NotShown> {
    let failed = |e: std::io::Error| NotShown::NoServer(e.to_string());
    let session = terminal::own_id().map_err(failed)?;
    let text =
        if notice.body.is_empty() { notice.summary.clone() } else { format!("{}\n\n{}", notice.summary, notice.body) };
    let (title, text) = (wide("StillYou"), wide(&text));
    let (icon, seconds) = match notice.urgency {
        Urgency::Normal => (MB_ICONINFORMATION, NORMAL_SECONDS),
        Urgency::Critical => (MB_ICONWARNING, 0),
    };
    let mut response = 0;
    // SAFETY: both texts have the lengths in bytes that are given; `response` may be written, and without waiting
    // nothing is written after the call.
    let sent = unsafe {
        WTSSendMessageW(
            WTS_CURRENT_SERVER_HANDLE,
            session,
            title.as_ptr(),
            bytes(&title),
            text.as_ptr(),
            bytes(&text),
            MB_OK | icon,
            seconds,
            &mut response,
            0,
        )
    };
    if sent == 0 { Err(failed(last_error("WTSSendMessageW"))) } else { Ok(0) }
}

const NORMAL_SECONDS: u32 = 10;

/// Without the closing zero.
fn bytes(text: &[u16]) -> u32 {
    u32::try_from(2 * (text.len() - 1)).unwrap_or(0)
}
