//! What a person types to prove who they are: held once, erased when dropped.

use zeroize::Zeroizing;

/// The longest secret taken, in bytes: what PAM takes less its closing zero.
pub const MAX_SECRET_BYTES: usize = 511;

/// A typed secret. Can't be printed, compared, copied or cloned; its bytes are erased on drop.
pub struct Secret(Zeroizing<Vec<u8>>);

/// Why bytes can't be a secret. Says nothing of their content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Nothing was typed.
    #[error("nothing was typed")]
    Empty,
    /// More than [`MAX_SECRET_BYTES`].
    #[error("the secret is longer than {MAX_SECRET_BYTES} bytes")]
    TooLong,
    /// A zero byte, which no password check can take.
    #[error("the secret contains a zero byte")]
    ZeroByte,
}

impl Secret {
    /// Takes the bytes over; they are erased also when refused.
    pub fn new(bytes: Vec<u8>) -> Result<Self, SecretError> {
        let bytes = Zeroizing::new(bytes);
        match bytes.as_slice() {
            [] => Err(SecretError::Empty),
            b if b.len() > MAX_SECRET_BYTES => Err(SecretError::TooLong),
            b if b.contains(&0) => Err(SecretError::ZeroByte),
            _ => Ok(Self(bytes)),
        }
    }

    /// The bytes, for whoever checks them. Copies must be erased too.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_no_check_can_take() {
        assert_eq!(Secret::new(vec![]).err(), Some(SecretError::Empty));
        assert_eq!(Secret::new(vec![b'a'; 512]).err(), Some(SecretError::TooLong));
        assert_eq!(Secret::new(b"a\0b".to_vec()).err(), Some(SecretError::ZeroByte));
        assert_eq!(Secret::new(vec![b'a'; 511]).map(|s| s.expose().len()).ok(), Some(511));
    }
}
