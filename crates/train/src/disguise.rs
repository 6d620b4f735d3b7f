//! People who don't exist, made from people who do: speakers are multiplied so by speed perturbation (Yamamoto et al. 2019).

use rand::Rng;
use stillyou_models::keystroke::{KeyDetail, Stroke, TOKENS};
use stillyou_recordings::normal;

/// One person's typing made into somebody else's: holds and gaps of each kind of movement longer or shorter, the same way
/// in all their windows.
pub struct Disguise {
    /// Factor on the hold, by movement.
    hold: Vec<f64>,
    /// Factor on the time since the press before, by movement.
    gap: Vec<f64>,
}

/// Standard deviations of the logarithms of the factors.
const OF_ALL: f64 = 0.12;
const OF_ONE: f64 = 0.08;

impl Disguise {
    /// Somebody drawn.
    pub fn draw(rng: &mut impl Rng) -> Self {
        let mut factors = || {
            let all = OF_ALL * normal(rng);
            (0..TOKENS).map(|_| (all + OF_ONE * normal(rng)).exp()).collect()
        };
        Self { hold: factors(), gap: factors() }
    }

    /// Puts the disguise on a window.
    pub fn put_on(&self, window: &mut [Stroke]) {
        let mut before = window.first().map_or((0, 0), |s| (s.pressed_us, s.pressed_us));
        for stroke in window {
            let movement = usize::from(KeyDetail::Movements.of(stroke.token));
            let (real, made_up) = before;
            let gap = (stroke.pressed_us - real) as f64 * self.gap[movement];
            let hold = (stroke.released_us - stroke.pressed_us) as f64 * self.hold[movement];
            before = (stroke.pressed_us, made_up + gap as i64);
            stroke.pressed_us = before.1;
            stroke.released_us = before.1 + hold as i64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn all_windows_of_one_are_disguised_alike_and_stay_in_order() {
        let stroke =
            |n: i64| Stroke { token: 11 + (n % 10) as u8, pressed_us: n * 150_000, released_us: n * 150_000 + 90_000 };
        let window: Vec<Stroke> = (0..40).map(stroke).collect();
        let disguise = Disguise::draw(&mut ChaCha8Rng::seed_from_u64(1));
        let (mut once, mut later) = (window.clone(), window[10..].to_vec());
        disguise.put_on(&mut once);
        disguise.put_on(&mut later);
        let times = |w: &[Stroke]| -> Vec<(i64, i64)> {
            w.windows(2).map(|p| (p[1].pressed_us - p[0].pressed_us, p[1].released_us - p[1].pressed_us)).collect()
        };
        let near = |a: &(i64, i64), b: &(i64, i64)| (a.0 - b.0).abs() <= 1 && (a.1 - b.1).abs() <= 1;
        assert!(times(&once[10..]).iter().zip(&times(&later)).all(|(a, b)| near(a, b)));
        assert!(times(&once).iter().all(|(gap, hold)| *gap > 0 && *hold > 0));
        assert_ne!(times(&once), times(&window));
    }
}
