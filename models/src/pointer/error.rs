use super::{MIN_WINDOW, WINDOW};
use crate::keystroke::{PackError, TemplateError};
use thiserror::Error;

/// Why a model gives no answer.
#[derive(Debug, Error)]
pub enum ModelError {
    /// The window is too short or too long.
    #[error("a window of {strokes} strokes; it must have {MIN_WINDOW} to {WINDOW}")]
    Length {
        /// How many it has.
        strokes: usize,
    },
    /// The network's output is no number, or it failed.
    #[error("the pointer's network failed: {0}")]
    Network(String),
    /// The pack can't be used.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The template can't be used.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The evidence does not hold together.
    #[error(transparent)]
    Evidence(#[from] stillyou_trust::EvidenceError),
}
