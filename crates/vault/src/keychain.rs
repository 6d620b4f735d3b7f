use zeroize::Zeroizing;

mod os;
pub use os::OsKeychain;

/// Named secrets of one user, kept by the operating system.
///
/// The vault is generic over this, so that a failure can be put at each of its steps; [`OsKeychain`] is the only
/// implementation outside tests.
pub trait Keychain {
    /// The secret called `name`, `None` when there is none.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError>;

    /// Creates or replaces the secret called `name`.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError>;

    /// Removes the secret called `name`; false when there was none.
    fn delete(&self, name: &str) -> Result<bool, KeychainError>;

    /// The names of all our secrets, `None` where the system can't list them.
    fn names(&self) -> Result<Option<Vec<String>>, KeychainError>;
}

/// Why the keychain could not answer; each carries what it said.
#[derive(Debug, thiserror::Error)]
pub enum KeychainError {
    /// None can be reached.
    #[error("no keychain: {0}")]
    Missing(String),
    /// It is closed, or the person dismissed its question.
    #[error("keychain locked: {0}")]
    Locked(String),
    /// The entry is not in a state that can be read.
    #[error("keychain entry damaged: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("keychain failed: {0}")]
    Failed(String),
}
