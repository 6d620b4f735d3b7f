use crate::VaultError;

pub(super) fn machine_id() -> Result<String, VaultError> {
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
