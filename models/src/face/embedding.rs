use super::ModelError;
use crate::keystroke::embedding::dot;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A face's point on the unit sphere. Biometric data: wiped from memory when dropped, no `Debug` of its values.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Embedding {
    values: Vec<f32>,
}

impl Embedding {
    /// The direction of a network's output.
    ///
    /// # Errors
    /// When a value is no number, or all are zero.
    pub(super) fn new(mut values: Vec<f32>) -> Result<Self, ModelError> {
        let length = dot(&values, &values).sqrt() as f32;
        if !length.is_finite() || length < 1e-6 {
            values.zeroize();
            return Err(ModelError::Network("its output has no direction".to_owned()));
        }
        values.iter_mut().for_each(|v| *v /= length);
        Ok(Self { values })
    }

    /// The coordinates.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

impl std::fmt::Debug for Embedding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Embedding({} values hidden)", self.values.len())
    }
}
