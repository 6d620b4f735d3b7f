use super::super::window::Stroke;
use super::statistics::{STATISTICS, statistics};

/// Kinds of forgery told from hands: times that are too even, and times drawn one by one.
pub const CLASSES: usize = 2;

/// What the coefficients are multiplied with: 1, the statistics, and their squares.
pub const TERMS: usize = 1 + 2 * STATISTICS;

/// Logistic regressions of the [`statistics`] of forged windows against those of people: log-likelihood ratios.
#[derive(Clone, Debug, PartialEq)]
pub struct Coefficients {
    /// Means of the statistics over people.
    pub means: [f64; STATISTICS],
    /// Their standard deviations.
    pub deviations: [f64; STATISTICS],
    /// For each kind of forgery: intercept, slopes, slopes of the squares.
    pub classes: [[f64; TERMS]; CLASSES],
}

impl Coefficients {
    /// How much a window speaks for a machine, in nats, both kinds equally likely before; `None` where the window does not
    /// tell.
    pub fn machine_nats(&self, window: &[Stroke]) -> Option<f64> {
        let terms = self.terms(&statistics(window)?);
        let ratio = |w: &[f64; TERMS]| w.iter().zip(&terms).map(|(w, t)| w * t).sum::<f64>();
        let all = self.classes.each_ref().map(ratio);
        let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mean = all.iter().map(|r| (r - most).exp()).sum::<f64>() / CLASSES as f64;
        Some(most + mean.ln())
    }

    /// 1, the standardised statistics clipped to ±6, and their squares.
    pub fn terms(&self, of: &[f64; STATISTICS]) -> [f64; TERMS] {
        let mut terms = [1.0; TERMS];
        for (i, value) in of.iter().enumerate() {
            let z = ((value - self.means[i]) / self.deviations[i]).clamp(-6.0, 6.0);
            terms[1 + i] = z;
            terms[1 + STATISTICS + i] = z * z;
        }
        terms
    }
}
