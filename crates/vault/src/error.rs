use crate::{KeychainError, Stored};

/// Why the vault could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// No keychain can be reached.
    #[error(
        "no keychain can be reached ({0}); StillYou keeps templates in the desktop's keychain: start the session's \
         secret service (gnome-keyring, KWallet or KeePassXC)"
    )]
    KeychainMissing(String),
    /// The keychain is there but closed.
    #[error("the keychain is locked or has no default collection ({0}); unlock it and try again")]
    KeychainLocked(String),
    /// The keychain refused for another reason.
    #[error("the keychain failed at entry `{entry}`: {what}")]
    Keychain {
        /// Name of the entry.
        entry: String,
        /// What the keychain said.
        what: String,
    },
    /// An entry is not what was written.
    #[error("the keychain entry `{entry}` is damaged: {what}; erase the templates and enrol again")]
    Damaged {
        /// Name of the entry.
        entry: String,
        /// What is wrong with it.
        what: String,
    },
    /// The template is there but the key that seals it is not.
    #[error("the key that seals the templates is missing (`{entry}`); erase the templates and enrol again")]
    KeyMissing {
        /// Name of the key's entry.
        entry: String,
    },
    /// The template was made on another device; behaviour on one keyboard does not carry over to another.
    #[error("the template in slot `{slot}` was made on another device; enrol on this one")]
    AnotherDevice {
        /// The slot.
        slot: String,
    },
    /// The template is not the one that the caller's record names.
    #[error(
        "the template in slot `{slot}` is not the one on record: expected generation {} ({}), found generation {} \
         ({}); an older template was put back, or the record is not this user's",
        expected.generation, expected.hash, found.generation, found.hash
    )]
    RolledBack {
        /// The slot.
        slot: String,
        /// What the record names.
        expected: Stored,
        /// What the keychain holds.
        found: Stored,
    },
    /// The caller's record names a template, and the keychain has none.
    #[error("the template in slot `{slot}` (generation {}) is gone from the keychain; enrol again", expected.generation)]
    Removed {
        /// The slot.
        slot: String,
        /// What the record names.
        expected: Stored,
    },
    /// A [`crate::Prepared`] was committed after something else had replaced it.
    #[error("what was prepared for slot `{slot}` is no longer there; prepare it again")]
    Superseded {
        /// The slot.
        slot: String,
    },
    /// Something could still be found after an erasure.
    #[error("not erased: {} entries could still be found ({})", remaining.len(), remaining.join(", "))]
    NotErased {
        /// Names of the entries that remain.
        remaining: Vec<String>,
    },
    /// A name that the vault does not take.
    #[error("{field} `{value}` is not usable: {rule}")]
    BadName {
        /// Which parameter.
        field: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        rule: &'static str,
    },
    /// A template of a size that the vault does not take.
    #[error("a template has 1 to {max} bytes, this one has {bytes}", max = crate::MAX_TEMPLATE_BYTES)]
    BadSize {
        /// Its size.
        bytes: usize,
    },
    /// A ledger's head of a size that the vault does not take.
    #[error("a ledger's head has 1 to {max} bytes, this one has {bytes}", max = crate::MAX_HEAD_BYTES)]
    HeadSize {
        /// Its size.
        bytes: usize,
    },
    /// The operating system's random source failed.
    #[error("the operating system's random source failed")]
    Random,
    /// What tells this device from others can't be read.
    #[error("this device has no usable identity: {0}")]
    NoDeviceId(String),
}

impl VaultError {
    /// The vault's error for what the keychain said about `entry`.
    pub(crate) fn at(entry: &str, error: KeychainError) -> Self {
        match error {
            KeychainError::Missing(what) => Self::KeychainMissing(what),
            KeychainError::Locked(what) => Self::KeychainLocked(what),
            KeychainError::Damaged(what) => Self::Damaged { entry: entry.to_owned(), what },
            KeychainError::Failed(what) => Self::Keychain { entry: entry.to_owned(), what },
        }
    }
}
