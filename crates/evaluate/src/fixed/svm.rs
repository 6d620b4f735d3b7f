/// A one-class support vector machine with a radial kernel `exp(−γ |x − y|²)`.
///
/// Schölkopf, Platt, Shawe-Taylor, Smola, Williamson (2001), solved as libsvm does (Chang and Lin, 2011): minimise
/// `½ αᵀKα` with `0 ≤ α ≤ 1`, `Σα = ν n`, by pairs that violate the optimum most.
#[derive(Clone, Debug)]
pub struct OneClass {
    support: Vec<(f64, Vec<f64>)>,
    gamma: f64,
    rho: f64,
}

impl OneClass {
    /// Trained on points of one length; `nu` from 0 (excluded) to 1.
    pub fn train(points: &[Vec<f64>], nu: f64, gamma: f64) -> Self {
        let n = points.len();
        let kernel: Vec<Vec<f64>> =
            points.iter().map(|x| points.iter().map(|y| radial(x, y, gamma)).collect()).collect();
        let mut left = nu * n as f64;
        let mut alpha: Vec<f64> = Vec::with_capacity(n);
        for _ in 0..n {
            let a = left.clamp(0.0, 1.0);
            left -= a;
            alpha.push(a);
        }
        let mut gradient: Vec<f64> =
            kernel.iter().map(|row| row.iter().zip(&alpha).map(|(k, a)| k * a).sum()).collect();
        for _ in 0..STEPS_A_POINT * n {
            let Some((up, down)) = worst_pair(&alpha, &gradient) else { break };
            if gradient[down] - gradient[up] < TOLERANCE {
                break;
            }
            let curvature = (kernel[up][up] + kernel[down][down] - 2.0 * kernel[up][down]).max(1e-12);
            let step = ((gradient[down] - gradient[up]) / curvature).min(1.0 - alpha[up]).min(alpha[down]);
            alpha[up] += step;
            alpha[down] -= step;
            for (g, (u, d)) in gradient.iter_mut().zip(kernel[up].iter().zip(&kernel[down])) {
                *g += step * (u - d);
            }
        }
        let rho = threshold(&alpha, &gradient);
        let support = alpha.into_iter().zip(points).filter(|(a, _)| *a > 0.0).map(|(a, p)| (a, p.clone())).collect();
        Self { support, gamma, rho }
    }

    /// Above 0 inside.
    pub fn decision(&self, x: &[f64]) -> f64 {
        self.support.iter().map(|(a, p)| a * radial(p, x, self.gamma)).sum::<f64>() - self.rho
    }
}

fn radial(x: &[f64], y: &[f64], gamma: f64) -> f64 {
    (-gamma * x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum::<f64>()).exp()
}

/// The point to give weight to and the one to take it from.
fn worst_pair(alpha: &[f64], gradient: &[f64]) -> Option<(usize, usize)> {
    let by_gradient = |i: &usize, j: &usize| gradient[*i].total_cmp(&gradient[*j]);
    let up = (0..alpha.len()).filter(|i| alpha[*i] < 1.0).min_by(by_gradient)?;
    let down = (0..alpha.len()).filter(|i| alpha[*i] > 0.0).max_by(by_gradient)?;
    Some((up, down))
}

/// The mean gradient of the points on the boundary; without any, the middle between those in and those out.
fn threshold(alpha: &[f64], gradient: &[f64]) -> f64 {
    let free: Vec<f64> = alpha.iter().zip(gradient).filter(|(a, _)| **a > 0.0 && **a < 1.0).map(|(_, g)| *g).collect();
    if !free.is_empty() {
        return free.iter().sum::<f64>() / free.len() as f64;
    }
    let of = |full: bool| alpha.iter().zip(gradient).filter(move |(a, _)| (**a >= 1.0) == full).map(|(_, g)| *g);
    let (most, least) = (of(true).fold(f64::NEG_INFINITY, f64::max), of(false).fold(f64::INFINITY, f64::min));
    match (most.is_finite(), least.is_finite()) {
        (true, true) => 0.5 * (most + least),
        (true, false) => most,
        _ => least,
    }
}

const TOLERANCE: f64 = 1e-9;
const STEPS_A_POINT: usize = 1_000;
