use crate::CaseId;
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// Crockford's base 32: no letter that is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code, the last of which checks the others.
const LENGTH: usize = 10;

/// A case's name for the telephone: ten letters and digits, 45 bits of SHA-256 of its identifier and a check letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShortCode([u8; LENGTH]);

/// A text that is no short code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCode {
    /// Too long, too short, or with other letters.
    #[error("a case's code is ten letters and digits, like 4T7QK-0M2XH")]
    Shape,
    /// The check letter does not fit the others.
    #[error("the code was misheard or mistyped: its last letter does not fit the others")]
    Check,
}

impl ShortCode {
    /// The code of a case.
    pub fn of(case: CaseId) -> Self {
        let hash = Sha256::new().chain_update(b"stillyou case\0").chain_update(case.as_bytes()).finalize();
        let mut code = [0; LENGTH];
        for (place, byte) in code.iter_mut().zip(hash) {
            *place = ALPHABET[usize::from(byte % 32)];
        }
        code[LENGTH - 1] = check(&code);
        Self(code)
    }

    /// Its ten letters without a dash.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = self.as_str().split_at(LENGTH / 2);
        write!(f, "{left}-{right}")
    }
}

impl FromStr for ShortCode {
    type Err = BadCode;
    /// As it is heard: in any case, with or without dashes and spaces, O for 0, I and L for 1.
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let said = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let said: Vec<u8> = said.take(LENGTH + 1).map(|c| u8::try_from(c).unwrap_or(0)).collect();
        let code: [u8; LENGTH] = said.try_into().map_err(|_| BadCode::Shape)?;
        if code.iter().any(|letter| value(*letter).is_none()) {
            return Err(BadCode::Shape);
        }
        if check(&code) == code[LENGTH - 1] { Ok(Self(code)) } else { Err(BadCode::Check) }
    }
}

/// Sum of the values, each times an odd number of its own: finds every single wrong letter, and most swaps of neighbours.
fn check(code: &[u8; LENGTH]) -> u8 {
    let weighted = code[..LENGTH - 1].iter().zip((1..).step_by(2));
    let sum: usize = weighted.map(|(letter, weight)| weight * value(*letter).unwrap_or(0)).sum();
    ALPHABET[sum % 32]
}

fn value(letter: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_understood_as_it_is_said() {
        let code = ShortCode::of(CaseId::new([7; 16]));
        assert_eq!(code.to_string().parse(), Ok(code));
        let said = code.as_str().to_lowercase().replace('0', "o").replace('1', "l");
        assert_eq!(said.parse(), Ok(code));
        assert_eq!("short".parse::<ShortCode>(), Err(BadCode::Shape));
        assert_eq!("ABCDEFGHJ!".parse::<ShortCode>(), Err(BadCode::Shape));
    }

    #[test]
    fn every_single_wrong_letter_is_found() {
        let code = ShortCode::of(CaseId::new([9; 16]));
        for place in 0..LENGTH {
            for letter in ALPHABET {
                let mut wrong = code.0;
                wrong[place] = *letter;
                let read = std::str::from_utf8(&wrong).unwrap().parse::<ShortCode>();
                assert_eq!(read.is_ok(), wrong == code.0);
            }
        }
    }
}
