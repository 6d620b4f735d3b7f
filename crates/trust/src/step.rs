use crate::{Added, Attribution, Hazard, Modality, OcclusionMap, Pictures};
use serde::{Deserialize, Serialize};

/// One change of `log O`: what went in, and how many nats came out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Step {
    /// Time passed.
    Predict(PredictStep),
    /// Evidence came.
    Evidence(EvidenceStep),
    /// The session was unlocked: `log O` was raised to at least `to_nats`.
    Unlock {
        /// The odds an unlock earns, as `log O`.
        to_nats: f64,
        /// Change of `log O`, never negative.
        nats: f64,
    },
}

/// Time passed at one hazard. Neighbours with equal hazard and equal circumstances are merged: `O + 1` grows by `e^(h·Δt)`,
/// so the sum is exact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PredictStep {
    /// How long, in seconds.
    pub seconds: f64,
    /// Hazard of a change of person by what went on, per second.
    pub hazard_per_s: f64,
    /// What circumstances added to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Added>,
    /// Change of `log O`, never negative.
    pub nats: f64,
    /// Whether it was held short of the lock threshold.
    pub clamped: bool,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceStep {
    /// The kind of signal.
    pub modality: Modality,
    /// The model's log-likelihood ratio in nats, before the cap.
    pub llr_nats: f64,
    /// Signal quality times independence discount, 0 to 1.
    pub weight: f64,
    /// Change of `log O` after cap, floor, ceiling and the limit of a weak modality: `−weight · capped` if none bit.
    pub nats: f64,
    /// Shares of `llr_nats` by feature.
    pub attribution: Vec<Attribution>,
    /// What each part of a picture added to `llr_nats`, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occlusion: Option<OcclusionMap>,
    /// The pictures that it rests on, where it rests on any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pictures: Option<Pictures>,
}

impl PredictStep {
    /// The whole hazard that time passed at.
    pub fn hazard(&self) -> Hazard {
        Hazard { base_per_s: self.hazard_per_s, added: self.added.clone() }
    }
}

impl Step {
    /// Change of `log O`, in nats.
    pub fn nats(&self) -> f64 {
        match self {
            Step::Predict(p) => p.nats,
            Step::Evidence(e) => e.nats,
            Step::Unlock { nats, .. } => *nats,
        }
    }
}
