use super::ModelError;
use super::cohort::{Cohort, Crowd};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A window's point on the unit sphere. Biometric data: wiped from memory when dropped, no `Debug` of its values.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Embedding {
    values: Vec<f32>,
    #[zeroize(skip)]
    crowd: Crowd,
}

impl Embedding {
    /// An embedding of a network's output.
    ///
    /// # Errors
    /// When a value is not finite or the length is not 1 within 1e-3.
    pub(crate) fn new(values: Vec<f32>, cohort: &Cohort) -> Result<Self, ModelError> {
        let length = values.iter().map(|v| f64::from(*v) * f64::from(*v)).sum::<f64>().sqrt();
        if (length - 1.0).abs() < 1e-3 {
            let crowd = cohort.crowd(&values);
            Ok(Self { values, crowd })
        } else {
            Err(ModelError::NotFinite)
        }
    }

    /// The coordinates.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// How it scores against the people of the cohort.
    pub(crate) fn crowd(&self) -> &Crowd {
        &self.crowd
    }
}

impl std::fmt::Debug for Embedding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Embedding({} values hidden)", self.values.len())
    }
}

/// The inner product of two vectors; of unit vectors, the cosine of their angle.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}
