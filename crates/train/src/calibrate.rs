use stillyou_models::keystroke::Calibration;

/// A scored trial.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// Higher is more genuine.
    pub score: f64,
    /// Keystrokes in the probe.
    pub keystrokes: usize,
    /// Whether the template's person typed it.
    pub genuine: bool,
}

/// [`regress`]ion on [`Calibration::terms`].
pub fn fit(trials: &[Trial]) -> Calibration {
    let terms: Vec<_> = trials.iter().map(|t| (Calibration::terms(t.score, t.keystrokes), t.genuine)).collect();
    let [intercept, slope, length_intercept, length_slope] = regress(&terms);
    Calibration { intercept, slope, length_intercept, length_slope }
}

/// Logistic regression of genuineness on some terms with both classes weighing the same, by Newton's method: its
/// log-odds are log-likelihood ratios.
#[allow(clippy::needless_range_loop, reason = "indices of vectors and matrices")]
pub fn regress(trials: &[([f64; 4], bool)]) -> [f64; 4] {
    let genuine = trials.iter().filter(|t| t.1).count().max(1) as f64;
    let impostor = (trials.len() as f64 - genuine).max(1.0);
    let mut w = [0.0; 4];
    for _ in 0..50 {
        let mut gradient = [0.0; 4];
        let mut hessian = [[0.0; 4]; 4];
        for i in 0..4 {
            hessian[i][i] = RIDGE;
            gradient[i] = RIDGE * w[i];
        }
        for (x, is_genuine) in trials {
            let weight = 0.5 / if *is_genuine { genuine } else { impostor };
            let p = 1.0 / (1.0 + (-dot(&w, x)).exp());
            let target = f64::from(u8::from(*is_genuine));
            for i in 0..4 {
                gradient[i] += weight * (p - target) * x[i];
                for j in 0..4 {
                    hessian[i][j] += weight * p * (1.0 - p) * x[i] * x[j];
                }
            }
        }
        let step = solve(hessian, gradient);
        w.iter_mut().zip(step).for_each(|(w, s)| *w -= s);
        if step.iter().all(|s| s.abs() < 1e-10) {
            break;
        }
    }
    w
}

/// Cost of log-likelihood ratios in bits (Brümmer and du Preez 2006): 0 is perfect, 1 says nothing.
pub fn cllr(llrs: impl Iterator<Item = (f64, bool)>) -> f64 {
    let (mut sums, mut counts) = ([0.0; 2], [0.0f64; 2]);
    for (llr, genuine) in llrs {
        let signed: f64 = if genuine { -llr } else { llr };
        sums[usize::from(genuine)] += signed.max(0.0) + (-signed.abs()).exp().ln_1p();
        counts[usize::from(genuine)] += 1.0;
    }
    (sums[0] / counts[0].max(1.0) + sums[1] / counts[1].max(1.0)) / (2.0 * std::f64::consts::LN_2)
}

/// Keeps coefficients finite where the classes are separable.
const RIDGE: f64 = 1e-6;

fn dot(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Gaussian elimination with pivoting.
#[allow(clippy::needless_range_loop, reason = "indices of vectors and matrices")]
fn solve(mut a: [[f64; 4]; 4], mut b: [f64; 4]) -> [f64; 4] {
    for i in 0..4 {
        let pivot = (i..4).max_by(|x, y| a[*x][i].abs().total_cmp(&a[*y][i].abs())).unwrap_or(i);
        a.swap(i, pivot);
        b.swap(i, pivot);
        for row in i + 1..4 {
            let factor = a[row][i] / a[i][i];
            for column in i..4 {
                a[row][column] -= factor * a[i][column];
            }
            b[row] -= factor * b[i];
        }
    }
    let mut x = [0.0; 4];
    for i in (0..4).rev() {
        let known: f64 = (i + 1..4).map(|j| a[i][j] * x[j]).sum();
        x[i] = (b[i] - known) / a[i][i];
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};

    /// Gaussian scores of equal variance have an exactly linear log-likelihood ratio: (m1 − m0)/v · s − (m1² − m0²)/2v.
    #[test]
    fn finds_the_ratio_of_two_gaussians() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let mut trials = Vec::new();
        for i in 0..60_000 {
            let genuine = i % 3 == 0;
            let noise: f64 = (0..12).map(|_| rng.random_range(-0.5..0.5)).sum();
            let score = noise * 0.2 + if genuine { 0.6 } else { 0.1 };
            trials.push(Trial { score, keystrokes: if i % 2 == 0 { 50 } else { 25 }, genuine });
        }
        let fitted = fit(&trials);
        assert!((fitted.slope - 12.5).abs() < 0.7, "{fitted:?}");
        assert!((fitted.intercept + 4.375).abs() < 0.3, "{fitted:?}");
        assert!(fitted.length_slope.abs() < 1.0 && fitted.length_intercept.abs() < 0.5, "{fitted:?}");
        let cost = cllr(trials.iter().map(|t| (fitted.llr_nats(t.score, t.keystrokes), t.genuine)));
        let useless = cllr(trials.iter().map(|t| (0.0, t.genuine)));
        assert!(cost < 0.45 && (useless - 1.0).abs() < 1e-9, "{cost} {useless}");
    }
}
