use super::window::WINDOW;
use serde::{Deserialize, Serialize};

/// From a score to a log-likelihood ratio, by logistic regression at equal priors on people never trained on.
///
/// With `u = ln(strokes / 40)`: `llr = intercept + slope · score + u · (length_intercept + length_slope · score)`. Several
/// windows that share no stroke count as one of all their strokes, and their mean score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Nats at score 0 for a full window.
    pub intercept: f64,
    /// Nats per unit of score for a full window; positive.
    pub slope: f64,
    /// Change of the intercept with `u`.
    pub length_intercept: f64,
    /// Change of the slope with `u`.
    pub length_slope: f64,
}

impl Calibration {
    /// The log-likelihood ratio in nats of a score from so many strokes.
    pub fn llr_nats(&self, score: f64, strokes: usize) -> f64 {
        let [one, s, u, us] = Self::terms(score, strokes);
        self.intercept * one + self.slope * s + self.length_intercept * u + self.length_slope * us
    }

    /// What the coefficients are multiplied with, in the order of the fields.
    pub fn terms(score: f64, strokes: usize) -> [f64; 4] {
        let u = (strokes.clamp(1, MOST) as f64 / WINDOW as f64).ln();
        [1.0, score, u, u * score]
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let all = [self.intercept, self.slope, self.length_intercept, self.length_slope];
        if all.iter().any(|v| !v.is_finite() || v.abs() > 1000.0) {
            return Err("calibration: every coefficient must be a number between -1000 and 1000".to_owned());
        }
        if self.slope <= 0.0 {
            return Err(format!("calibration.slope is {}; it must be above 0", self.slope));
        }
        Ok(())
    }
}

/// More strokes than people were calibrated with count as so many.
const MOST: usize = 3 * WINDOW;
