use super::{Trial, percentile, resample};

/// Trials whose stated log-likelihood ratios lie together, and the ratio that was seen among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReliabilityBin {
    /// The mean of the stated ratios, in nats.
    pub stated_nats: f64,
    /// The logarithm of the share of genuine trials that fell here over the share of impostor trials, in nats; half a
    /// trial is added to each so that it is finite.
    pub observed_nats: f64,
    /// The 95 % interval of `observed_nats` from resamples of the enrolled subjects.
    pub interval: (f64, f64),
    /// Genuine and impostor trials.
    pub trials: (usize, usize),
}

/// Whether log-likelihood ratios mean what they say: bins one nat wide with at least 30 trials, from low to high.
pub fn reliability(trials: &[Trial], seed: u64) -> Vec<ReliabilityBin> {
    let subjects = trials.iter().map(|t| t.enrolled as usize + 1).max().unwrap_or(0);
    let bin = |t: &Trial| (t.llr_nats.clamp(-FAR, FAR).floor() + FAR) as usize;
    // Trials of each bin and class by subject.
    let mut counts = vec![[vec![0u32; subjects], vec![0u32; subjects]]; 2 * FAR as usize + 1];
    let mut sums = vec![0.0; counts.len()];
    for t in trials {
        if let Some([genuine, impostor]) = counts.get_mut(bin(t)) {
            let class = if t.genuine { genuine } else { impostor };
            class[t.enrolled as usize] += 1;
            sums[bin(t)] += t.llr_nats;
        }
    }
    let everybody = vec![1; subjects];
    let observed = |times: &[u32]| -> Vec<f64> {
        let weighed = |of: &[u32]| of.iter().zip(times).map(|(n, t)| f64::from(*n) * f64::from(*t)).sum::<f64>();
        let binned: Vec<[f64; 2]> = counts.iter().map(|[g, i]| [weighed(g), weighed(i)]).collect();
        let [genuine, impostor] = [0, 1].map(|class| binned.iter().map(|b| b[class]).sum::<f64>() + 1.0);
        binned.iter().map(|[g, i]| ((g + 0.5) / genuine).ln() - ((i + 0.5) / impostor).ln()).collect()
    };
    let value = observed(&everybody);
    let mut resampled: Vec<Vec<f64>> = vec![Vec::new(); counts.len()];
    resample(subjects, seed, |times| {
        resampled.iter_mut().zip(observed(times)).for_each(|(all, nats)| all.push(nats));
    });
    let mut bins = Vec::new();
    for (at, [genuine, impostor]) in counts.iter().enumerate() {
        let [genuine, impostor] = [genuine, impostor].map(|of| of.iter().sum::<u32>() as usize);
        if genuine + impostor >= LEAST {
            bins.push(ReliabilityBin {
                stated_nats: sums[at] / (genuine + impostor) as f64,
                observed_nats: value[at],
                interval: (percentile(&mut resampled[at], 0.025), percentile(&mut resampled[at], 0.975)),
                trials: (genuine, impostor),
            });
        }
    }
    bins
}

/// A bin of fewer trials says too little.
const LEAST: usize = 30;

/// Ratios beyond this many nats fall into the outermost bins.
const FAR: f64 = 15.0;
