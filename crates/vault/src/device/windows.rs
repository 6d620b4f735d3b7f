#![allow(unsafe_code)]

use crate::VaultError;
use std::ptr;
use windows_sys::{
    Win32::{
        Foundation::ERROR_SUCCESS,
        System::Registry::{HKEY_LOCAL_MACHINE, RRF_RT_REG_SZ, RRF_SUBKEY_WOW6464KEY, RegGetValueW},
    },
    w,
};

/// `MachineGuid`, which Windows makes when it is installed and only an administrator can write.
pub(super) fn machine_id() -> Result<String, VaultError> {
    let mut text = [0u16; 64];
    let mut bytes = size_of_val(&text) as u32;
    // SAFETY: both names end with a zero, `bytes` says how much room `text` has, and the type is not asked for.
    let code = unsafe {
        RegGetValueW(
            HKEY_LOCAL_MACHINE,
            w!("SOFTWARE\\Microsoft\\Cryptography"),
            w!("MachineGuid"),
            RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY,
            ptr::null_mut(),
            text.as_mut_ptr().cast(),
            &mut bytes,
        )
    };
    let no_id = |why: String| VaultError::NoDeviceId(format!("MachineGuid in the registry: {why}"));
    if code != ERROR_SUCCESS {
        return Err(no_id(std::io::Error::from_raw_os_error(code as i32).to_string()));
    }
    let id: String = String::from_utf16_lossy(&text).chars().take_while(|c| *c != '\0').collect();
    if id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        Ok(id)
    } else {
        Err(no_id("it is no GUID".to_owned()))
    }
}
