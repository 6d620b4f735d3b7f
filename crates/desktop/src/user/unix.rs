#![allow(unsafe_code)]

use std::{
    ffi::{CStr, c_char},
    ptr,
};

pub(super) fn id() -> String {
    rustix::process::getuid().as_raw().to_string()
}

/// The account name of the user that this process runs as.
pub(crate) fn name() -> Result<String, String> {
    let uid = rustix::process::getuid().as_raw();
    let mut buffer = vec![0 as c_char; 16 * 1024];
    // SAFETY: `passwd` is plain old data, for which all zeros are valid; the call fills it or leaves `found` null, and
    // writes no further than the buffer's length. The name it points to lies in the buffer, which outlives the copy.
    unsafe {
        let mut entry: libc::passwd = std::mem::zeroed();
        let mut found = ptr::null_mut();
        let code = libc::getpwuid_r(uid, &mut entry, buffer.as_mut_ptr(), buffer.len(), &mut found);
        if code != 0 || found.is_null() {
            return Err(format!("user {uid} has no account (error {code})"));
        }
        CStr::from_ptr(entry.pw_name).to_str().map(str::to_owned).map_err(|_| format!("user {uid}'s name is no text"))
    }
}
