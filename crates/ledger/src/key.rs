use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// Signature type "Ed25519" of C2SP signed-note.
const ED25519: u8 = 1;

/// What signs checkpoints: an Ed25519 key (RFC 8032), wiped from memory when it is dropped.
#[derive(Clone, Debug)]
pub struct Signer(SigningKey);

impl Signer {
    /// The signer with this secret: 32 random bytes that the caller keeps.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// What others check its signatures with, under the name `origin`.
    ///
    /// # Errors
    /// When `origin` is not 1 to 255 visible characters without `+`.
    pub fn verifier_key(&self, origin: &str) -> Result<VerifierKey, BadKey> {
        VerifierKey::new(origin, self.0.verifying_key())
    }

    pub(crate) fn sign(&self, text: &str) -> [u8; 64] {
        self.0.sign(text.as_bytes()).to_bytes()
    }
}

/// A public Ed25519 key with the name of the log that signs with it.
///
/// Its text is a *vkey* as the Go checksum database and C2SP tools write it: `origin+keyid+base64(0x01 || key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    origin: String,
    key: VerifyingKey,
}

/// A text that is not a public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ledger's public key ({0}); one looks like `stillyou/<database>+<8 hexadecimal digits>+<base64>`")]
pub struct BadKey(&'static str);

impl VerifierKey {
    fn new(origin: &str, key: VerifyingKey) -> Result<Self, BadKey> {
        let visible = !origin.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+');
        if !visible || !(1..=255).contains(&origin.len()) {
            return Err(BadKey("the name is not 1 to 255 visible characters without `+`"));
        }
        Ok(Self { origin: origin.to_owned(), key })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The first four bytes of `SHA-256(origin || 0x0A || 0x01 || key)`: C2SP signed-note.
    pub(crate) fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(&self.origin)
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
        [a, b, c, d]
    }

    pub(crate) fn has_signed(&self, text: &str, signature: &[u8; 64]) -> bool {
        self.key.verify_strict(text.as_bytes(), &Signature::from_bytes(signature)).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u32::from_be_bytes(self.id());
        let key = [[ED25519].as_slice(), self.key.as_bytes()].concat();
        write!(f, "{}+{id:08x}+{}", self.origin, Base64::encode_string(&key))
    }
}

impl FromStr for VerifierKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        // Base64 has `+` in its alphabet; the other two parts have not.
        let mut parts = text.splitn(3, '+');
        let (Some(origin), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadKey("it does not have three parts"));
        };
        let key = Base64::decode_vec(key).map_err(|_| BadKey("its last part is not base64"))?;
        let key = key.split_first().and_then(|(kind, key)| Some((*kind, <&[u8; 32]>::try_from(key).ok()?)));
        let Some((ED25519, key)) = key else { return Err(BadKey("it is not an Ed25519 key")) };
        let key = VerifyingKey::from_bytes(key).map_err(|_| BadKey("it is not a point of the curve"))?;
        let key = Self::new(origin, key)?;
        if format!("{:08x}", u32::from_be_bytes(key.id())) == id {
            Ok(key)
        } else {
            Err(BadKey("its key id does not belong to its name and key"))
        }
    }
}
