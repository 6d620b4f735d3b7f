#![allow(unsafe_code)]

use std::ffi::CStr;
use std::io;

pub(super) fn host_name() -> io::Result<String> {
    // The last byte stays zero, whatever the call writes.
    let mut buffer = [0 as libc::c_char; 257];
    // SAFETY: the call writes at most the length it is given, one less than the buffer's.
    if unsafe { libc::gethostname(buffer.as_mut_ptr(), buffer.len() - 1) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the buffer ends with a zero, and lives through the copy.
    let name = unsafe { CStr::from_ptr(buffer.as_ptr()) };
    name.to_str().map(str::to_owned).map_err(|_| io::Error::other("the machine's name is no text"))
}
