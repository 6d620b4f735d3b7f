use std::collections::HashMap;

/// Makes the Secret Service of the session bus the default store.
///
/// `keyring::Entry` would try this once per process; the agent must survive a secret service that comes late or is
/// restarted.
pub fn connect() -> keyring_core::Result<()> {
    keyring_core::set_default_store(zbus_secret_service_keyring_store::Store::new()?);
    Ok(())
}

/// Names of all entries of `service`.
pub fn names(service: &str) -> keyring_core::Result<Option<Vec<String>>> {
    let entries = keyring_core::Entry::search(&HashMap::from([("service", service)]))?;
    Ok(Some(entries.iter().filter_map(|entry| entry.get_specifiers()).map(|(_, name)| name).collect()))
}
