use crate::{Digest, VaultError};

#[cfg_attr(target_os = "linux", path = "device/linux.rs")]
#[cfg_attr(target_os = "macos", path = "device/macos.rs")]
#[cfg_attr(windows, path = "device/windows.rs")]
#[cfg_attr(not(any(target_os = "linux", target_os = "macos", windows)), path = "device/unsupported.rs")]
mod platform;

/// What tells this device from others: 64 hexadecimal digits that don't give the machine's own id away.
///
/// # Errors
/// [`VaultError::NoDeviceId`] when the system has no machine id.
pub fn device_id() -> Result<String, VaultError> {
    let id = platform::machine_id()?;
    Ok(Digest::of(format!("stillyou device v1\n{id}").as_bytes()).to_string())
}
