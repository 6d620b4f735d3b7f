//! Signed notes: text, a blank line, and signature lines `— name base64(key id || signature)` (C2SP signed-note v1).

use crate::{Signer, VerifierKey};
use base64ct::{Base64, Encoding};

/// The most signature lines that are looked at; C2SP asks for at least 16.
const MAX_SIGNATURES: usize = 16;

/// Why a note does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteFault {
    /// It is not text, a blank line and signature lines.
    Malformed,
    /// The key has not signed it.
    Unsigned,
    /// It claims the key's signature, and that is false.
    Forged,
}

/// `text` (which ends in a line end) with a signature under the key's name.
pub fn sign(text: &str, signer: &Signer, key: &VerifierKey) -> String {
    let signature = [key.id().as_slice(), &signer.sign(text)].concat();
    format!("{text}\n\u{2014} {} {}\n", key.origin(), Base64::encode_string(&signature))
}

/// The note's text, its signatures not looked at.
pub fn text(note: &str) -> Result<&str, NoteFault> {
    Ok(split(note)?.0)
}

/// The note's text, provided that `key` has signed it. Signatures by others are ignored.
pub fn open<'a>(note: &'a str, key: &VerifierKey) -> Result<&'a str, NoteFault> {
    let (text, signatures) = split(note)?;
    let mut signed = false;
    for line in signatures.lines() {
        let (name, signature) =
            line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')).ok_or(NoteFault::Malformed)?;
        let signature = Base64::decode_vec(signature).map_err(|_| NoteFault::Malformed)?;
        let (id, signature) = signature.split_first_chunk::<4>().ok_or(NoteFault::Malformed)?;
        if name == key.origin() && *id == key.id() {
            let signature = signature.try_into().map_err(|_| NoteFault::Forged)?;
            if !key.has_signed(text, signature) {
                return Err(NoteFault::Forged);
            }
            signed = true;
        }
    }
    if signed { Ok(text) } else { Err(NoteFault::Unsigned) }
}

fn split(note: &str) -> Result<(&str, &str), NoteFault> {
    let end = note.rfind("\n\n").ok_or(NoteFault::Malformed)?;
    let (text, signatures) = (&note[..=end], &note[end + 2..]);
    let control = note.chars().any(|c| c < ' ' && c != '\n');
    if control || !signatures.ends_with('\n') || signatures.lines().count() > MAX_SIGNATURES {
        return Err(NoteFault::Malformed);
    }
    Ok((text, signatures))
}
