//! The terminal services' session of this process: what Windows itself says about it.
#![allow(unsafe_code)]

use std::{io, ptr};

use windows_sys::Win32::System::RemoteDesktop::{
    ProcessIdToSessionId, WTS_CURRENT_SERVER_HANDLE, WTS_SESSIONSTATE_LOCK, WTS_SESSIONSTATE_UNLOCK, WTSActive,
    WTSFreeMemory, WTSINFOEXW, WTSQuerySessionInformationW, WTSSessionInfoEx,
};

use super::last_error;

/// A session at one moment.
pub(crate) struct Terminal {
    /// Its number; 0 is the services' session, which has no desktop.
    pub(crate) id: u32,
    /// Whether it is in front, on the console or a remote screen.
    pub(crate) active: bool,
    /// Whether it is locked; `None` where Windows doesn't say.
    pub(crate) locked: Option<bool>,
    /// When its user signed in: 100 ns since 1601.
    pub(crate) signed_in: i64,
}

impl Terminal {
    /// The session of this process. Asks a system service, which no program of the user can answer for.
    pub(crate) fn own() -> io::Result<Self> {
        let id = own_id()?;
        let mut buffer = ptr::null_mut();
        let mut bytes = 0;
        // SAFETY: both out-parameters may be written; the name of the server is the constant for this one.
        let told = unsafe {
            WTSQuerySessionInformationW(WTS_CURRENT_SERVER_HANDLE, id, WTSSessionInfoEx, &mut buffer, &mut bytes)
        };
        if told == 0 || buffer.is_null() {
            return Err(last_error("WTSQuerySessionInformationW"));
        }
        let read = || {
            if (bytes as usize) < size_of::<WTSINFOEXW>() {
                return Err(io::Error::other("WTSQuerySessionInformationW: too short an answer"));
            }
            // SAFETY: the answer is a `WTSINFOEXW` of at least its size; nothing is assumed of its alignment.
            let info = unsafe { ptr::read_unaligned(buffer.cast::<WTSINFOEXW>()) };
            if info.Level != 1 {
                return Err(io::Error::other(format!("WTSQuerySessionInformationW: unknown level {}", info.Level)));
            }
            // SAFETY: level 1 says that this member of the union is the one written.
            let info = unsafe { info.Data.WTSInfoExLevel1 };
            Ok(Self {
                id,
                active: info.SessionState == WTSActive,
                locked: match info.SessionFlags as u32 {
                    WTS_SESSIONSTATE_LOCK => Some(true),
                    WTS_SESSIONSTATE_UNLOCK => Some(false),
                    _ => None,
                },
                signed_in: info.LogonTime,
            })
        };
        let terminal = read();
        // SAFETY: the call gave the buffer, and nothing points into it any more.
        unsafe { WTSFreeMemory(buffer.cast()) };
        terminal
    }
}

/// Whether the session of this process is locked; a session that isn't in front counts as locked.
pub(crate) fn locked() -> Result<bool, String> {
    let terminal = Terminal::own().map_err(|e| e.to_string())?;
    match terminal.locked {
        _ if !terminal.active => Ok(true),
        Some(locked) => Ok(locked),
        None => Err("Windows doesn't say whether the session is locked".into()),
    }
}

/// The number of the session of this process.
pub(crate) fn own_id() -> io::Result<u32> {
    let mut id = 0;
    // SAFETY: `id` may be written.
    if unsafe { ProcessIdToSessionId(std::process::id(), &mut id) } == 0 {
        return Err(last_error("ProcessIdToSessionId"));
    }
    Ok(id)
}
