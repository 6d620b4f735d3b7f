use super::{Trial, percentile, resample};

/// A point of the detection error trade-off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetPoint {
    /// False match rate.
    pub fmr: f64,
    /// False non-match rate there.
    pub fnmr: f64,
    /// The 95 % interval of the false non-match rate from resamples of the enrolled subjects.
    pub interval: (f64, f64),
}

/// False non-match rates at false match rates from 0.1 % to 50 %, with intervals (resamples as for
/// [`Measures`](super::Measures)). Rates that the trials can't show, below 3/N, are left out.
pub fn det(trials: &[Trial], seed: u64) -> Vec<DetPoint> {
    let subjects = trials.iter().map(|t| t.enrolled as usize + 1).max().unwrap_or(0);
    let mut sorted: Vec<&Trial> = trials.iter().collect();
    sorted.sort_by(|a, b| b.score.total_cmp(&a.score));
    let impostors = trials.iter().filter(|t| !t.genuine).count();
    if impostors == 0 || impostors == trials.len() {
        return Vec::new();
    }
    let grid: Vec<f64> = GRID.into_iter().filter(|fmr| *fmr >= 3.0 / impostors as f64).collect();
    let value = at_fmr(&sorted, &vec![1; subjects], &grid);
    let mut resampled: Vec<Vec<f64>> = vec![Vec::new(); grid.len()];
    resample(subjects, seed, |times| {
        resampled.iter_mut().zip(at_fmr(&sorted, times, &grid)).for_each(|(all, fnmr)| all.push(fnmr));
    });
    let points = grid.iter().zip(value).zip(&mut resampled);
    points
        .map(|((fmr, fnmr), all)| DetPoint {
            fmr: *fmr,
            fnmr,
            interval: (percentile(all, 0.025), percentile(all, 0.975)),
        })
        .collect()
}

const GRID: [f64; 17] =
    [0.001, 0.0015, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5];

/// The false non-match rates where the false match rate comes to each of `grid`, enrolled subjects counted as `times` says.
fn at_fmr(best_first: &[&Trial], times: &[u32], grid: &[f64]) -> Vec<f64> {
    let weight = |t: &Trial| f64::from(times.get(t.enrolled as usize).copied().unwrap_or(0));
    let total = |genuine: bool| best_first.iter().filter(|t| t.genuine == genuine).map(|t| weight(t)).sum::<f64>();
    let (genuine, impostor) = (total(true), total(false));
    let (mut accepted, mut matched) = (0.0, 0.0);
    let mut found = Vec::with_capacity(grid.len());
    for trial in best_first {
        if trial.genuine {
            accepted += weight(trial);
            continue;
        }
        matched += weight(trial);
        while grid.get(found.len()).is_some_and(|fmr| matched > fmr * impostor * (1.0 + 1e-12)) {
            found.push(1.0 - accepted / genuine);
        }
    }
    found.resize(grid.len(), 0.0);
    found
}
