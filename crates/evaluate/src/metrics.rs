//! Error rates of a pool of trials under one global threshold, with bootstrap intervals.
//!
//! A trial is accepted when its score is at least the threshold. Between the thresholds that occur, the curve of false
//! non-match rate against false match rate is a straight line.

mod bootstrap;
mod curve;
mod det;
mod reliability;

pub use bootstrap::RESAMPLES;
pub(crate) use bootstrap::{percentile, resample};
pub use det::{DetPoint, det};
pub use reliability::{ReliabilityBin, reliability};

use curve::Curve;

/// One comparison of a probe with a template.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Whose template, as a number from 0: the unit of the bootstrap.
    pub enrolled: u32,
    /// Whether the probe is of the same person.
    pub genuine: bool,
    /// Higher is more genuine.
    pub score: f64,
    /// The calibrated log-likelihood ratio in nats.
    pub llr_nats: f64,
}

/// A measured rate or cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The estimate from all trials.
    pub value: f64,
    /// The 95 % interval: percentiles 2.5 and 97.5 of the resamples.
    pub interval: (f64, f64),
    /// Where no error was seen: 3/N, the rate that N independent trials without error can rule out at 95 %
    /// (ISO/IEC 19795-1, rule of 3). The truth may lie that high.
    pub bound: Option<f64>,
}

/// The measures of a pool of trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Genuine trials.
    pub genuine: usize,
    /// Impostor trials.
    pub impostor: usize,
    /// Equal error rate.
    pub eer: Measured,
    /// False non-match rate at a false match rate of 1 %.
    pub fnmr_at_fmr_1e_2: Measured,
    /// False non-match rate at a false match rate of 0.1 %.
    pub fnmr_at_fmr_1e_3: Measured,
    /// False non-match rate at a false match rate of 0.01 %.
    pub fnmr_at_fmr_1e_4: Measured,
    /// Cost of the log-likelihood ratios in bits (Brümmer and du Preez, 2006): 0 is perfect, 1 says nothing.
    pub cllr: Measured,
}

impl Measures {
    /// Measures of trials, with intervals from [`RESAMPLES`] resamples of the enrolled subjects, each with all their
    /// trials, drawn by ChaCha8 from `seed`. `None` without a genuine or without an impostor trial.
    pub fn of(trials: &[Trial], seed: u64) -> Option<Self> {
        let genuine = trials.iter().filter(|t| t.genuine).count();
        let impostor = trials.len() - genuine;
        if genuine == 0 || impostor == 0 {
            return None;
        }
        let curve = Curve::new(trials);
        let everybody = vec![1; curve.subjects()];
        let value = curve.measure(&everybody);
        let intervals = bootstrap::intervals(&curve, seed);
        let measured = |at: usize, bound: Option<f64>| Measured { value: value[at], interval: intervals[at], bound };
        let none_seen = |at: usize, n: usize| (value[at] == 0.0).then(|| (3.0 / n as f64).min(1.0));
        Some(Self {
            genuine,
            impostor,
            eer: measured(0, none_seen(0, genuine.min(impostor))),
            fnmr_at_fmr_1e_2: measured(1, none_seen(1, genuine)),
            fnmr_at_fmr_1e_3: measured(2, none_seen(2, genuine)),
            fnmr_at_fmr_1e_4: measured(3, none_seen(3, genuine)),
            cllr: measured(4, None),
        })
    }

    /// The smallest false match rate that so many impostor trials can show: 3/N.
    pub fn smallest_fmr(&self) -> f64 {
        (3.0 / self.impostor as f64).min(1.0)
    }
}

/// The equal error rate of a pool of trials; not a number without a genuine or without an impostor trial.
pub(crate) fn eer(trials: &[Trial]) -> f64 {
    let curve = Curve::new(trials);
    let everybody = vec![1; curve.subjects()];
    curve.measure(&everybody)[0]
}

#[cfg(test)]
mod tests;
