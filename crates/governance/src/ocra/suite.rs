use std::str::FromStr;

/// A hash function of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

/// What a question consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Letters and digits.
    Alphanumeric,
    /// Digits.
    Numeric,
    /// Hexadecimal digits.
    Hexadecimal,
}

/// Which function, and which data goes into it: `OCRA-1:HOTP-SHA256-8:QA10-S064-T1M` (RFC 6287, section 6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    pub(super) text: String,
    pub(super) hash: Hash,
    pub(super) digits: u32,
    pub(super) counter: bool,
    pub(super) question: Question,
    pub(super) pin: Option<Hash>,
    pub(super) session: Option<u16>,
    pub(super) step_s: Option<u64>,
}

/// A text that is no suite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no OCRA suite; one looks like OCRA-1:HOTP-SHA256-8:QA10-T1M")]
pub struct BadSuite(String);

impl Suite {
    /// Seconds of a time step, where time goes in.
    pub fn step_s(&self) -> Option<u64> {
        self.step_s
    }
}

impl FromStr for Suite {
    type Err = BadSuite;
    fn from_str(text: &str) -> Result<Self, BadSuite> {
        parse(text).ok_or_else(|| BadSuite(text.chars().take(100).collect()))
    }
}

fn parse(text: &str) -> Option<Suite> {
    let (function, data) = text.strip_prefix("OCRA-1:HOTP-")?.split_once(':')?;
    let (name, digits) = function.split_once('-')?;
    let digits = digits.parse().ok().filter(|digits| *digits == 0 || (4..=10).contains(digits))?;
    let mut parts = data.split('-').peekable();
    let counter = parts.next_if_eq(&"C").is_some();
    let question = question(parts.next()?)?;
    let mut suite = Suite {
        text: text.to_owned(),
        hash: hash(name)?,
        digits,
        counter,
        question,
        pin: None,
        session: None,
        step_s: None,
    };
    // In this order, each at most once.
    if let Some(part) = parts.next_if(|part| part.starts_with('P')) {
        suite.pin = Some(hash(&part[1..])?);
    }
    if let Some(part) = parts.next_if(|part| part.starts_with('S')) {
        suite.session = Some(part[1..].parse().ok().filter(|bytes| part.len() == 4 && (1..=512).contains(bytes))?);
    }
    if let Some(part) = parts.next_if(|part| part.starts_with('T')) {
        suite.step_s = Some(step(&part[1..])?);
    }
    parts.next().is_none().then_some(suite)
}

fn hash(name: &str) -> Option<Hash> {
    match name {
        "SHA1" => Some(Hash::Sha1),
        "SHA256" => Some(Hash::Sha256),
        "SHA512" => Some(Hash::Sha512),
        _ => None,
    }
}

fn question(part: &str) -> Option<Question> {
    let format = match part.get(..2)? {
        "QA" => Question::Alphanumeric,
        "QN" => Question::Numeric,
        "QH" => Question::Hexadecimal,
        _ => return None,
    };
    let length: u32 = part[2..].parse().ok()?;
    (part.len() == 4 && (4..=64).contains(&length)).then_some(format)
}

/// 1 to 59 seconds or minutes, or up to 48 hours.
fn step(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let (seconds, most) = match unit {
        "S" => (1, 59),
        "M" => (60, 59),
        "H" => (3600, 48),
        _ => return None,
    };
    let number: u64 = number.parse().ok()?;
    (1..=most).contains(&number).then_some(number * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_suites_of_the_rfc_are_understood() {
        let suite: Suite = "OCRA-1:HOTP-SHA512-8:C-QN08-PSHA1-S064-T10M".parse().unwrap();
        assert_eq!((suite.hash, suite.digits, suite.counter), (Hash::Sha512, 8, true));
        assert_eq!((suite.question, suite.pin), (Question::Numeric, Some(Hash::Sha1)));
        assert_eq!((suite.session, suite.step_s), (Some(64), Some(600)));
        for bad in [
            "",
            "OCRA-2:HOTP-SHA1-6:QN08",
            "OCRA-1:HOTP-MD5-6:QN08",
            "OCRA-1:HOTP-SHA1-3:QN08",
            "OCRA-1:HOTP-SHA1-11:QN08",
            "OCRA-1:HOTP-SHA1-6:",
            "OCRA-1:HOTP-SHA1-6:C",
            "OCRA-1:HOTP-SHA1-6:QX08",
            "OCRA-1:HOTP-SHA1-6:QN8",
            "OCRA-1:HOTP-SHA1-6:QN65",
            "OCRA-1:HOTP-SHA1-6:QN08-T0M",
            "OCRA-1:HOTP-SHA1-6:QN08-T60S",
            "OCRA-1:HOTP-SHA1-6:QN08-T1é",
            "OCRA-1:HOTP-SHA1-6:QN08-T1M-PSHA1",
            "OCRA-1:HOTP-SHA1-6:QN08-X",
        ] {
            assert!(bad.parse::<Suite>().is_err(), "{bad}");
        }
    }
}
