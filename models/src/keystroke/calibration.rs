use super::tokens::KeyDetail;
use super::window::WINDOW;
use serde::{Deserialize, Serialize};

/// The longest stretch of typing whose windows are scored together, in keystrokes.
pub const LONGEST: usize = 200;

/// One calibration for each [`KeyDetail`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibrations {
    /// Shown the keys.
    pub keys: Calibration,
    /// Shown kinds of movement.
    pub movements: Calibration,
    /// Shown nothing but times.
    pub nothing: Calibration,
}

impl Calibrations {
    /// The one for a detail.
    pub fn of(&self, detail: KeyDetail) -> &Calibration {
        match detail {
            KeyDetail::Keys => &self.keys,
            KeyDetail::Movements => &self.movements,
            KeyDetail::Nothing => &self.nothing,
        }
    }

    /// The one for a detail, to be set.
    pub fn of_mut(&mut self, detail: KeyDetail) -> &mut Calibration {
        match detail {
            KeyDetail::Keys => &mut self.keys,
            KeyDetail::Movements => &mut self.movements,
            KeyDetail::Nothing => &mut self.nothing,
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        KeyDetail::ALL.into_iter().try_for_each(|d| self.of(d).check().map_err(|e| format!("{}: {e}", d.name())))
    }
}

/// From a score to a log-likelihood ratio, by logistic regression at equal priors on people never trained on.
///
/// With `u = ln(keystrokes / 50)`: `llr = intercept + slope · score + u · (length_intercept + length_slope · score)`.
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
    /// The log-likelihood ratio in nats of a score from a window of `keystrokes`.
    pub fn llr_nats(&self, score: f64, keystrokes: usize) -> f64 {
        let [one, s, u, us] = Self::terms(score, keystrokes);
        self.intercept * one + self.slope * s + self.length_intercept * u + self.length_slope * us
    }

    /// What the coefficients are multiplied with, in the order of the fields.
    pub fn terms(score: f64, keystrokes: usize) -> [f64; 4] {
        let u = (keystrokes.clamp(1, LONGEST) as f64 / WINDOW as f64).ln();
        [1.0, score, u, u * score]
    }

    fn check(&self) -> Result<(), String> {
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
