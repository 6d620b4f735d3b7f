use crate::{Digest, VaultError};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, Generate, KeyInit, Payload},
};
use zeroize::Zeroizing;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const FORMAT: &[u8; 4] = b"SYT1";

/// How many bytes sealing adds.
pub const OVERHEAD: usize = FORMAT.len() + NONCE_BYTES + TAG_BYTES;

/// What a sealed template is bound to; it opens only under the same.
pub struct Binding<'a> {
    pub user: &'a str,
    pub device: &'a str,
    pub slot: &'a str,
    pub model: &'a str,
    pub generation: u64,
}

/// A new random key.
pub fn new_key() -> Result<Zeroizing<[u8; KEY_BYTES]>, VaultError> {
    <[u8; KEY_BYTES]>::try_generate().map(Zeroizing::new).map_err(|_| VaultError::Random)
}

/// Format tag, random nonce, ciphertext with its tag.
pub fn seal(key: &[u8; KEY_BYTES], binding: &Binding<'_>, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce = XNonce::try_generate().map_err(|_| VaultError::Random)?;
    let payload = Payload { msg: plain, aad: &associated_data(binding) };
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(&nonce, payload)
        .map_err(|_| VaultError::BadSize { bytes: plain.len() })?;
    Ok([FORMAT.as_slice(), nonce.as_slice(), &ciphertext].concat())
}

/// The plain bytes, `None` when anything about them, their key or their binding is not as it was sealed.
pub fn open(key: &[u8; KEY_BYTES], binding: &Binding<'_>, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let rest = sealed.strip_prefix(FORMAT)?;
    let (nonce, ciphertext) = rest.split_at_checked(NONCE_BYTES)?;
    let payload = Payload { msg: ciphertext, aad: &associated_data(binding) };
    let nonce = XNonce::try_from(nonce).ok()?;
    XChaCha20Poly1305::new(key.into()).decrypt(&nonce, payload).ok().map(Zeroizing::new)
}

/// The digest that the index and the ledger hold: of the sealed bytes, so it says nothing about the template.
pub fn digest(sealed: &[u8]) -> Digest {
    Digest::of(sealed)
}

/// Every field with its length before it, so that no two bindings give the same bytes.
fn associated_data(binding: &Binding<'_>) -> Vec<u8> {
    let mut data = b"stillyou sealed template v1".to_vec();
    for field in [binding.user, binding.device, binding.slot, binding.model] {
        data.extend_from_slice(&(field.len() as u64).to_be_bytes());
        data.extend_from_slice(field.as_bytes());
    }
    data.extend_from_slice(&binding.generation.to_be_bytes());
    data
}
