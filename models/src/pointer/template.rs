use crate::keystroke::{self, Embedding, ModelVersion, TemplateError};

/// What is kept of a person: the direction of the mean of their windows' embeddings. Wiped from memory when dropped.
///
/// It belongs to one model version: another model's numbers mean something else.
#[derive(Clone, PartialEq)]
pub struct Template(keystroke::Template);

impl Template {
    /// The template of some windows of one person, so many strokes in all.
    ///
    /// # Errors
    /// When there are none, they are not of one length, or they cancel out.
    pub fn from_embeddings(
        model: &ModelVersion,
        embeddings: &[Embedding],
        strokes: u32,
    ) -> Result<Self, TemplateError> {
        keystroke::Template::from_embeddings(model, embeddings, strokes).map(Self)
    }

    /// How many windows it was made from.
    pub fn windows(&self) -> u32 {
        self.0.windows()
    }

    /// How many strokes it was made from.
    pub fn strokes(&self) -> u32 {
        self.0.keystrokes()
    }

    /// The template as bytes, in the format of a keystroke template: 48 and four a value.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Reads [`Template::to_bytes`]. A template of keystrokes can be read as well; it is of another model.
    ///
    /// # Errors
    /// When the bytes are not a template down to the last one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TemplateError> {
        keystroke::Template::from_bytes(bytes).map(Self)
    }

    pub(super) fn whole(&self) -> &keystroke::Template {
        &self.0
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} windows, {} strokes, values hidden)", self.windows(), self.strokes())
    }
}
