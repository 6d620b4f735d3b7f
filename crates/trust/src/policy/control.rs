use crate::Modality;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a person may switch off after a fresh step-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ControlPolicy {
    /// The longest pause, in minutes; 0 allows none. While it lasts nothing is captured, asked or locked, and the score
    /// falls as if nobody typed.
    pub pause_minutes: u64,
    /// Whether the agent may be told to end.
    pub may_quit: bool,
    /// Sensors that may be turned off for good. The score then falls with time alone, and asks more often.
    pub may_turn_off: Vec<Modality>,
}

impl Default for ControlPolicy {
    fn default() -> Self {
        Self { pause_minutes: 15, may_quit: true, may_turn_off: Vec::new() }
    }
}
