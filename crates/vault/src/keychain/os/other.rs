/// Makes the system's keychain the default store.
pub fn connect() -> keyring_core::Result<()> {
    match keyring::Entry::store_status() {
        Ok(()) => Ok(()),
        Err(error) => Err(keyring_core::Error::PlatformFailure(error.to_string().into())),
    }
}

/// These systems list entries only by platform-specific searches: the vault's own index has to do.
pub fn names(_service: &str) -> keyring_core::Result<Option<Vec<String>>> {
    Ok(None)
}
