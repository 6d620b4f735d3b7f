//! What several platform files on macOS share: the window server's session.
#![allow(unsafe_code)]

use objc2_core_foundation::{CFBoolean, CFDictionary, CFNumber, CFRetained, CFString, CFType};
use objc2_core_graphics::CGSessionCopyCurrentDictionary;

/// A session of the window server at one moment. The server itself says this, not a notification that any program could
/// post.
pub(crate) struct WindowSession {
    /// Its number, which is that of the kernel's audit session.
    pub(crate) id: Option<i64>,
    /// Its user.
    pub(crate) uid: Option<u32>,
    /// Whether it is in front; fast user switching puts it behind.
    pub(crate) on_console: bool,
    /// Whether the lock screen covers it.
    pub(crate) locked: bool,
}

impl WindowSession {
    /// The session of this process; `None` for a process outside of every desktop.
    pub(crate) fn own() -> Option<Self> {
        let told = CGSessionCopyCurrentDictionary()?;
        // SAFETY: property list dictionaries have strings as keys; a value is looked at only after its type is checked.
        let told: CFRetained<CFDictionary<CFString, CFType>> = unsafe { CFRetained::cast_unchecked(told) };
        let value = |key: &'static str| told.get(&CFString::from_static_str(key));
        let number = |key| value(key)?.downcast_ref::<CFNumber>()?.as_i64();
        // The lock's key is there only while it is true. Whether a truth is a boolean or a number is written nowhere.
        let boolean = |key| value(key).is_some_and(|v| v.downcast_ref::<CFBoolean>().is_some_and(CFBoolean::as_bool));
        let set = |key| boolean(key) || number(key).is_some_and(|n| n != 0);
        Some(Self {
            id: number("kCGSSessionAuditIDKey"),
            uid: number("kCGSSessionUserIDKey").and_then(|uid| uid.try_into().ok()),
            on_console: set("kCGSSessionOnConsoleKey"),
            locked: set("CGSSessionScreenIsLocked"),
        })
    }
}

/// Whether the screen is locked; a session that isn't in front counts as locked.
pub(crate) fn screen_is_locked() -> Result<bool, String> {
    let session = WindowSession::own().ok_or("this process belongs to no session of the window server")?;
    Ok(session.locked || !session.on_console)
}
