use crate::Circumstance;
use serde::{Deserialize, Serialize};

/// Hazard of a change of person, per second: what activity gives, and what each circumstance adds.
#[derive(Clone, Debug, PartialEq)]
pub struct Hazard {
    /// By what is going on at the keyboard.
    pub base_per_s: f64,
    /// By circumstances, in their fixed order.
    pub added: Vec<Added>,
}

/// What one circumstance adds to the hazard.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Added {
    /// Which.
    pub circumstance: Circumstance,
    /// How much, per second.
    pub hazard_per_s: f64,
}

impl Hazard {
    /// The whole, per second: independent causes of a change add up.
    pub fn per_s(&self) -> f64 {
        self.base_per_s + self.added.iter().map(|a| a.hazard_per_s).sum::<f64>()
    }
}

impl From<f64> for Hazard {
    fn from(base_per_s: f64) -> Self {
        Self { base_per_s, added: Vec::new() }
    }
}
