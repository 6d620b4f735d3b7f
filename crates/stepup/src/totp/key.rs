use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use std::fmt::Write;
use zeroize::Zeroizing;

/// RFC 4226, section 4: 128 bits at least, 160 recommended.
const FEWEST_BYTES: usize = 16;
const NEW_BYTES: usize = 20;
const MOST_BYTES: usize = 64;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The hash function of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotpHash {
    /// SHA-1: what every authenticator knows.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// What an authenticator and we share; erased when dropped.
pub struct TotpKey {
    secret: Zeroizing<Vec<u8>>,
    hash: TotpHash,
    digits: u32,
}

/// A key that can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTotpKey {
    /// Too short or too long.
    #[error("the key has {0} bytes; it must have {FEWEST_BYTES} to {MOST_BYTES}")]
    Length(usize),
    /// Too few digits, or more than a code has.
    #[error("a code has 6 to 8 digits, not {0}")]
    Digits(u32),
    /// The system gives no random numbers.
    #[error("the operating system's random source failed")]
    NoRandom,
}

impl TotpKey {
    /// A new key of 160 random bits for six digits by SHA-1, which every authenticator knows.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<Self, BadTotpKey> {
        let mut secret = Zeroizing::new(vec![0; NEW_BYTES]);
        getrandom::fill(&mut secret).map_err(|_| BadTotpKey::NoRandom)?;
        Ok(Self { secret, hash: TotpHash::Sha1, digits: 6 })
    }

    /// A key that was stored: 16 to 64 bytes, for codes of 6 to 8 digits.
    ///
    /// # Errors
    /// When it is shorter, longer, or for other codes.
    pub fn new(secret: Zeroizing<Vec<u8>>, hash: TotpHash, digits: u32) -> Result<Self, BadTotpKey> {
        if !(FEWEST_BYTES..=MOST_BYTES).contains(&secret.len()) {
            return Err(BadTotpKey::Length(secret.len()));
        }
        if !(6..=8).contains(&digits) {
            return Err(BadTotpKey::Digits(digits));
        }
        Ok(Self { secret, hash, digits })
    }

    /// Its bytes, to be sealed. Copies must be erased too.
    pub fn expose(&self) -> &[u8] {
        &self.secret
    }

    /// What an authenticator scans: an `otpauth` URI, to be shown once as a QR code and never logged.
    pub fn uri(&self, account: &str) -> Zeroizing<String> {
        let secret = base32(&self.secret);
        let (account, hash) = (percent(account), self.hash.name());
        Zeroizing::new(format!(
            "otpauth://totp/StillYou:{account}?secret={}&issuer=StillYou&algorithm={hash}&digits={}&period={}",
            *secret,
            self.digits,
            super::STEP_S
        ))
    }

    /// The time step whose code `typed` is, at `now_s` seconds since 1970: clocks may drift by one step. All are tried, whichever
    /// fits: the time it takes tells nothing.
    pub fn step_of(&self, typed: &[u8], now_s: u64) -> Option<u64> {
        let now = now_s / super::STEP_S;
        let steps = now.saturating_sub(super::DRIFT_STEPS)..=now.saturating_add(super::DRIFT_STEPS);
        steps.fold(None, |fits, step| if self.fits(typed, step) { Some(step) } else { fits })
    }

    /// Whether `typed`, spaces aside, is the code of a time step; the time it takes does not tell how much of it fits.
    fn fits(&self, typed: &[u8], step: u64) -> bool {
        let typed = typed.iter().filter(|byte| **byte != b' ');
        let code = self.code(step);
        let different = typed.clone().zip(code.bytes()).fold(0, |different, (a, b)| different | (a ^ b));
        typed.count() == code.len() && different == 0
    }

    pub(super) fn code(&self, step: u64) -> Zeroizing<String> {
        let step = step.to_be_bytes();
        let hash = match self.hash {
            TotpHash::Sha1 => mac::<Hmac<Sha1>>(&self.secret, &step),
            TotpHash::Sha256 => mac::<Hmac<Sha256>>(&self.secret, &step),
            TotpHash::Sha512 => mac::<Hmac<Sha512>>(&self.secret, &step),
        };
        // RFC 4226, section 5.3.
        let offset = usize::from(hash[hash.len() - 1] & 0xf);
        let four = &hash[offset..offset + 4];
        let number = u32::from_be_bytes([four[0] & 0x7f, four[1], four[2], four[3]]);
        let width = self.digits as usize;
        Zeroizing::new(format!("{:0width$}", number % 10u32.pow(self.digits)))
    }
}

impl TotpHash {
    fn name(self) -> &'static str {
        match self {
            TotpHash::Sha1 => "SHA1",
            TotpHash::Sha256 => "SHA256",
            TotpHash::Sha512 => "SHA512",
        }
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
    let Ok(mac) = <M as KeyInit>::new_from_slice(key) else { unreachable!("HMAC takes keys of any length") };
    Zeroizing::new(mac.chain_update(data).finalize().into_bytes().to_vec())
}

/// Base 32 of RFC 4648 without padding.
fn base32(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(5) * 8));
    for five in bytes.chunks(5) {
        let bits = five.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - five.len()));
        for place in 0..(8 * five.len()).div_ceil(5) {
            text.push(char::from(BASE32[(bits >> (35 - 5 * place)) as usize & 31]));
        }
    }
    text
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn percent(text: &str) -> String {
    let mut safe = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(byte as char);
        } else {
            // Writing to a string can't fail.
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::base32;

    /// RFC 4648, section 10, without its padding.
    #[test]
    fn base32_is_that_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(*base32(bytes.as_bytes()), text);
        }
    }
}
