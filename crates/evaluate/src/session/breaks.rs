use super::figures::PER_8H;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// How long a break lasts. Assumed.
pub const BREAK: Duration = Duration::from_secs(600);

/// When somebody leaves the desk: as likely at any key.
#[derive(Clone)]
pub struct Breaks {
    chance: ChaCha8Rng,
    /// How likely one begins before the next evidence.
    likely: f64,
}

impl Breaks {
    /// So many breaks in 8 hours of active use; `stride` keystrokes lie between evidence.
    pub fn new(per_8h: u32, stride: usize, seed: u64) -> Self {
        let likely = (f64::from(per_8h) * stride as f64 / PER_8H).min(1.0);
        Self { chance: ChaCha8Rng::seed_from_u64(seed), likely }
    }

    /// Whether one begins now.
    pub fn begins(&mut self) -> bool {
        self.chance.random_bool(self.likely)
    }
}
