//! Whose face it is, from pictures: detection, mesh, quality, embedding, calibration, templates.
//!
//! [`Model::load`] an embedder; [`Model::look`] at a [`Frame`]; at least [`MIN_IMAGES`] faces make a [`Template`] of a
//! person; [`Model::evidence`] says how much a face speaks for that person.

mod appraisal;
/// Where a face looks, and whether its eyes are open.
pub mod bearing;
mod calibration;
mod card;
/// The live check: doing what is asked for.
pub mod challenge;
mod chip;
mod detector;
mod embedding;
mod error;
mod geometry;
/// Learning a face, step by step.
pub mod guide;
pub mod liveness;
mod mesh;
mod model;
/// The networks themselves, for conversion and measurement.
pub mod net;
pub mod occlusion;
mod pack;
mod passive;
mod prepare;
mod template;
mod warp;

pub use crate::keystroke::{ModelVersion, PackError, TemplateError};
pub use appraisal::{Appraisal, Flaw, LEAST};
pub use calibration::Calibration;
pub use card::{CARD, Card, Files, Input, Order, Origin, Role};
pub use chip::Chip;
pub use detector::Found;
pub use embedding::Embedding;
pub use error::ModelError;
pub use geometry::{Point, Similarity};
pub use mesh::{Mesh, POINTS, Pose};
pub use model::{Look, Model, Seen, Unseen};
pub use pack::{Pack, PackSource, write_card, write_pack};
pub use passive::Passive;
pub use stillyou_sense::camera::Frame;
pub use template::{MIN_IMAGES, Template};
