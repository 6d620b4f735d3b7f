#![allow(unsafe_code)]

use crate::windows::last_error;
use std::io;
use windows_sys::Win32::System::SystemInformation::{ComputerNameDnsHostname, GetComputerNameExW};

pub(super) fn host_name() -> io::Result<String> {
    let mut name = [0u16; 256];
    let mut length = name.len() as u32;
    // SAFETY: the buffer has the length that is given, and `length` may be written.
    if unsafe { GetComputerNameExW(ComputerNameDnsHostname, name.as_mut_ptr(), &mut length) } == 0 {
        return Err(last_error("GetComputerNameExW"));
    }
    let name = name.get(..length as usize).and_then(|name| String::from_utf16(name).ok());
    name.ok_or_else(|| io::Error::other("the machine's name is no text"))
}
