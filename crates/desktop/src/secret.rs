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

    /// A copy as UTF-16 with a closing zero, erased when dropped; `None` where the bytes are no text.
    #[cfg(any(windows, target_os = "macos", test))]
    pub(crate) fn utf16(&self) -> Option<Zeroizing<Vec<u16>>> {
        let text = std::str::from_utf8(&self.0).ok()?;
        // UTF-16 never has more units than UTF-8 has bytes: the room is made once, so that growing leaves no copy.
        let mut units = Zeroizing::new(Vec::with_capacity(text.len() + 1));
        units.extend(text.encode_utf16());
        units.push(0);
        Some(units)
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

    #[test]
    fn secrets_become_zero_ended_utf16() {
        let secret = |bytes: &[u8]| Secret::new(bytes.to_vec()).unwrap().utf16().map(|units| units.to_vec());
        assert_eq!(secret("aé😀".as_bytes()), Some(vec![0x61, 0xe9, 0xd83d, 0xde00, 0]));
        assert_eq!(secret(&[0xff]), None);
    }
}
