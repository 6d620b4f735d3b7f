//! Logistic regression, small enough to be fitted wherever it is needed.

/// One example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Example<const N: usize> {
    /// What is known of it.
    pub terms: [f64; N],
    /// What is to be told.
    pub genuine: bool,
    /// How much it counts, above 0.
    pub weight: f64,
}

/// Intercept and slopes that make the examples most likely, with genuine and impostor examples counting alike in all, so
/// that the sum is a log-likelihood ratio in nats. `ridge` holds the slopes back: their squares count that much against an
/// average example. Newton's method (iteratively reweighted least squares); `None` when one class is missing.
pub fn fit<const N: usize>(examples: &[Example<N>], ridge: f64) -> Option<(f64, [f64; N])> {
    let total = |genuine: bool| examples.iter().filter(|e| e.genuine == genuine).map(|e| e.weight).sum::<f64>();
    let totals = [total(false), total(true)];
    if totals.iter().any(|t| !(*t > 0.0)) {
        return None;
    }
    let mut at = vec![0.0; N + 1];
    let mut loss = f64::INFINITY;
    for _ in 0..STEPS {
        let (mut gradient, mut curvature) = (vec![0.0; N + 1], vec![vec![0.0; N + 1]; N + 1]);
        for k in 1..=N {
            gradient[k] = ridge * at[k];
            curvature[k][k] = ridge;
        }
        for e in examples {
            let x: Vec<f64> = std::iter::once(1.0).chain(e.terms).collect();
            let weight = 0.5 * e.weight / totals[usize::from(e.genuine)];
            let p = 1.0 / (1.0 + (-x.iter().zip(&at).map(|(x, a)| x * a).sum::<f64>()).exp());
            let (slope, bend) = (weight * (p - f64::from(e.genuine)), weight * (p * (1.0 - p)).max(1e-9));
            for i in 0..=N {
                gradient[i] += slope * x[i];
                for j in 0..=N {
                    curvature[i][j] += bend * x[i] * x[j];
                }
            }
        }
        let step = solve(curvature, gradient)?;
        // Halved until it helps: a full step can leap out of where the curvature holds.
        let mut part = 1.0;
        let (next, lower) = loop {
            let next: Vec<f64> = at.iter().zip(&step).map(|(a, s)| a - part * s).collect();
            let lower = cost(examples, &next, totals, ridge);
            if lower <= loss || part < 1e-6 {
                break (next, lower);
            }
            part *= 0.5;
        };
        at = next;
        if loss - lower < 1e-12 {
            break;
        }
        loss = lower;
    }
    Some((at[0], std::array::from_fn(|k| at[k + 1])))
}

fn cost<const N: usize>(examples: &[Example<N>], at: &[f64], totals: [f64; 2], ridge: f64) -> f64 {
    let one = |e: &Example<N>| {
        let sum = at[0] + e.terms.iter().zip(&at[1..]).map(|(x, a)| x * a).sum::<f64>();
        let x = if e.genuine { -sum } else { sum };
        0.5 * e.weight / totals[usize::from(e.genuine)] * (x.max(0.0) + (-x.abs()).exp().ln_1p())
    };
    examples.iter().map(one).sum::<f64>() + 0.5 * ridge * at[1..].iter().map(|a| a * a).sum::<f64>()
}

/// `a x = b` by Gauss' elimination with pivots; `None` when there is no single answer.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let n = b.len();
    for k in 0..n {
        let pivot = (k..n).max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs()))?;
        if !(a[pivot][k].abs() > 1e-300) {
            return None;
        }
        a.swap(k, pivot);
        b.swap(k, pivot);
        for i in k + 1..n {
            let factor = a[i][k] / a[k][k];
            for j in k..n {
                a[i][j] -= factor * a[k][j];
            }
            b[i] -= factor * b[k];
        }
    }
    for k in (0..n).rev() {
        let rest: f64 = (k + 1..n).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - rest) / a[k][k];
    }
    Some(b)
}

const STEPS: usize = 100;
