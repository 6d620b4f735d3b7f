use super::{Trial, percentile, resample};

/// Trials whose stated log-likelihood ratios lie together, and the ratio that was seen among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliabilityBin {
    /// What the ratios state on the whole, in nats: the log odds of the mean posterior at even priors.
    pub stated_nats: f64,
    /// The logarithm of the share of genuine trials that fell here over the share of impostor trials, in nats.
    pub observed_nats: f64,
    /// The 95 % interval of `observed_nats` from resamples of the enrolled subjects.
    pub interval: (f64, f64),
    /// Genuine and impostor trials.
    pub trials: (usize, usize),
}

/// Whether log-likelihood ratios mean what they say: bins about one nat wide, wider where it takes that to have at least
/// 5 genuine and 5 impostor trials, from low to high. Empty where there are fewer.
pub fn reliability(trials: &[Trial], seed: u64) -> Vec<ReliabilityBin> {
    let mut sorted: Vec<&Trial> = trials.iter().collect();
    sorted.sort_by(|a, b| a.llr_nats.total_cmp(&b.llr_nats));
    let mut bins: Vec<Vec<&Trial>> = Vec::new();
    let mut open: Vec<&Trial> = Vec::new();
    for trial in sorted {
        let wide = open.first().is_some_and(|first| trial.llr_nats - first.llr_nats >= 1.0);
        if wide && enough(&open) {
            bins.push(std::mem::take(&mut open));
        }
        open.push(trial);
    }
    match bins.last_mut() {
        Some(last) if !enough(&open) => last.append(&mut open),
        _ if enough(&open) => bins.push(open),
        _ => {}
    }
    let subjects = trials.iter().map(|t| t.enrolled as usize + 1).max().unwrap_or(0);
    let everybody = vec![1; subjects];
    let value = observed(&bins, &everybody);
    let mut resampled: Vec<Vec<f64>> = vec![Vec::new(); bins.len()];
    resample(subjects, seed, |times| {
        resampled.iter_mut().zip(observed(&bins, times)).for_each(|(all, nats)| all.push(nats));
    });
    let totals = [true, false].map(|genuine| trials.iter().filter(|t| t.genuine == genuine).count() as f64);
    let measured = bins.iter().zip(value).zip(&mut resampled);
    measured
        .map(|((bin, observed_nats), all)| ReliabilityBin {
            stated_nats: stated(bin, totals),
            observed_nats,
            interval: (percentile(all, 0.025), percentile(all, 0.975)),
            trials: count(bin),
        })
        .collect()
}

const LEAST: usize = 5;

fn count(bin: &[&Trial]) -> (usize, usize) {
    let genuine = bin.iter().filter(|t| t.genuine).count();
    (genuine, bin.len() - genuine)
}

fn enough(bin: &[&Trial]) -> bool {
    let (genuine, impostor) = count(bin);
    genuine.min(impostor) >= LEAST
}

/// Both classes weigh the same in all, so that the prior is even.
fn stated(bin: &[&Trial], [genuine, impostor]: [f64; 2]) -> f64 {
    let weight = |t: &Trial| 1.0 / if t.genuine { genuine } else { impostor };
    let posterior = |t: &Trial| 1.0 / (1.0 + (-t.llr_nats).exp());
    let all: f64 = bin.iter().map(|t| weight(t)).sum();
    let mean = bin.iter().map(|t| weight(t) * posterior(t)).sum::<f64>() / all;
    (mean / (1.0 - mean)).ln()
}

/// The observed ratio of every bin, enrolled subjects counted as `times` says; half a trial more of each class keeps it
/// finite in resamples.
fn observed(bins: &[Vec<&Trial>], times: &[u32]) -> Vec<f64> {
    let weight = |t: &Trial| f64::from(times.get(t.enrolled as usize).copied().unwrap_or(0));
    let of = |bin: &[&Trial], genuine: bool| {
        bin.iter().filter(|t| t.genuine == genuine).map(|t| weight(t)).sum::<f64>() + 0.5
    };
    let total = |genuine: bool| bins.iter().map(|bin| of(bin, genuine)).sum::<f64>();
    let (genuine, impostor) = (total(true), total(false));
    bins.iter().map(|bin| (of(bin, true) / genuine).ln() - (of(bin, false) / impostor).ln()).collect()
}
