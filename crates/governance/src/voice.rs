use crate::ocra::{Input, Suite};
use crate::{Identity, PolicyId, ShortCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

/// The case's short code, what is granted, and the minute.
const SUITE: &str = "OCRA-1:HOTP-SHA256-8:QA10-S064-T1M";
/// A device's clock may be so many minutes ahead of the desk's.
const AHEAD: u64 = 2;

/// The secret that a device and the desk share for the telephone.
///
/// Whoever has a device's can grant themselves what policy allows by telephone, and no more. The desk keeps one secret and
/// derives each device's from it.
#[derive(Clone)]
pub struct VoiceKey(Zeroizing<[u8; 32]>);

/// What a spoken code grants. It is in the code, so that what was said can't be turned into more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoiceTerms<'a> {
    /// Which case.
    pub code: ShortCode,
    /// Whose, and where.
    pub identity: &'a Identity,
    /// Under these rules.
    pub policy: PolicyId,
    /// By this approver.
    pub approver: &'a str,
    /// For so many minutes from now.
    pub minutes: u64,
}

impl VoiceKey {
    /// A device's secret.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// A device's secret from a file's text: 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let mut secret = Zeroizing::new([0; 32]);
        for (pair, byte) in text.as_bytes().chunks(2).zip(secret.iter_mut()) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        (digits && text.len() == 64).then(|| Self::new(*secret))
    }

    /// The text of that file, which nobody else may read.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Derives a device's secret from the desk's: HMAC-SHA256 over the device's name.
    pub fn of_device(desk: &[u8; 32], device: &str) -> Self {
        let Ok(mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(desk) else {
            unreachable!("HMAC takes keys of any length")
        };
        Self::new(mac.chain_update(b"stillyou voice\0").chain_update(device).finalize().into_bytes().into())
    }

    /// The eight digits that grant `terms` at that time.
    pub fn say(&self, terms: &VoiceTerms<'_>, unix_s: u64) -> String {
        // The suite and its input are made for each other: a test says them.
        self.response(terms, unix_s).unwrap_or_default()
    }

    /// Whether `said` grants `terms`, spoken at most `minutes` ago.
    pub(crate) fn hears(&self, said: &str, terms: &VoiceTerms<'_>, unix_s: u64, minutes: u64) -> bool {
        let said: String = said.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let times = (0..=minutes + AHEAD).map(|back| (unix_s + 60 * AHEAD).saturating_sub(60 * back));
        // All of them, whichever fits.
        times.fold(false, |heard, at| heard | self.response(terms, at).is_some_and(|code| same(&code, &said)))
    }

    fn response(&self, terms: &VoiceTerms<'_>, unix_s: u64) -> Option<String> {
        let suite: Suite = SUITE.parse().ok()?;
        let session = terms.digest();
        let input =
            Input { question: terms.code.as_str(), session: Some(&session), unix_s: Some(unix_s), ..Input::default() };
        suite.response(self.0.as_slice(), &input).ok()
    }
}

impl VoiceTerms<'_> {
    fn digest(&self) -> [u8; 64] {
        let minutes = self.minutes.to_string();
        let parts = [self.identity.person(), self.identity.device(), self.approver, &minutes];
        let mut hash = Sha512::new().chain_update(b"stillyou voice terms\0").chain_update(self.policy.as_bytes());
        for part in parts {
            // No part can pass for another: none has a zero byte in it.
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.finalize().into()
    }
}

/// Equal, without telling by its time how much of it is.
fn same(a: &str, b: &str) -> bool {
    let different = a.bytes().zip(b.bytes()).fold(0, |different, (a, b)| different | (a ^ b));
    a.len() == b.len() && different == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CaseId;

    #[test]
    fn a_secret_reads_back_from_its_file() {
        let key = VoiceKey::of_device(&[3; 32], "desk-7");
        assert_eq!(VoiceKey::from_hex(&format!("{}\n", *key.to_hex())).unwrap().0, key.0);
        for bad in ["", "0", &"A".repeat(64), &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &"é".repeat(32)] {
            assert!(VoiceKey::from_hex(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_spoken_code_grants_what_was_said_and_nothing_else() {
        let key = VoiceKey::of_device(&[4; 32], "desk-7");
        let (pat, kim) = (Identity::new("pat", "desk-7").unwrap(), Identity::new("kim", "desk-7").unwrap());
        let terms = VoiceTerms {
            code: ShortCode::of(CaseId::new([1; 16])),
            identity: &pat,
            policy: PolicyId::new([2; 32]),
            approver: "ada",
            minutes: 30,
        };
        let now = 1_800_000_000;
        let said = key.say(&terms, now);
        assert_eq!(said.len(), 8);
        let hears = |terms: &VoiceTerms<'_>, at: u64| key.hears(&said, terms, at, 10);
        assert!(hears(&terms, now) && hears(&terms, now + 600) && hears(&terms, now - 60));
        assert!(!hears(&terms, now + 720) && !hears(&terms, now - 240));
        assert!(!hears(&VoiceTerms { minutes: 60, ..terms }, now));
        assert!(!hears(&VoiceTerms { approver: "bea", ..terms }, now));
        assert!(!hears(&VoiceTerms { identity: &kim, ..terms }, now));
        assert!(!hears(&VoiceTerms { policy: PolicyId::new([3; 32]), ..terms }, now));
        assert!(!hears(&VoiceTerms { code: ShortCode::of(CaseId::new([2; 16])), ..terms }, now));
        assert!(!VoiceKey::of_device(&[4; 32], "desk-8").hears(&said, &terms, now, 10));
        assert!(key.hears(&format!("{} {}", &said[..4], &said[4..]), &terms, now, 10));
        assert!(!key.hears("", &terms, now, 10));
    }
}
