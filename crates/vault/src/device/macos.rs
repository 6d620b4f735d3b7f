#![allow(unsafe_code)]

use crate::VaultError;

/// The host's UUID, which is the hardware's (`IOPlatformUUID`).
pub(super) fn machine_id() -> Result<String, VaultError> {
    let mut id = [0u8; 16];
    let no_wait = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes 16 bytes to `id` and reads the time.
    if unsafe { libc::gethostuuid(id.as_mut_ptr(), &no_wait) } != 0 {
        let error = std::io::Error::last_os_error();
        return Err(VaultError::NoDeviceId(format!("macOS doesn't tell the host's UUID: {error}")));
    }
    Ok(id.iter().map(|byte| format!("{byte:02x}")).collect())
}
