//! Is it still the person who signed in? Evidence, belief, policy, decision and explanation.
//!
//! Pure: no input or output, no clock, no threads. Time comes in as a parameter.

mod evidence;

pub use evidence::{Attribution, Evidence, EvidenceError, Modality, Quality};
