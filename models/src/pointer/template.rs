use crate::keystroke::TemplateError;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What is kept of a person. Wiped from memory when dropped. It belongs to one model version.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Template {
    model: [u8; 32],
    strokes: u32,
    values: Vec<f32>,
}

impl Template {
    /// How many strokes it was made from.
    pub fn strokes(&self) -> u32 {
        self.strokes
    }

    /// The template as bytes: a few hundred.
    pub fn to_bytes(&self) -> Vec<u8> {
        Vec::new()
    }

    /// Reads [`Template::to_bytes`].
    ///
    /// # Errors
    /// When the bytes are not a template down to the last one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TemplateError> {
        let _ = bytes;
        Err(TemplateError::Format("no pointer model is there yet"))
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} strokes, {} values hidden)", self.strokes, self.values.len())
    }
}
