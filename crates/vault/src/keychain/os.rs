use super::{Keychain, KeychainError};
use zeroize::Zeroizing;

#[cfg_attr(target_os = "linux", path = "os/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "os/other.rs")]
mod platform;

/// The operating system's keychain through `keyring`: Secret Service, macOS Keychain, Windows Credential Manager.
#[derive(Debug)]
pub struct OsKeychain {
    service: String,
}

impl OsKeychain {
    /// The keychain of the user who runs this process.
    pub fn new() -> Self {
        Self { service: "stillyou".to_owned() }
    }

    /// Runs `f` on an entry, once more over a new connection when the old one is dead.
    fn with_entry<T>(
        &self,
        name: &str,
        f: impl Fn(&keyring_core::Entry) -> keyring_core::Result<T>,
    ) -> Result<Option<T>, KeychainError> {
        match self.entry(name).and_then(|entry| f(&entry)) {
            // The secret service was restarted: its session, and so this connection's key, is gone.
            Err(keyring_core::Error::PlatformFailure(_)) => {
                platform::connect().map_err(|e| KeychainError::Missing(e.to_string()))?;
                found(self.entry(name).and_then(|entry| f(&entry)))
            }
            result => found(result),
        }
    }

    fn entry(&self, name: &str) -> keyring_core::Result<keyring_core::Entry> {
        if keyring_core::get_default_store().is_none() {
            platform::connect()?;
        }
        keyring_core::Entry::new(&self.service, name)
    }
}

impl Default for OsKeychain {
    fn default() -> Self {
        Self::new()
    }
}

impl Keychain for OsKeychain {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.with_entry(name, |entry| entry.get_secret())?.map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        match self.with_entry(name, |entry| entry.set_secret(secret))? {
            Some(()) => Ok(()),
            None => Err(KeychainError::Failed("the entry vanished while it was written".to_owned())),
        }
    }

    fn delete(&self, name: &str) -> Result<bool, KeychainError> {
        Ok(self.with_entry(name, |entry| entry.delete_credential())?.is_some())
    }

    fn names(&self) -> Result<Option<Vec<String>>, KeychainError> {
        if keyring_core::get_default_store().is_none() {
            platform::connect().map_err(|e| KeychainError::Missing(e.to_string()))?;
        }
        platform::names(&self.service).map_err(keychain_error)
    }
}

fn found<T>(result: keyring_core::Result<T>) -> Result<Option<T>, KeychainError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(keychain_error(error)),
    }
}

fn keychain_error(error: keyring_core::Error) -> KeychainError {
    use keyring_core::Error;
    let what = error.to_string();
    match error {
        Error::NoDefaultStore => KeychainError::Missing(what),
        Error::NoStorageAccess(_) => KeychainError::Locked(what),
        // The variants below print neither the secret nor the entries.
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => KeychainError::Damaged(what),
        Error::Ambiguous(entries) => KeychainError::Damaged(format!("{} entries have this name", entries.len())),
        _ => KeychainError::Failed(what),
    }
}
