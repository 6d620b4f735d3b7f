//! Linear discriminants (Fisher 1936) of scaled statistics, with the covariance within people shrunk towards its diagonal
//! (Friedman 1989).

/// An affine map: `y = x · weights + bias`.
pub struct Discriminants {
    /// `[inputs][outputs]`, row by row.
    pub weights: Vec<f32>,
    /// `[outputs]`.
    pub bias: Vec<f32>,
}

/// The `outputs` directions in which people, the groups of rows, differ most beside what varies within a person; there the
/// mean within-person covariance is 1. `rows`: `[rows][inputs]`, `people`: whose each is, numbered from 0. With fewer
/// than `outputs + 1` people the last directions are 0.
pub fn fit(rows: &[Vec<f64>], people: &[usize], outputs: usize) -> Discriminants {
    let inputs = rows.first().map_or(0, Vec::len);
    let count = people.iter().max().map_or(0, |m| m + 1);
    let means = means(rows, people, count, inputs);
    let within = within(rows, people, &means, inputs);
    let lower = cholesky(&within, inputs);
    let centre: Vec<f64> = (0..inputs).map(|i| means.iter().map(|m| m[i]).sum::<f64>() / count as f64).collect();
    // People's means where the covariance within is 1: their Gram matrix has the discriminants' eigenvalues.
    let white: Vec<Vec<f64>> = means
        .iter()
        .map(|m| solve_lower(&lower, &m.iter().zip(&centre).map(|(a, b)| a - b).collect::<Vec<_>>()))
        .collect();
    let gram: Vec<Vec<f64>> = white.iter().map(|a| white.iter().map(|b| dot(a, b)).collect()).collect();
    let mut pairs = eigen(gram);
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut weights, mut bias) = (vec![0.0; inputs * outputs], vec![0.0; outputs]);
    for (output, (value, vector)) in pairs.iter().take(outputs.min(count.saturating_sub(1))).enumerate() {
        if *value < 1e-9 {
            break;
        }
        let mut direction = vec![0.0; inputs];
        for (person, share) in white.iter().zip(vector) {
            direction.iter_mut().zip(person).for_each(|(d, p)| *d += share * p / value.sqrt());
        }
        let direction = solve_upper(&lower, &direction);
        bias[output] = -dot(&direction, &centre) as f32;
        for (input, d) in direction.iter().enumerate() {
            weights[input * outputs + output] = *d as f32;
        }
    }
    Discriminants { weights, bias }
}

/// Weight of the diagonal in the covariance within people, and what is added to it.
const SHRINK: f64 = 0.3;
const RIDGE: f64 = 1e-2;

fn means(rows: &[Vec<f64>], people: &[usize], count: usize, inputs: usize) -> Vec<Vec<f64>> {
    let (mut sums, mut counts) = (vec![vec![0.0; inputs]; count], vec![0.0f64; count]);
    for (row, person) in rows.iter().zip(people) {
        sums[*person].iter_mut().zip(row).for_each(|(s, v)| *s += v);
        counts[*person] += 1.0;
    }
    for (sum, n) in sums.iter_mut().zip(counts) {
        sum.iter_mut().for_each(|s| *s /= n.max(1.0));
    }
    sums
}

fn within(rows: &[Vec<f64>], people: &[usize], means: &[Vec<f64>], inputs: usize) -> Vec<f64> {
    let mut all = vec![0.0; inputs * inputs];
    for (row, person) in rows.iter().zip(people) {
        let apart: Vec<f64> = row.iter().zip(&means[*person]).map(|(v, m)| v - m).collect();
        for (line, a) in all.chunks_mut(inputs).zip(&apart) {
            line.iter_mut().zip(&apart).for_each(|(to, b)| *to += a * b);
        }
    }
    let n = rows.len().saturating_sub(means.len()).max(1) as f64;
    for i in 0..inputs {
        for j in 0..inputs {
            let shrunk = if i == j { 1.0 } else { 1.0 - SHRINK };
            all[i * inputs + j] *= shrunk / n;
        }
        all[i * inputs + i] += RIDGE;
    }
    all
}

/// The lower triangle whose product with its transpose is a positive definite matrix.
fn cholesky(matrix: &[f64], n: usize) -> Vec<f64> {
    let mut lower = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let known = dot(&lower[i * n..i * n + j], &lower[j * n..j * n + j]);
            let rest = matrix[i * n + j] - known;
            lower[i * n + j] = if i == j { rest.max(1e-12).sqrt() } else { rest / lower[j * n + j] };
        }
    }
    lower
}

fn solve_lower(lower: &[f64], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = vec![0.0; n];
    for i in 0..n {
        x[i] = (b[i] - dot(&lower[i * n..i * n + i], &x[..i])) / lower[i * n + i];
    }
    x
}

/// With the transpose.
fn solve_upper(lower: &[f64], b: &[f64]) -> Vec<f64> {
    let n = b.len();
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| lower[j * n + i] * x[j]).sum();
        x[i] = (b[i] - known) / lower[i * n + i];
    }
    x
}

/// Eigenvalues and unit eigenvectors of a symmetric matrix, by Jacobi's rotations.
fn eigen(mut a: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let n = a.len();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off < 1e-18 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    (0..n).map(|i| (a[i][i], vectors[i].clone())).collect()
}

const SWEEPS: usize = 60;

/// Turns the plane of `p` and `q` so that their entry becomes 0; `vectors` are kept row by row.
fn rotate(a: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q].abs() < 1e-300 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    for rows in [a, vectors] {
        let (first, second) = rows.split_at_mut(q);
        for (x, y) in first[p].iter_mut().zip(second[0].iter_mut()) {
            (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};

    #[test]
    fn eigenvectors_of_a_known_matrix() {
        let mut pairs = eigen(vec![vec![2.0, 1.0, 0.0], vec![1.0, 2.0, 0.0], vec![0.0, 0.0, 5.0]]);
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let values: Vec<f64> = pairs.iter().map(|p| (p.0 * 1e9).round() / 1e9).collect();
        assert_eq!(values, [1.0, 3.0, 5.0]);
        assert!((pairs[1].1[0] - pairs[1].1[1]).abs() < 1e-9 && pairs[1].1[2].abs() < 1e-9);
    }

    /// People differ in the first coordinate alone; the second is the same but loud.
    #[test]
    fn finds_the_direction_in_which_people_differ() {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
        let (mut rows, mut people) = (Vec::new(), Vec::new());
        for i in 0..3000 {
            let person = i % 30;
            let own = f64::from(person as u32) / 5.0;
            rows.push(vec![own + rng.random_range(-1.0..1.0), rng.random_range(-9.0..9.0)]);
            people.push(person);
        }
        let found = fit(&rows, &people, 1);
        assert!(found.weights[0].abs() > 50.0 * found.weights[1].abs(), "{:?}", found.weights);
        // Uniform noise of ±1 has a variance of 1/3: scaled to 1 it grows by the root of 3.
        assert!((f64::from(found.weights[0].abs()) - 3f64.sqrt()).abs() < 0.1, "{:?}", found.weights);
        let centre = f64::from(found.bias[0]) + f64::from(found.weights[0]) * 2.9;
        assert!(centre.abs() < 0.1, "{centre}");
    }
}
