use crate::{Belief, LogOdds, Modality, OcclusionMap, Pictures, Rules, Step, TrustTime};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Largest difference, in nats, between a recorded and a recomputed step that is rounding.
const ROUNDING_NATS: f64 = 1e-6;

/// An exact decomposition: `end = start + Σ steps`, in nats and in order. It can be recomputed from itself alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// The rules in force.
    pub rules: Rules,
    /// Where it started.
    pub start: Start,
    /// What happened since, oldest first.
    pub steps: Vec<Step>,
    /// `log O` at the end.
    pub end: LogOdds,
}

/// Where an explanation starts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// When, in trust time.
    pub at: TrustTime,
    /// `log O` then.
    pub log_odds: LogOdds,
    /// Why it starts there.
    pub origin: Origin,
    /// Running sums of the weak modalities then.
    pub weak: Vec<WeakSum>,
}

/// The running sum of a modality that alone must not lock.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeakSum {
    /// Which.
    pub modality: Modality,
    /// What its evidence has added to `log O` since the last verification, in nats.
    pub sum_nats: f64,
    /// The most it may add, in nats.
    pub limit_nats: f64,
}

/// Why an explanation starts where it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The session began, or learning ended.
    Begun,
    /// The agent started again within the same login.
    Resumed,
    /// The owner was verified by a step-up.
    Verified,
    /// `log O` was at its floor: nothing before matters.
    Floor,
    /// Older steps were folded into the start.
    Earlier,
}

/// What one cause added to `log O`, in nats; positive speaks against the owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Contribution {
    /// The cause in words: "hold time of common letters", "time without input".
    pub cause: String,
    /// Its sum.
    pub nats: f64,
}

/// A recorded explanation that its own inputs do not give.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Mismatch {
    /// A step's nats differ.
    #[error("step {index} says {recorded} nats; its inputs give {recomputed}")]
    Step {
        /// Which, from 0.
        index: usize,
        /// In the record.
        recorded: f64,
        /// From the inputs.
        recomputed: f64,
    },
    /// The end is not the start plus the steps.
    #[error("the explanation ends at {recorded} nats; start and steps give {recomputed}")]
    End {
        /// In the record.
        recorded: f64,
        /// From the inputs.
        recomputed: f64,
    },
}

impl Explanation {
    /// Recomputes every step from its inputs and returns the resulting `log O`.
    ///
    /// # Errors
    /// Names the first step, or the end, that does not follow from the record.
    pub fn recompute(&self) -> Result<LogOdds, Mismatch> {
        let mut belief = Belief::from_start(self.rules.clone(), &self.start);
        for (index, step) in self.steps.iter().enumerate() {
            let recomputed = belief.apply(self.start.at, step);
            if differ(recomputed, step.nats()) {
                return Err(Mismatch::Step { index, recorded: step.nats(), recomputed });
            }
        }
        let recomputed = belief.log_odds();
        let sum = self.start.log_odds.0 + self.steps.iter().map(Step::nats).sum::<f64>();
        if differ(recomputed.0, self.end.0) || differ(sum, self.end.0) {
            return Err(Mismatch::End { recorded: self.end.0, recomputed: recomputed.0 });
        }
        Ok(recomputed)
    }

    /// What each part of the picture added to the newest evidence that has a map.
    pub fn occlusion(&self) -> Option<&OcclusionMap> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Evidence(evidence) => evidence.occlusion.as_ref(),
            _ => None,
        })
    }

    /// The pictures that the newest evidence with any rests on.
    pub fn pictures(&self) -> Option<Pictures> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Evidence(evidence) => evidence.pictures,
            _ => None,
        })
    }

    /// The steps summed by cause, largest effect first: features where a model names them, else the modality. Time is
    /// shared among activity and circumstances by what each gave to the hazard.
    pub fn contributions(&self) -> Vec<Contribution> {
        let mut sums: Vec<Contribution> = Vec::new();
        let mut add = |cause: &str, nats: f64| match sums.iter_mut().find(|c| c.cause == cause) {
            Some(c) => c.nats += nats,
            None => sums.push(Contribution { cause: cause.to_owned(), nats }),
        };
        for step in &self.steps {
            match step {
                Step::Predict(p) => {
                    let per_s = p.hazard().per_s();
                    let share = |part: f64| if per_s > 0.0 { p.nats * (part / per_s) } else { 0.0 };
                    let added: f64 = p.added.iter().map(|a| share(a.hazard_per_s)).sum();
                    add("time without proof", p.nats - added);
                    p.added.iter().for_each(|a| add(a.circumstance.cause(), share(a.hazard_per_s)));
                }
                Step::Unlock { nats, .. } => add("session unlocked", *nats),
                Step::Evidence(e) if e.attribution.is_empty() || e.llr_nats == 0.0 => add(e.modality.name(), e.nats),
                Step::Evidence(e) => {
                    e.attribution.iter().for_each(|a| add(&a.feature, e.nats * (a.nats / e.llr_nats)));
                }
            }
        }
        sums.sort_by(|a, b| b.nats.abs().total_cmp(&a.nats.abs()));
        sums
    }
}

fn differ(a: f64, b: f64) -> bool {
    let apart = (a - b).abs();
    apart.is_nan() || apart > ROUNDING_NATS
}
