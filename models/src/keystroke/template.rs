use super::cohort::{Cohort, Crowd};
use super::embedding::{Embedding, dot};
use super::pack::ModelVersion;
use std::sync::OnceLock;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What is kept of a person: the direction of the mean of their windows' embeddings. Wiped from memory when dropped.
///
/// It belongs to one model version: another model's numbers mean something else.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Template {
    model: [u8; 32],
    windows: u32,
    keystrokes: u32,
    /// Of length 1.
    centre: Vec<f32>,
    /// How the centre scores against the cohort, once asked for.
    #[zeroize(skip)]
    crowd: OnceLock<Crowd>,
}

/// Why a template can't be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum TemplateError {
    /// The bytes are not a template this program understands.
    #[error("not a template: {0}")]
    Format(&'static str),
    /// Another model made it.
    #[error("the template was made by another model (hash {found}); this one is {expected}: enrol again")]
    OtherModel {
        /// The first digits of the model's hash in the template.
        found: String,
        /// The model in use.
        expected: String,
    },
    /// There is nothing to make one from.
    #[error("a template needs at least one window")]
    Empty,
}

impl Template {
    /// The template of some windows of one person, `keystrokes` keys in all.
    ///
    /// # Errors
    /// When there are none, they are not of one length, or they cancel out.
    pub fn from_embeddings(
        model: &ModelVersion,
        embeddings: &[Embedding],
        keystrokes: u32,
    ) -> Result<Self, TemplateError> {
        let values: Vec<&[f32]> = embeddings.iter().map(Embedding::values).collect();
        Self::from_values(model, &values, keystrokes)
    }

    /// As [`Template::from_embeddings`], from their values.
    pub(crate) fn from_values(model: &ModelVersion, all: &[&[f32]], keystrokes: u32) -> Result<Self, TemplateError> {
        let centre = centre(all).ok_or(TemplateError::Empty)?;
        let windows = all.len() as u32;
        Ok(Self { model: *model.hash(), windows, keystrokes, centre, crowd: OnceLock::new() })
    }

    /// How many windows it was made from.
    pub fn windows(&self) -> u32 {
        self.windows
    }

    /// How many keystrokes it was made from.
    pub fn keystrokes(&self) -> u32 {
        self.keystrokes
    }

    /// The template as bytes (little-endian): `SYKT`, format 1, the model's hash, windows, keystrokes, the number of
    /// values, the values as 32-bit floats. 560 bytes for 128 values.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + 4 * self.centre.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&self.model);
        bytes.extend_from_slice(&self.windows.to_le_bytes());
        bytes.extend_from_slice(&self.keystrokes.to_le_bytes());
        bytes.extend_from_slice(&(self.centre.len() as u16).to_le_bytes());
        for value in &self.centre {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes
    }

    /// Reads [`Template::to_bytes`].
    ///
    /// # Errors
    /// When the bytes are not a template down to the last one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TemplateError> {
        let mut rest = bytes;
        if take::<4>(&mut rest)? != *MAGIC {
            return Err(TemplateError::Format("it does not begin with SYKT"));
        }
        if u16::from_le_bytes(take(&mut rest)?) != FORMAT {
            return Err(TemplateError::Format("its format is not 1, the one this program reads"));
        }
        let model = take(&mut rest)?;
        let windows = u32::from_le_bytes(take(&mut rest)?);
        let keystrokes = u32::from_le_bytes(take(&mut rest)?);
        let values = usize::from(u16::from_le_bytes(take(&mut rest)?));
        if rest.len() != 4 * values {
            return Err(TemplateError::Format("its length does not fit its number of values"));
        }
        let centre = (0..values).map(|_| Ok(f32::from_le_bytes(take(&mut rest)?))).collect::<Result<Vec<_>, _>>()?;
        let template = Self { model, windows, keystrokes, centre, crowd: OnceLock::new() };
        let unit = (dot(&template.centre, &template.centre).sqrt() - 1.0).abs() < 1e-3;
        if windows == 0 || !unit {
            return Err(TemplateError::Format("it has no windows, or its values are not a unit vector"));
        }
        Ok(template)
    }

    /// A unit vector.
    pub(crate) fn centre(&self) -> &[f32] {
        &self.centre
    }

    /// How the centre scores against the people of its model's cohort.
    pub(crate) fn crowd(&self, cohort: &Cohort) -> &Crowd {
        self.crowd.get_or_init(|| cohort.crowd(&self.centre))
    }

    /// That this template is of `version`, with `values` values.
    pub(crate) fn fits(&self, version: &ModelVersion, values: usize) -> Result<(), TemplateError> {
        if self.model != *version.hash() {
            let found = self.model[..4].iter().map(|b| format!("{b:02x}")).collect();
            return Err(TemplateError::OtherModel { found, expected: version.to_string() });
        }
        if self.centre.len() == values {
            Ok(())
        } else {
            Err(TemplateError::Format("its number of values is not the model's"))
        }
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} windows, {} keystrokes, values hidden)", self.windows, self.keystrokes)
    }
}

/// The direction of the mean of embeddings; `None` when there are none, their sizes differ or they cancel out.
pub(crate) fn centre(embeddings: &[&[f32]]) -> Option<Vec<f32>> {
    let mut sum = vec![0.0; embeddings.first()?.len()];
    for embedding in embeddings {
        if sum.len() != embedding.len() {
            return None;
        }
        sum.iter_mut().zip(*embedding).for_each(|(s, v)| *s += v);
    }
    let length = dot(&sum, &sum).sqrt() as f32;
    sum.iter_mut().for_each(|s| *s /= length);
    (length > 1e-3).then_some(sum)
}

const MAGIC: &[u8; 4] = b"SYKT";
const FORMAT: u16 = 1;
const HEADER: usize = 4 + 2 + 32 + 4 + 4 + 2;

fn take<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], TemplateError> {
    let (head, rest) = from.split_first_chunk().ok_or(TemplateError::Format("it is cut short"))?;
    *from = rest;
    Ok(*head)
}
