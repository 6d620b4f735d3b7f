use crate::{LogOdds, Modality, policy::Policy};
use serde::{Deserialize, Serialize};

/// `log O` never exceeds this many nats.
pub const CEILING_NATS: f64 = 30.0;

/// The part of a policy that belief arithmetic needs; stored with every explanation, so that it can be recomputed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// `log O` never falls below this.
    pub floor: LogOdds,
    /// From here on the session is locked; the passing of time alone never gets here.
    pub lock: LogOdds,
    /// Nats below `lock` that a weak modality alone, and time alone, keep clear of.
    pub hysteresis_nats: f64,
    /// Each modality's cap on a single log-likelihood ratio, in nats, and whether its error rate makes it weak.
    pub modalities: Vec<ModalityRule>,
}

/// How far one modality is believed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModalityRule {
    /// Which.
    pub modality: Modality,
    /// Largest absolute log-likelihood ratio taken from one piece of evidence, in nats.
    pub cap_nats: f64,
    /// Whether its measured EER is over 10 %: then its running sum alone never locks.
    pub weak: bool,
}

impl Rules {
    /// The rules of a policy.
    pub fn of(policy: &Policy) -> Self {
        let rule = |modality: Modality| {
            let p = policy.evidence.of(modality);
            ModalityRule { modality, cap_nats: p.cap_nats, weak: p.weak }
        };
        Self {
            floor: policy.score.floor_odds.log(),
            lock: policy.score.lock_odds.log(),
            hysteresis_nats: policy.score.hysteresis_nats,
            modalities: Modality::ALL.map(rule).to_vec(),
        }
    }

    /// The rule of one modality. One that the record does not name counts for nothing.
    pub fn of_modality(&self, modality: Modality) -> ModalityRule {
        let unnamed = ModalityRule { modality, cap_nats: 0.0, weak: true };
        self.modalities.iter().find(|r| r.modality == modality).copied().unwrap_or(unnamed)
    }

    /// The most that time alone, or a weak modality alone, can bring `log O` to.
    pub fn short_of_lock(&self) -> f64 {
        self.lock.0 - self.hysteresis_nats
    }
}
