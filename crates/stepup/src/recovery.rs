use crate::slow_hash::{MEMORY_KIB, MOST_MEMORY_KIB, MOST_PASSES, PASSES, is_sound, same, slow_hash};
use crate::{FactorError, Typed};
use serde::{Deserialize, Serialize};
use stillyou_desktop_os::secret::Secret;
use stillyou_trust::Factor;
use zeroize::Zeroizing;

/// Codes made at a time.
const CODES: usize = 10;
/// Letters of a code, of five bits each: 80 random bits.
const LETTERS: usize = 16;
/// Crockford's base 32: no letter that is taken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is stored of a person's recovery codes: an Argon2id hash of each that was not used.
///
/// They share a salt, so that a try costs one hash and not ten: the codes are random, and no two are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Stored")]
pub struct RecoveryCodes {
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    left: Vec<[u8; 32]>,
}

/// Codes that can't be made, or stored ones that can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRecoveryCodes {
    /// The system gives no random numbers.
    #[error("the operating system's random source failed")]
    NoRandom,
    /// More memory or passes than is sound, or none.
    #[error(
        "the stored recovery codes ask for {0} KiB and {1} passes; at most {MOST_MEMORY_KIB} and {MOST_PASSES} are taken"
    )]
    Cost(u32, u32),
    /// More than were ever made.
    #[error("{0} recovery codes are stored; at most {CODES} are made")]
    Count(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    left: Vec<[u8; 32]>,
}

/// Stores the codes that are left, durably.
type Keep = Box<dyn FnMut(&RecoveryCodes) -> Result<(), String> + Send>;

/// Recovery codes as a factor.
pub struct RecoveryFactor {
    codes: RecoveryCodes,
    keep: Keep,
}

impl RecoveryCodes {
    /// Ten new codes, to be shown once, and what to store of them. Codes from before don't work any more.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<(Vec<Zeroizing<String>>, Self), BadRecoveryCodes> {
        let mut stored = Self { salt: [0; 16], memory_kib: MEMORY_KIB, passes: PASSES, left: Vec::new() };
        getrandom::fill(&mut stored.salt).map_err(|_| BadRecoveryCodes::NoRandom)?;
        let mut shown = Vec::with_capacity(CODES);
        for _ in 0..CODES {
            let mut random = Zeroizing::new([0; LETTERS]);
            getrandom::fill(random.as_mut_slice()).map_err(|_| BadRecoveryCodes::NoRandom)?;
            let letters: Zeroizing<Vec<u8>> =
                Zeroizing::new(random.iter().map(|byte| ALPHABET[usize::from(byte % 32)]).collect());
            let cost = BadRecoveryCodes::Cost(stored.memory_kib, stored.passes);
            stored.left.push(stored.hash(&letters).ok_or(cost)?);
            shown.push(in_groups(&letters));
        }
        Ok((shown, stored))
    }

    /// How many were not used.
    pub fn left(&self) -> usize {
        self.left.len()
    }

    /// The place of the code that was typed.
    fn find(&self, typed: &[u8]) -> Result<Option<usize>, FactorError> {
        let Some(letters) = as_heard(typed) else { return Ok(None) };
        let hash = self.hash(&letters).ok_or_else(|| FactorError::Unavailable("Argon2 takes no such cost".into()))?;
        Ok(self.left.iter().position(|other| same(other, &hash)))
    }

    fn hash(&self, letters: &[u8]) -> Option<[u8; 32]> {
        slow_hash(letters, &self.salt, self.memory_kib, self.passes)
    }
}

impl RecoveryFactor {
    /// `codes` is what `keep` stored last. `keep` must store what is left where it outlives the agent; a code whose use can't be
    /// stored does not verify.
    pub fn new(codes: RecoveryCodes, keep: impl FnMut(&RecoveryCodes) -> Result<(), String> + Send + 'static) -> Self {
        Self { codes, keep: Box::new(keep) }
    }

    /// How many codes were not used.
    pub fn left(&self) -> usize {
        self.codes.left()
    }
}

impl Typed for RecoveryFactor {
    fn factor(&self) -> Factor {
        Factor::RecoveryCode
    }

    fn check(&mut self, secret: &Secret) -> Result<(), FactorError> {
        let place = self.codes.find(secret.expose())?.ok_or(FactorError::Wrong)?;
        let mut less = self.codes.clone();
        less.left.remove(place);
        (self.keep)(&less)
            .map_err(|why| FactorError::Unavailable(format!("the use of the code can't be stored: {why}")))?;
        self.codes = less;
        Ok(())
    }
}

impl TryFrom<Stored> for RecoveryCodes {
    type Error = BadRecoveryCodes;
    fn try_from(stored: Stored) -> Result<Self, BadRecoveryCodes> {
        let Stored { salt, memory_kib, passes, left } = stored;
        if !is_sound(memory_kib, passes) {
            return Err(BadRecoveryCodes::Cost(memory_kib, passes));
        }
        if left.len() > CODES {
            return Err(BadRecoveryCodes::Count(left.len()));
        }
        Ok(Self { salt, memory_kib, passes, left })
    }
}

/// `4T7Q-K0M2-XH9B-61RD`.
fn in_groups(letters: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(LETTERS + LETTERS / 4));
    for (place, letter) in letters.iter().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(*letter as char);
    }
    text
}

/// The sixteen letters of what was typed: in any case, with or without dashes and spaces, O for 0, I and L for 1.
fn as_heard(typed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut letters = Zeroizing::new(Vec::with_capacity(typed.len()));
    letters.extend(typed.iter().filter(|byte| !matches!(byte, b'-' | b' ')).map(
        |byte| match byte.to_ascii_uppercase() {
            b'O' => b'0',
            b'I' | b'L' => b'1',
            other => other,
        },
    ));
    (letters.len() == LETTERS && letters.iter().all(|letter| ALPHABET.contains(letter))).then_some(letters)
}

#[cfg(test)]
mod tests;
