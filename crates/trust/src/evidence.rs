use crate::OcclusionMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A kind of biometric signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// How keys are pressed.
    Keystroke,
    /// How the pointer is moved.
    Pointer,
    /// Who is in front of the camera.
    Face,
}

impl Modality {
    /// Every modality, in a fixed order.
    pub const ALL: [Modality; 3] = [Modality::Keystroke, Modality::Pointer, Modality::Face];

    /// The name used in policy, records and messages.
    pub fn name(self) -> &'static str {
        match self {
            Modality::Keystroke => "keystroke",
            Modality::Pointer => "pointer",
            Modality::Face => "face",
        }
    }
}

impl std::fmt::Display for Modality {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a number is no evidence.
#[derive(Debug, Error, PartialEq)]
pub enum EvidenceError {
    /// Quality lies outside 0 to 1.
    #[error("quality is {0}; it must lie between 0 and 1")]
    Quality(f64),
    /// The log-likelihood ratio is not finite.
    #[error("the log-likelihood ratio is {0}; it must be a finite number of nats")]
    Llr(f64),
    /// The attribution does not add up.
    #[error("the attribution sums to {sum} nats; it must sum to the log-likelihood ratio {llr}")]
    Attribution {
        /// What the parts sum to.
        sum: f64,
        /// What they should sum to.
        llr: f64,
    },
}

/// Signal quality, 0 (says nothing) to 1 (as good as in calibration).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Quality(f64);

impl Quality {
    /// The best quality.
    pub const FULL: Quality = Quality(1.0);

    /// A quality between 0 and 1.
    ///
    /// # Errors
    /// When `value` is not a number in that range.
    pub fn new(value: f64) -> Result<Self, EvidenceError> {
        if (0.0..=1.0).contains(&value) { Ok(Self(value)) } else { Err(EvidenceError::Quality(value)) }
    }

    /// The quality as a number from 0 to 1.
    pub fn value(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Quality {
    type Error = EvidenceError;
    fn try_from(value: f64) -> Result<Self, EvidenceError> {
        Self::new(value)
    }
}

impl From<Quality> for f64 {
    fn from(q: Quality) -> f64 {
        q.0
    }
}

/// What one feature a person understands added to a piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// The feature, in words: "hold time of common letters".
    pub feature: String,
    /// Its share of the log-likelihood ratio, in nats.
    pub nats: f64,
}

/// Which pictures of a look evidence rests on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Pictures {
    /// Pictures that were compared.
    pub compared: u32,
    /// Of so many that the camera took.
    pub taken: u32,
    /// Mean quality of those compared, 0 to 1.
    pub quality: f64,
}

/// What one model says about one stretch of observations.
///
/// When it was seen and how much it counts are the caller's to say: the model only knows what it was shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The kind of signal.
    pub modality: Modality,
    /// Calibrated log-likelihood ratio in nats: positive speaks for the genuine person.
    pub llr_nats: f64,
    /// How good the signal was.
    pub quality: Quality,
    /// Shares of `llr_nats` by feature; they sum to it. Empty when the model gives none.
    pub attribution: Vec<Attribution>,
    /// What each part of a picture added, where the model was shown one and that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occlusion: Option<OcclusionMap>,
    /// The pictures that it rests on, where it rests on any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<Pictures>,
}

impl Evidence {
    /// Evidence with a finite ratio whose attribution, if any, sums to it within 1e-6 nats.
    ///
    /// # Errors
    /// When the ratio is not finite or the attribution does not add up.
    pub fn new(
        modality: Modality,
        llr_nats: f64,
        quality: Quality,
        attribution: Vec<Attribution>,
    ) -> Result<Self, EvidenceError> {
        if !llr_nats.is_finite() {
            return Err(EvidenceError::Llr(llr_nats));
        }
        let sum: f64 = attribution.iter().map(|a| a.nats).sum();
        if !attribution.is_empty() && (sum - llr_nats).abs() > 1e-6 {
            return Err(EvidenceError::Attribution { sum, llr: llr_nats });
        }
        Ok(Self { modality, llr_nats, quality, attribution, occlusion: None, pictures: None })
    }

    /// The same with a map of what each part of the picture added.
    #[must_use]
    pub fn with_occlusion(self, occlusion: Option<OcclusionMap>) -> Self {
        Self { occlusion, ..self }
    }

    /// The same, resting on these pictures.
    #[must_use]
    pub fn with_pictures(self, pictures: Pictures) -> Self {
        Self { pictures: Some(pictures), ..self }
    }
}
