use super::{ModelError, Stroke, Template};
use crate::keystroke::{ModelVersion, PackError, TemplateError};
use std::path::PathBuf;
use stillyou_trust::Evidence;

/// Where a trained network comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackSource {
    /// The pack in this program.
    BuiltIn,
    /// A folder with `card.toml`, `weights.bpk`, `statistics.bin` and `seen.txt`.
    Directory(PathBuf),
}

/// A trained network with its calibration: strokes in, evidence out.
pub struct Model {
    version: ModelVersion,
}

impl Model {
    /// Loads a pack, once its hashes hold.
    ///
    /// # Errors
    /// When a file is missing, changed, damaged or not understood.
    pub fn load(source: &PackSource) -> Result<Self, PackError> {
        let path = match source {
            PackSource::BuiltIn => PathBuf::from("pointer"),
            PackSource::Directory(path) => path.clone(),
        };
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "no pointer model is there yet");
        Err(PackError::Read { path, source })
    }

    /// Which model this is: part of every template and record.
    pub fn version(&self) -> &ModelVersion {
        &self.version
    }

    /// Whether this model made `template`: another model's numbers mean something else.
    ///
    /// # Errors
    /// When another model made it.
    pub fn fits(&self, template: &Template) -> Result<(), TemplateError> {
        let _ = template;
        Err(TemplateError::Empty)
    }

    /// What a window of [`MIN_WINDOW`](super::MIN_WINDOW) to [`WINDOW`](super::WINDOW) strokes says about whether the
    /// template's person made it, without attribution.
    ///
    /// # Errors
    /// When the window is too short or too long, another model made the template, or the network fails.
    pub fn evidence(&self, template: &Template, window: &[Stroke]) -> Result<Evidence, ModelError> {
        let _ = template;
        Err(ModelError::Length { strokes: window.len() })
    }

    /// [`Model::evidence`] with its attribution, at the cost of some more windows.
    ///
    /// # Errors
    /// As [`Model::evidence`].
    pub fn attributed_evidence(&self, template: &Template, window: &[Stroke]) -> Result<Evidence, ModelError> {
        self.evidence(template, window)
    }
}
