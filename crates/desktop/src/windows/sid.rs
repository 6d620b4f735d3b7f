//! Security identifiers: whose a token or an object is.
#![allow(unsafe_code)]

use std::{
    io,
    os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle},
    ptr, slice,
};

use windows_sys::Win32::{
    Foundation::{HANDLE, LocalFree},
    Security::{
        Authorization::ConvertSidToStringSidW, EqualSid, GetTokenInformation, PSID, TOKEN_QUERY, TOKEN_USER,
        TokenUser as USER,
    },
    System::Threading::{GetCurrentProcess, OpenProcessToken},
};

use super::last_error;

/// Room for a `TOKEN_USER` and the longest SID behind it (68 bytes).
const WORDS: usize = 32;

/// The user of a token.
pub(crate) struct TokenUser(Box<[u64; WORDS]>);

impl TokenUser {
    /// The user that this process runs as.
    pub(crate) fn own() -> io::Result<Self> {
        let mut token: HANDLE = ptr::null_mut();
        // SAFETY: the pseudo handle of the own process is always valid; `token` may be written.
        if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &mut token) } == 0 {
            return Err(last_error("OpenProcessToken"));
        }
        // SAFETY: the call succeeded, so `token` is an open handle that is ours to close.
        Self::of(&unsafe { OwnedHandle::from_raw_handle(token) })
    }

    /// The user of a token that may be queried.
    pub(crate) fn of(token: &OwnedHandle) -> io::Result<Self> {
        let mut user = Self(Box::new([0; WORDS]));
        let mut needed = 0;
        // SAFETY: the buffer has the length that is given, and `needed` may be written.
        let told = unsafe {
            let buffer = user.0.as_mut_ptr().cast();
            GetTokenInformation(token.as_raw_handle(), USER, buffer, size_of_val(&*user.0) as u32, &mut needed)
        };
        if told == 0 { Err(last_error("GetTokenInformation")) } else { Ok(user) }
    }

    /// The SID as text: `S-1-5-21-…`.
    pub(crate) fn text(&self) -> io::Result<String> {
        // SAFETY: the SID lies in `self`.
        unsafe { text(self.sid()) }
    }

    /// The last number of the SID: unique among the users of one machine or domain.
    pub(crate) fn number(&self) -> Option<u32> {
        self.text().ok()?.rsplit('-').next()?.parse().ok()
    }

    /// Whether both are one user.
    pub(crate) fn is(&self, other: &Self) -> bool {
        // SAFETY: both SIDs lie in their structures.
        unsafe { EqualSid(self.sid(), other.sid()) != 0 }
    }

    /// The SID, valid as long as `self` lives.
    pub(crate) fn sid(&self) -> PSID {
        // SAFETY: the system wrote a `TOKEN_USER` to the start of the buffer, which is aligned for it. The SID that it
        // points to lies in the same buffer, whose place on the heap never changes.
        unsafe { (*self.0.as_ptr().cast::<TOKEN_USER>()).User.Sid }
    }
}

/// A SID as text.
///
/// # Safety
/// `sid` points to a valid SID.
pub(crate) unsafe fn text(sid: PSID) -> io::Result<String> {
    let mut text = ptr::null_mut();
    // SAFETY: by this function's contract; `text` may be written.
    if unsafe { ConvertSidToStringSidW(sid, &mut text) } == 0 {
        return Err(last_error("ConvertSidToStringSidW"));
    }
    // SAFETY: the call gave a zero-ended string, which is ours to free and not used afterwards.
    unsafe {
        let length = (0..).take_while(|at| *text.add(*at) != 0).count();
        let owned = String::from_utf16_lossy(slice::from_raw_parts(text, length));
        LocalFree(text.cast());
        Ok(owned)
    }
}
