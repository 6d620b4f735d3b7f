use crate::{Digest, VaultError};

/// What tells this device from others: 64 hexadecimal digits that don't give the machine's own id away.
///
/// # Errors
/// [`VaultError::NoDeviceId`] when the system has no machine id.
pub fn device_id() -> Result<String, VaultError> {
    let id = machine_id()?;
    Ok(Digest::of(format!("stillyou device v1\n{id}").as_bytes()).to_string())
}

#[cfg(target_os = "linux")]
fn machine_id() -> Result<String, VaultError> {
    const PLACES: [&str; 2] = ["/etc/machine-id", "/var/lib/dbus/machine-id"];
    PLACES
        .iter()
        .filter_map(|place| std::fs::read_to_string(place).ok())
        .map(|text| text.trim().to_owned())
        .find(|id| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()))
        .ok_or_else(|| {
            let places = PLACES.join(" nor ");
            VaultError::NoDeviceId(format!(
                "neither {places} holds 32 hexadecimal digits; `systemd-machine-id-setup` or `dbus-uuidgen --ensure` \
                 writes them"
            ))
        })
}

#[cfg(not(target_os = "linux"))]
fn machine_id() -> Result<String, VaultError> {
    Err(VaultError::NoDeviceId("unsupported on this system yet".to_owned()))
}
