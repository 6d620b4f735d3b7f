use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who hears, beyond this device's screen, that somebody works under a grant, broke the glass, or that a review is
/// late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TellPolicy {
    /// Whether it is written into the system log, which an organisation's collectors read.
    pub system_log: bool,
    /// A program of the administrator's, by its whole path, that is given it as well, to page somebody; empty for none.
    /// It runs as the person.
    pub program: String,
    /// How long the program may take, in seconds.
    pub program_seconds: u64,
}

impl Default for TellPolicy {
    fn default() -> Self {
        Self { system_log: true, program: String::new(), program_seconds: 10 }
    }
}
