use crate::{Keychain, Vault, VaultError, name, piece, seal, seal::KEY_BYTES};
use zeroize::Zeroizing;

/// What an approver's keychain keeps for approving other people's cases. No templates: an erasure leaves them.
impl<K: Keychain> Vault<K> {
    /// The key that this user signs grants and reviews with: 32 random bytes, `None` when none was made yet.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] or the keychain's.
    pub fn approver_key(&self) -> Result<Option<Zeroizing<[u8; KEY_BYTES]>>, VaultError> {
        self.key(&name::approver_key(&self.owner.user))
    }

    /// Makes that key, in the place of an older one: what that signed still counts where policy names it.
    ///
    /// # Errors
    /// [`VaultError::Random`] or the keychain's.
    pub fn new_approver_key(&self) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
        self.new_secret(&name::approver_key(&self.owner.user))
    }

    /// The desk's secret, from which each device's for the telephone is derived; `None` where there is none.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] or the keychain's.
    pub fn desk_secret(&self) -> Result<Option<Zeroizing<[u8; KEY_BYTES]>>, VaultError> {
        self.key(&name::desk_secret(&self.owner.user))
    }

    /// Makes that secret, in the place of an older one: devices need theirs anew.
    ///
    /// # Errors
    /// [`VaultError::Random`] or the keychain's.
    pub fn new_desk_secret(&self) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
        self.new_secret(&name::desk_secret(&self.owner.user))
    }

    /// Takes the secret that another approver at the desk has.
    ///
    /// # Errors
    /// The keychain's.
    pub fn keep_desk_secret(&self, secret: &[u8; KEY_BYTES]) -> Result<(), VaultError> {
        self.set(&name::desk_secret(&self.owner.user), piece::encode(secret).as_bytes())
    }

    fn new_secret(&self, entry: &str) -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
        let key = seal::new_key()?;
        self.set(entry, piece::encode(key.as_slice()).as_bytes())?;
        Ok(key)
    }
}
