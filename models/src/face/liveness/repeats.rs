use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher};

/// Knows frames again. A sensor's noise never comes twice; a recording's does.
///
/// Keeps salted 64-bit marks of the last frames in memory, no picture, and nothing that outlives the process.
#[derive(Debug)]
pub struct Repeats {
    salt: std::hash::RandomState,
    marks: VecDeque<u64>,
    /// Frames known again among those taken.
    again: u32,
    taken: u32,
}

/// Marks that are kept: half an hour of the camera being on, at ten frames a second.
const KEPT: usize = 18_000;

/// So few grey values in a frame make it no picture: darkness repeats by itself.
const LEAST_VALUES: usize = 16;

impl Default for Repeats {
    fn default() -> Self {
        Self { salt: std::hash::RandomState::new(), marks: VecDeque::new(), again: 0, taken: 0 }
    }
}

impl Repeats {
    /// Takes a frame's bytes; whether the same were there before.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        let mut values = [false; 256];
        bytes.iter().for_each(|b| values[usize::from(*b)] = true);
        if values.iter().filter(|v| **v).count() < LEAST_VALUES {
            return false;
        }
        let mut hasher = self.salt.build_hasher();
        hasher.write(bytes);
        let mark = hasher.finish();
        let known = self.marks.contains(&mark);
        if !known {
            self.marks.push_back(mark);
        }
        if self.marks.len() > KEPT {
            self.marks.pop_front();
        }
        self.taken = self.taken.saturating_add(1);
        self.again = self.again.saturating_add(u32::from(known));
        known
    }

    /// Begins to count anew; the marks stay, as what was shown in one look may be shown again in another.
    pub fn settle(&mut self) {
        (self.again, self.taken) = (0, 0);
    }

    /// The share of frames since the last [`Repeats::settle`] that were known; 0 before the first.
    pub fn share(&self) -> f64 {
        if self.taken == 0 { 0.0 } else { f64::from(self.again) / f64::from(self.taken) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};

    fn clip(frames: u64) -> Vec<Vec<u8>> {
        let frame = |seed| rand_chacha::ChaCha8Rng::seed_from_u64(seed).random_iter().take(4096).collect();
        (0..frames).map(frame).collect()
    }

    #[test]
    fn a_clip_that_is_played_again_is_known_and_a_live_camera_is_not() {
        let mut repeats = Repeats::default();
        let clip = clip(40);
        assert!(clip.iter().all(|f| !repeats.push(f)));
        assert_eq!(repeats.share(), 0.0);
        repeats.settle();
        assert!(clip[7..17].iter().all(|f| repeats.push(f)), "in another look");
        assert_eq!(repeats.share(), 1.0);
    }

    #[test]
    fn darkness_is_no_recording() {
        let mut repeats = Repeats::default();
        assert!((0..10).all(|_| !repeats.push(&[3; 4096])));
        assert_eq!(repeats.share(), 0.0);
    }
}
