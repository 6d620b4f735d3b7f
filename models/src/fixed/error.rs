use super::{MAX_KEYS, MIN_KEYS, MIN_REPETITIONS};
use thiserror::Error;

/// Why a pass-phrase can't be learnt or compared.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FixedError {
    /// The text is too short or too long.
    #[error("{keys} keys; a pass-phrase must have {MIN_KEYS} to {MAX_KEYS}")]
    Length {
        /// How many there are.
        keys: usize,
    },
    /// The times contradict each other.
    #[error("keystrokes out of order; they must come by press time, each released no earlier than pressed")]
    Order,
    /// Another text, or a slip of the finger.
    #[error("{keys} keys were typed; this pass-phrase has {expected}: type it again without corrections")]
    OtherText {
        /// How many were typed.
        keys: usize,
        /// How many it has.
        expected: usize,
    },
    /// Too little to learn from.
    #[error("{repetitions} repetitions; at least {MIN_REPETITIONS} are needed: type it again")]
    TooFew {
        /// How many there are.
        repetitions: usize,
    },
    /// Nobody to compare with.
    #[error("a population needs at least one person")]
    Nobody,
    /// The bytes are not a template this program understands.
    #[error("not a pass-phrase template: {0}")]
    Format(&'static str),
}
