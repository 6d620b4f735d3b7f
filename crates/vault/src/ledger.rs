use crate::{Keychain, Vault, VaultError, name, piece, seal::KEY_BYTES};
use zeroize::Zeroizing;

/// The most bytes that a ledger's head may have.
pub const MAX_HEAD_BYTES: usize = 1024;

/// What the keychain keeps for the ledger, which lies in an ordinary file: the key that signs it, and where it stood.
///
/// An erasure leaves both: without them the record of what was decided, the erasure included, could no longer be
/// verified. They are no templates and say nothing about a person.
impl<K: Keychain> Vault<K> {
    /// The key that signs this user's ledger: 32 random bytes, `None` when none was made yet.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] or the keychain's.
    pub fn ledger_key(&self) -> Result<Option<Zeroizing<[u8; KEY_BYTES]>>, VaultError> {
        self.key(&name::ledger_key(&self.owner.user))
    }

    /// As [`Self::ledger_key`], made and stored on first use.
    ///
    /// # Errors
    /// As [`Self::ledger_key`], and [`VaultError::Random`].
    pub fn ledger_key_or_new(&self) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
        self.key_or_new(&name::ledger_key(&self.owner.user))
    }

    /// Keeps where the ledger stands, in the place of what was kept before. One entry, one write: a crash leaves the
    /// old head or the new one.
    ///
    /// # Errors
    /// [`VaultError::HeadSize`] unless `head` has 1 to [`MAX_HEAD_BYTES`] bytes; or the keychain's.
    pub fn keep_ledger_head(&self, head: &[u8]) -> Result<(), VaultError> {
        if !(1..=MAX_HEAD_BYTES).contains(&head.len()) {
            return Err(VaultError::HeadSize { bytes: head.len() });
        }
        self.set(&name::ledger_head(&self.owner.user), piece::encode(head).as_bytes())
    }

    /// What was kept last, `None` when nothing ever was.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] or the keychain's.
    pub fn ledger_head(&self) -> Result<Option<Vec<u8>>, VaultError> {
        let entry = name::ledger_head(&self.owner.user);
        let Some(text) = self.get(&entry)? else { return Ok(None) };
        match piece::decode(&text) {
            Some(head) if (1..=MAX_HEAD_BYTES).contains(&head.len()) => Ok(Some(head.to_vec())),
            _ => Err(VaultError::Damaged { entry, what: "it is not the head of a ledger".to_owned() }),
        }
    }
}
