use super::masks::{CELLS, Mask};

/// Pulls cells towards nothing: what few masks leave open is not made up. Not tuned; what it is worth, the deletion test of
/// `evaluate face --occlusion` tells.
const PULL: f64 = 3.0;

/// Width of the kernel by which masks near the whole face count for more, in cosine distance: LIME's own.
const KERNEL: f64 = 0.25;

/// What showing each cell adds to a response, by weighted ridge regression; `None` where there is no mask.
pub fn ridge(masks: &[Mask], responses: &[f64]) -> Option<Vec<f64>> {
    let weights: Vec<f64> = masks.iter().map(|mask| (-((1.0 - mask.shown().sqrt()) / KERNEL).powi(2)).exp()).collect();
    let total: f64 = weights.iter().sum();
    if total == 0.0 || masks.len() != responses.len() {
        return None;
    }
    let mean = |of: &dyn Fn(usize) -> f64| (0..masks.len()).map(|i| weights[i] * of(i)).sum::<f64>() / total;
    let shown = |i: usize, cell: usize| f64::from(!masks[i].covers(cell));
    let means: Vec<f64> = (0..CELLS).map(|cell| mean(&|i| shown(i, cell))).collect();
    let response = mean(&|i| responses[i]);
    let mut matrix = vec![0.0; CELLS * CELLS];
    let mut right = vec![0.0; CELLS];
    for i in 0..masks.len() {
        let row: Vec<f64> = (0..CELLS).map(|cell| shown(i, cell) - means[cell]).collect();
        for a in 0..CELLS {
            let weighted = weights[i] * row[a];
            right[a] += weighted * (responses[i] - response);
            for b in 0..=a {
                matrix[a * CELLS + b] += weighted * row[b];
            }
        }
    }
    (0..CELLS).for_each(|cell| matrix[cell * CELLS + cell] += PULL);
    solve(&mut matrix, &mut right);
    Some(right)
}

/// The solution of a positive definite system, of whose matrix only the lower half is read, by Cholesky's factors.
fn solve(matrix: &mut [f64], right: &mut [f64]) {
    let n = right.len();
    for a in 0..n {
        for b in 0..=a {
            let sum: f64 = (0..b).map(|k| matrix[a * n + k] * matrix[b * n + k]).sum();
            let left = matrix[a * n + b] - sum;
            matrix[a * n + b] = if a == b { left.sqrt() } else { left / matrix[b * n + b] };
        }
        let sum: f64 = (0..a).map(|k| matrix[a * n + k] * right[k]).sum();
        right[a] = (right[a] - sum) / matrix[a * n + a];
    }
    for a in (0..n).rev() {
        let sum: f64 = (a + 1..n).map(|k| matrix[k * n + a] * right[k]).sum();
        right[a] = (right[a] - sum) / matrix[a * n + a];
    }
}

#[cfg(test)]
mod tests {
    use super::super::masks::masks;
    use super::*;

    #[test]
    fn a_known_effect_is_found_again() {
        // The eyes' rows speak against, one corner for.
        let effect = |cell: usize| match cell {
            24..60 => -0.5,
            132..144 => 0.8,
            _ => 0.0,
        };
        let masks = masks(400, 7);
        let respond = |mask: &Mask| (0..CELLS).filter(|c| !mask.covers(*c)).map(effect).sum::<f64>() + 3.0;
        let responses: Vec<f64> = masks.iter().map(respond).collect();
        let found = ridge(&masks, &responses).unwrap();
        for (cell, nats) in found.iter().enumerate() {
            assert!((nats - effect(cell)).abs() < 0.25, "cell {cell}: {nats}");
        }
        let nothing = ridge(&masks, &vec![5.0; masks.len()]).unwrap();
        assert!(nothing.iter().all(|nats| nats.abs() < 1e-9));
        assert_eq!(ridge(&[], &[]), None);
    }
}
