use crate::VaultError;

pub(super) fn machine_id() -> Result<String, VaultError> {
    Err(VaultError::NoDeviceId("unsupported on this system".to_owned()))
}
