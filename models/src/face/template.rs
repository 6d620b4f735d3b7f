use super::{Embedding, ModelError};
use crate::keystroke::{self, ModelVersion, TemplateError};

/// Pictures that a template needs at least.
pub const MIN_IMAGES: usize = 3;

/// What is kept of a person: the direction of the mean of their pictures' embeddings. Wiped from memory when dropped.
///
/// It belongs to one model version: another model's numbers mean something else.
#[derive(Clone, PartialEq)]
pub struct Template(keystroke::Template);

impl Template {
    /// The template of at least [`MIN_IMAGES`] pictures of one person.
    ///
    /// # Errors
    /// When there are less, they are not of one length, or they cancel out.
    pub fn from_embeddings(model: &ModelVersion, embeddings: &[Embedding]) -> Result<Self, ModelError> {
        if embeddings.len() < MIN_IMAGES {
            return Err(ModelError::TooFew { images: embeddings.len() });
        }
        let values: Vec<&[f32]> = embeddings.iter().map(Embedding::values).collect();
        Ok(Self(keystroke::Template::from_values(model, &values, 0)?))
    }

    /// How many pictures it was made from.
    pub fn images(&self) -> u32 {
        self.0.windows()
    }

    /// The template as bytes, in the format of a keystroke template, with pictures for windows: 48 and four a value.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Reads [`Template::to_bytes`]. A template of another modality can be read as well; it is of another model.
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
        write!(f, "Template({} pictures, values hidden)", self.images())
    }
}
