//! Is it still the person who signed in? Evidence, belief, policy, decision and explanation.
//!
//! Pure: no input or output, no clock, no threads. Time comes in as a parameter.
//!
//! ```text
//! Evidence ──► Belief ──► Band ──► Monitor ──► Decision (+ Explanation)
//!              (log O)            (latches)
//! ```

mod band;
mod belief;
mod circumstance;
mod decision;
mod evidence;
mod explanation;
mod hazard;
mod independence;
mod input;
mod monitor;
mod occlusion;
mod odds;
mod overriding;
pub mod policy;
mod rules;
mod schedule;
mod step;
mod time;
mod trouble;

pub use band::Band;
pub use belief::Belief;
pub use circumstance::Circumstance;
pub use decision::{Decision, Event, LockReason, State, StepUpEnd, StepUpReason};
pub use evidence::{Attribution, Evidence, EvidenceError, Modality, Pictures, Quality};
pub use explanation::{Contribution, Explanation, Mismatch, Origin, Start};
pub use hazard::{Added, Hazard};
pub use independence::independence_of_looks;
pub use input::{Activity, Factor, Input};
pub use monitor::{Before, Monitor, Snapshot};
pub use occlusion::OcclusionMap;
pub use odds::{LogOdds, Odds, OddsError};
pub use overriding::Override;
pub use policy::Policy;
pub use rules::Rules;
pub use schedule::{LookReason, Schedule, Situation};
pub use step::{EvidenceStep, PredictStep, Step};
pub use time::TrustTime;
pub use trouble::Trouble;
