use std::io::{self, Read, Write};
use thiserror::Error;
use zeroize::Zeroizing;

/// Largest request, in bytes.
pub const MAX_REQUEST_BYTES: usize = 16 * 1024;

/// Largest reply, in bytes: an explanation of a long day.
pub const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

const JSON: u8 = 0;

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SecretKind {
    /// The operating system's password.
    Password = 1,
    /// A one-time code.
    Totp = 2,
    /// A recovery code.
    RecoveryCode = 3,
    /// The first one-time code of an authenticator that is being set up.
    NewTotp = 4,
    /// A pass-phrase of StillYou's own.
    PassPhrase = 5,
    /// A pass-phrase that is being set up.
    NewPassPhrase = 6,
}

impl SecretKind {
    /// Those that prove who somebody is.
    pub const PROOFS: [Self; 4] = [Self::Password, Self::Totp, Self::RecoveryCode, Self::PassPhrase];
    const ALL: [Self; 6] =
        [Self::Password, Self::Totp, Self::RecoveryCode, Self::NewTotp, Self::PassPhrase, Self::NewPassPhrase];
}

/// One message on the wire. Its bytes are wiped when it is dropped.
pub enum Frame {
    /// UTF-8 JSON.
    Json(Zeroizing<Vec<u8>>),
    /// A secret, as typed.
    Secret(SecretKind, Zeroizing<Vec<u8>>),
}

/// Why a frame can't be read.
#[derive(Debug, Error)]
pub enum FrameError {
    /// The other side closed the connection.
    #[error("the other side closed the connection")]
    Closed,
    /// It is longer than allowed.
    #[error("a message of {bytes} bytes; at most {most} are taken")]
    TooLarge {
        /// As announced.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// The tag is none of those.
    #[error("a message of unknown kind {0}; 0 is JSON, 1 to 6 are secrets")]
    Kind(u8),
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Frame {
    /// Reads one frame of at most `most` bytes.
    ///
    /// # Errors
    /// When there is none, it is too large or of unknown kind.
    pub fn read(from: &mut impl Read, most: usize) -> Result<Self, FrameError> {
        let mut head = [0; 5];
        from.read_exact(&mut head).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => FrameError::Closed,
            _ => FrameError::Io(e),
        })?;
        let [kind, a, b, c, d] = head;
        let bytes = u32::from_le_bytes([a, b, c, d]) as usize;
        let secret = SecretKind::ALL.into_iter().find(|known| *known as u8 == kind);
        if kind != JSON && secret.is_none() {
            return Err(FrameError::Kind(kind));
        }
        if bytes > most {
            return Err(FrameError::TooLarge { bytes, most });
        }
        let mut body = Zeroizing::new(vec![0; bytes]);
        from.read_exact(&mut body)?;
        Ok(match secret {
            Some(kind) => Frame::Secret(kind, body),
            None => Frame::Json(body),
        })
    }

    /// Writes the frame.
    ///
    /// # Errors
    /// When it is too large to be announced, or the other side is gone.
    pub fn write(&self, to: &mut impl Write) -> Result<(), FrameError> {
        let (kind, body) = match self {
            Frame::Json(body) => (JSON, body),
            Frame::Secret(kind, body) => (*kind as u8, body),
        };
        let most = MAX_REPLY_BYTES;
        let bytes = u32::try_from(body.len()).ok().filter(|b| *b as usize <= most);
        let bytes = bytes.ok_or(FrameError::TooLarge { bytes: body.len(), most })?;
        to.write_all(&[kind])?;
        to.write_all(&bytes.to_le_bytes())?;
        to.write_all(body)?;
        Ok(to.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Frame, FrameError> {
        Frame::read(&mut &bytes[..], MAX_REQUEST_BYTES)
    }

    #[test]
    fn frames_round_trip() {
        for kind in SecretKind::ALL {
            let mut wire = Vec::new();
            Frame::Secret(kind, Zeroizing::new(b"hunter2".to_vec())).write(&mut wire).unwrap();
            assert!(matches!(read(&wire), Ok(Frame::Secret(k, s)) if k == kind && *s == b"hunter2"));
        }
    }

    #[test]
    fn malformed_frames_are_refused() {
        assert!(matches!(read(&[]), Err(FrameError::Closed)));
        assert!(matches!(read(&[0, 1, 0]), Err(FrameError::Closed)));
        assert!(matches!(read(&[7, 1, 0, 0, 0, 9]), Err(FrameError::Kind(7))));
        assert!(matches!(read(&[0, 255, 255, 255, 255]), Err(FrameError::TooLarge { .. })));
        assert!(matches!(read(&[0, 4, 0, 0, 0, 1]), Err(FrameError::Io(_))));
    }
}
