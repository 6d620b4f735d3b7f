use super::FixedError;
use stillyou_sense::keyboard::Keystroke;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The shortest text.
pub const MIN_KEYS: usize = 4;

/// The longest text.
pub const MAX_KEYS: usize = 100;

/// What a time is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// How long a key was down.
    Hold,
    /// From one press to the next.
    PressToPress,
    /// From a release to the next press; below 0 where keys overlap.
    ReleaseToPress,
}

/// Every kind, in the order of a rhythm's values.
pub const KINDS: [Kind; 3] = [Kind::Hold, Kind::PressToPress, Kind::ReleaseToPress];

/// The times of one repetition of a text, without its keys. Wiped from memory when dropped.
///
/// For `n` keys `3n − 2` values: `n` holds, `n − 1` from press to press, `n − 1` from release to press. A hold of `t`
/// seconds is `ln t`, held between 20 ms and 2 s; the others are `asinh(t / 0.1 s)`, held between −1 and 10 s.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Rhythm {
    keys: usize,
    values: Vec<f32>,
}

impl Rhythm {
    /// The rhythm of one repetition.
    ///
    /// # Errors
    /// When there are too few or too many keystrokes, or they are out of order.
    pub fn of(repetition: &[Keystroke]) -> Result<Self, FixedError> {
        let keys = repetition.len();
        if !(MIN_KEYS..=MAX_KEYS).contains(&keys) {
            return Err(FixedError::Length { keys });
        }
        let mut values = Vec::with_capacity(3 * keys - 2);
        for k in repetition {
            let hold_us = k.released_at.signed_since(k.pressed_at);
            if hold_us < 0 {
                return Err(FixedError::Order);
            }
            values.push((hold_us as f64 / 1e6).clamp(0.02, 2.0).ln() as f32);
        }
        let gap = |us: i64| (us as f64 / 1e6).clamp(-1.0, 10.0);
        for pair in repetition.windows(2) {
            let us = pair[1].pressed_at.signed_since(pair[0].pressed_at);
            if us < 0 {
                return Err(FixedError::Order);
            }
            values.push((gap(us) / 0.1).asinh() as f32);
        }
        for pair in repetition.windows(2) {
            let us = pair[1].pressed_at.signed_since(pair[0].released_at);
            values.push((gap(us) / 0.1).asinh() as f32);
        }
        Ok(Self { keys, values })
    }

    /// How many keys the text has.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// The values, kind by kind.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// From values as [`Rhythm::values`] gives them.
    pub(super) fn from_values(keys: usize, values: Vec<f32>) -> Self {
        Self { keys, values }
    }
}

impl std::fmt::Debug for Rhythm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rhythm({} keys, times hidden)", self.keys)
    }
}

/// The kind of the value at `at` of a text of `keys` keys.
pub(super) fn kind(at: usize, keys: usize) -> Kind {
    match at {
        _ if at < keys => Kind::Hold,
        _ if at < 2 * keys - 1 => Kind::PressToPress,
        _ => Kind::ReleaseToPress,
    }
}
