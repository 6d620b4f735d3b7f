mod rules;
#[cfg(test)]
mod tests;

use crate::slow_hash::{MEMORY_KIB, MOST_MEMORY_KIB, MOST_PASSES, PASSES, is_sound, same, slow_hash};
use crate::{FactorError, Typed};
use serde::{Deserialize, Serialize};
use stillyou_desktop_os::secret::Secret;
use stillyou_trust::Factor;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use rules::TooEasy;

/// NFKC makes at most so many bytes of one (U+FDFA: three bytes become thirty-three).
const MOST_GROWTH: usize = 11;

/// What is stored of a person's pass-phrase: an Argon2id hash of its text in Unicode's form NFKC, so that another keyboard or
/// system that composes letters in another way types the same one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "Stored")]
pub struct PassPhrase {
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    hash: [u8; 32],
}

/// A pass-phrase that can't be taken, or a stored one that can't be used. Says nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassPhrase {
    /// It can be guessed.
    #[error(transparent)]
    TooEasy(#[from] TooEasy),
    /// It is no text.
    #[error("the pass-phrase is not UTF-8 text")]
    NoText,
    /// The system gives no random numbers.
    #[error("the operating system's random source failed")]
    NoRandom,
    /// More memory or passes than is sound, or none.
    #[error(
        "the stored pass-phrase asks for {0} KiB and {1} passes; at most {MOST_MEMORY_KIB} and {MOST_PASSES} are taken"
    )]
    Cost(u32, u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    hash: [u8; 32],
}

impl PassPhrase {
    /// What to store of a new pass-phrase. `names` are words that it must not live on: the person's own.
    ///
    /// # Errors
    /// When it can be guessed, is no text, or the system gives no random numbers.
    pub fn new(typed: &Secret, names: &[&str]) -> Result<Self, BadPassPhrase> {
        let text = normalised(typed).ok_or(BadPassPhrase::NoText)?;
        rules::check(&text, names)?;
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(|_| BadPassPhrase::NoRandom)?;
        let hash = slow_hash(text.as_bytes(), &salt, MEMORY_KIB, PASSES);
        let hash = hash.ok_or(BadPassPhrase::Cost(MEMORY_KIB, PASSES))?;
        Ok(Self { salt, memory_kib: MEMORY_KIB, passes: PASSES, hash })
    }
}

/// A pass-phrase as a factor.
pub struct PassPhraseFactor(PassPhrase);

impl PassPhraseFactor {
    /// The one that is stored.
    pub fn new(stored: PassPhrase) -> Self {
        Self(stored)
    }
}

impl Typed for PassPhraseFactor {
    fn factor(&self) -> Factor {
        Factor::PassPhrase
    }

    fn check(&mut self, secret: &Secret) -> Result<(), FactorError> {
        let Self(PassPhrase { salt, memory_kib, passes, hash }) = self;
        let text = normalised(secret).ok_or(FactorError::Wrong)?;
        let typed = slow_hash(text.as_bytes(), salt, *memory_kib, *passes);
        let typed = typed.ok_or_else(|| FactorError::Unavailable("Argon2 takes no such cost".into()))?;
        if same(hash, &typed) { Ok(()) } else { Err(FactorError::Wrong) }
    }
}

impl TryFrom<Stored> for PassPhrase {
    type Error = BadPassPhrase;
    fn try_from(stored: Stored) -> Result<Self, BadPassPhrase> {
        let Stored { salt, memory_kib, passes, hash } = stored;
        let sound = is_sound(memory_kib, passes);
        if sound { Ok(Self { salt, memory_kib, passes, hash }) } else { Err(BadPassPhrase::Cost(memory_kib, passes)) }
    }
}

/// The room is made once, so that growing leaves no copy.
fn normalised(typed: &Secret) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(typed.expose()).ok()?;
    let mut normal = Zeroizing::new(String::with_capacity(MOST_GROWTH * text.len()));
    normal.extend(text.nfkc());
    Some(normal)
}
