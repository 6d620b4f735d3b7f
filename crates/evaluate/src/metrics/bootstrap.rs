use super::curve::{Curve, MEASURES};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Resamples behind every interval.
pub const RESAMPLES: usize = 1_000;

/// The bootstrap's stream of the seed; the drawing of impostors uses stream 0.
const STREAM: u64 = 1;

/// 95 % intervals of [`Curve::measure`]: enrolled subjects are drawn with replacement, each with all their trials.
pub fn intervals(curve: &Curve, seed: u64) -> [(f64, f64); MEASURES] {
    let mut values: [Vec<f64>; MEASURES] = std::array::from_fn(|_| Vec::with_capacity(RESAMPLES));
    resample(curve.subjects(), seed, |times| {
        for (all, value) in values.iter_mut().zip(curve.measure(times)) {
            if value.is_finite() {
                all.push(value);
            }
        }
    });
    values.map(|mut values| (percentile(&mut values, 0.025), percentile(&mut values, 0.975)))
}

/// [`RESAMPLES`] draws of `subjects` out of as many with replacement: how often each was drawn.
pub fn resample(subjects: usize, seed: u64, mut each: impl FnMut(&[u32])) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(STREAM);
    let mut times = vec![0u32; subjects];
    for _ in 0..RESAMPLES {
        times.fill(0);
        for _ in 0..subjects {
            if let Some(n) = times.get_mut(rng.random_range(0..subjects)) {
                *n += 1;
            }
        }
        each(&times);
    }
}

/// The value below which the share `p` (0 to 1) of the values lies, interpolated between neighbours; orders the values;
/// not a number when there are none.
pub fn percentile(values: &mut [f64], p: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = p.clamp(0.0, 1.0) * values.len().saturating_sub(1) as f64;
    let (low, high) = (values.get(at.floor() as usize), values.get(at.ceil() as usize));
    match (low, high) {
        (Some(low), Some(high)) if low == high => *low,
        (Some(low), Some(high)) => low + (high - low) * at.fract(),
        _ => f64::NAN,
    }
}
