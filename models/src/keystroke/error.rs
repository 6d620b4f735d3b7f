use super::template::TemplateError;
use super::window::{MIN_WINDOW, WINDOW};
use thiserror::Error;

/// Why a model gives no answer.
#[derive(Debug, Error, PartialEq)]
pub enum ModelError {
    /// The window is too short or too long.
    #[error("a window of {keystrokes} keystrokes; it must have {MIN_WINDOW} to {WINDOW}")]
    Length {
        /// How many it has.
        keystrokes: usize,
    },
    /// The times contradict each other.
    #[error("keystrokes out of order; they must come by press time, each released no earlier than pressed")]
    Order,
    /// The network's output is no point on the unit sphere.
    #[error("the network's output is not a unit vector; its weights are damaged")]
    NotFinite,
    /// The network failed.
    #[error("the network failed: {0}")]
    Network(String),
    /// The template can't be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The evidence does not hold together.
    #[error(transparent)]
    Evidence(#[from] stillyou_trust::EvidenceError),
}
