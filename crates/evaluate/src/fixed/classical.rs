use super::svm::OneClass;
use stillyou_sense::keyboard::Keystroke;

/// A detector of the literature, on the same splits as ours. A repetition is its holds, its times from press to press and
/// from release to press, in seconds (Killourhy and Maxion, DSN 2009).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Classical {
    /// City-block distance to the mean.
    Manhattan,
    /// City-block distance to the mean, each time divided by its mean absolute deviation.
    ScaledManhattan,
    /// Distance to the mean under the inverse covariance of the training repetitions. Press to press is hold plus
    /// release to press, so the third is left out: the pseudo-inverse over all gives the same distance.
    Mahalanobis,
    /// One-class support vectors (Schölkopf and others, 2001): ν 0.5, kernel exp(−|x − y|² / n) on standardised times.
    OneClassSvm,
    /// Scaled Manhattan on logarithms of holds and times from press to press, held between 10 ms and 2 s. Not of the paper;
    /// it is the best of the simple ones we know.
    ScaledManhattanOnLogs,
}

impl Classical {
    /// Every one, in the order of reports.
    pub const ALL: [Classical; 5] = [
        Classical::Manhattan,
        Classical::ScaledManhattan,
        Classical::Mahalanobis,
        Classical::OneClassSvm,
        Classical::ScaledManhattanOnLogs,
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Classical::Manhattan => "manhattan",
            Classical::ScaledManhattan => "scaled_manhattan",
            Classical::Mahalanobis => "mahalanobis",
            Classical::OneClassSvm => "one_class_svm",
            Classical::ScaledManhattanOnLogs => "scaled_manhattan_on_logs",
        }
    }

    /// What it looks at of one repetition.
    pub fn times(self, repetition: &[Keystroke]) -> Vec<f64> {
        let hold = repetition.iter().map(|k| k.released_at.signed_since(k.pressed_at) as f64 / 1e6);
        let pairs = || repetition.windows(2);
        let press = pairs().map(|p| p[1].pressed_at.signed_since(p[0].pressed_at) as f64 / 1e6);
        let release = pairs().map(|p| p[1].pressed_at.signed_since(p[0].released_at) as f64 / 1e6);
        match self {
            Classical::Mahalanobis => hold.chain(press).collect(),
            Classical::ScaledManhattanOnLogs => hold.chain(press).map(|t| t.clamp(0.01, 2.0).ln()).collect(),
            _ => hold.chain(press).chain(release).collect(),
        }
    }

    /// The detector trained on one person's repetitions, as [`Classical::times`] gives them; at least one.
    pub fn train(self, of: &[Vec<f64>]) -> Trained {
        let mean = mean(of);
        match self {
            Classical::Manhattan => Trained::Scaled { scale: vec![1.0; mean.len()], mean },
            Classical::ScaledManhattan | Classical::ScaledManhattanOnLogs => {
                let deviation = |at: usize| of.iter().map(|x| (x[at] - mean[at]).abs()).sum::<f64>() / of.len() as f64;
                let scale = (0..mean.len()).map(|at| deviation(at).max(LEAST)).collect();
                Trained::Scaled { mean, scale }
            }
            Classical::Mahalanobis => Trained::Covariance { inverse: pseudo_inverse(covariance(of, &mean)), mean },
            Classical::OneClassSvm => {
                let scale: Vec<f64> = (0..mean.len())
                    .map(|at| (of.iter().map(|x| (x[at] - mean[at]).powi(2)).sum::<f64>() / of.len() as f64).sqrt())
                    .map(|s| s.max(LEAST))
                    .collect();
                let standard: Vec<Vec<f64>> = of.iter().map(|x| standardise(x, &mean, &scale)).collect();
                let svm = OneClass::train(&standard, 0.5, 1.0 / mean.len().max(1) as f64);
                Trained::Svm { mean, scale, svm }
            }
        }
    }
}

/// A trained detector.
#[derive(Clone, Debug)]
pub enum Trained {
    /// City-block.
    Scaled {
        /// Of every time.
        mean: Vec<f64>,
        /// What differences are divided by.
        scale: Vec<f64>,
    },
    /// Mahalanobis.
    Covariance {
        /// Of every time.
        mean: Vec<f64>,
        /// Of the covariance.
        inverse: Vec<Vec<f64>>,
    },
    /// Support vectors.
    Svm {
        /// Of every time.
        mean: Vec<f64>,
        /// Standard deviations.
        scale: Vec<f64>,
        /// On standardised times.
        svm: OneClass,
    },
}

impl Trained {
    /// Higher is more genuine.
    pub fn score(&self, times: &[f64]) -> f64 {
        match self {
            Trained::Scaled { mean, scale } => {
                -times.iter().zip(mean).zip(scale).map(|((x, m), s)| (x - m).abs() / s).sum::<f64>()
            }
            Trained::Covariance { mean, inverse } => {
                let off: Vec<f64> = times.iter().zip(mean).map(|(x, m)| x - m).collect();
                let row = |r: &Vec<f64>| r.iter().zip(&off).map(|(a, b)| a * b).sum::<f64>();
                -inverse.iter().zip(&off).map(|(r, o)| o * row(r)).sum::<f64>().max(0.0).sqrt()
            }
            Trained::Svm { mean, scale, svm } => svm.decision(&standardise(times, mean, scale)),
        }
    }
}

/// Where a time never varies, a deviation of it is not infinitely far.
const LEAST: f64 = 1e-6;

fn mean(of: &[Vec<f64>]) -> Vec<f64> {
    let n = of.len() as f64;
    (0..of.first().map_or(0, Vec::len)).map(|at| of.iter().map(|x| x[at]).sum::<f64>() / n).collect()
}

fn standardise(x: &[f64], mean: &[f64], scale: &[f64]) -> Vec<f64> {
    x.iter().zip(mean).zip(scale).map(|((x, m), s)| (x - m) / s).collect()
}

fn covariance(of: &[Vec<f64>], mean: &[f64]) -> Vec<Vec<f64>> {
    let n = (of.len() as f64 - 1.0).max(1.0);
    let entry = |i: usize, j: usize| of.iter().map(|x| (x[i] - mean[i]) * (x[j] - mean[j])).sum::<f64>() / n;
    (0..mean.len()).map(|i| (0..mean.len()).map(|j| entry(i, j)).collect()).collect()
}

/// Of a symmetric matrix, by Jacobi's rotations; directions without variance count nothing.
fn pseudo_inverse(mut a: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = a.len();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(i == j)).collect()).collect();
    for _ in 0..60 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j].powi(2)).sum();
        let on: f64 = (0..n).map(|i| a[i][i].powi(2)).sum();
        if off <= 1e-26 * on {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let largest = (0..n).map(|i| a[i][i]).fold(0.0, f64::max);
    let kept: Vec<usize> = (0..n).filter(|i| a[*i][*i] > 1e-12 * largest).collect();
    let entry = |i: usize, j: usize| kept.iter().map(|k| vectors[i][*k] * vectors[j][*k] / a[*k][*k]).sum::<f64>();
    (0..n).map(|i| (0..n).map(|j| entry(i, j)).collect()).collect()
}

/// The rotation that makes `a[p][q]` 0.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for row in a.iter_mut().chain(vectors) {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    for k in 0..a.len() {
        (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]);
    }
}
