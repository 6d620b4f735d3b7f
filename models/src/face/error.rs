use super::Flaw;
use super::template::MIN_IMAGES;
use crate::keystroke::{PackError, TemplateError};
use thiserror::Error;

/// Why a model gives no answer.
#[derive(Debug, Error)]
pub enum ModelError {
    /// A network's output is no number, or it failed.
    #[error("the face's network failed: {0}")]
    Network(String),
    /// There is too little to make a template of.
    #[error("a template of {images} pictures; it needs at least {MIN_IMAGES}")]
    TooFew {
        /// How many there are.
        images: usize,
    },
    /// The picture is too poor to say anything.
    #[error("{0}")]
    Poor(Flaw),
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
