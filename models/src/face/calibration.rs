use serde::{Deserialize, Serialize};

/// From a similarity to a log-likelihood ratio, by logistic regression at equal priors on people that no figure is
/// reported of: `llr = intercept + slope · similarity`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Nats at similarity 0.
    pub intercept: f64,
    /// Nats per unit of similarity; positive.
    pub slope: f64,
}

impl Calibration {
    /// The log-likelihood ratio in nats of a similarity.
    pub fn llr_nats(&self, similarity: f64) -> f64 {
        self.intercept + self.slope * similarity
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if !(-10_000.0..=10_000.0).contains(&self.intercept) {
            return Err(format!("calibration.intercept is {}; it must be -10000 to 10000", self.intercept));
        }
        if !(self.slope > 0.0 && self.slope <= 10_000.0) {
            return Err(format!("calibration.slope is {}; it must be above 0, at most 10000", self.slope));
        }
        Ok(())
    }
}
