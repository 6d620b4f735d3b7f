//! Who moves the pointer, from windows of strokes: features, network, calibration, templates, enrolment.
//!
//! A [`Strokes`] makes [`Stroke`]s of pointer events; [`Model::load`] a pack; [`Enrolment`] makes a [`Template`] of a
//! person; [`Model::evidence`] says how much a window of [`MIN_WINDOW`] to [`WINDOW`] strokes speaks for that person.

mod calibration;
mod card;
mod enrolment;
mod error;
mod evidence;
mod model;
/// The network itself, for training.
pub mod network;
mod pack;
mod shape;
mod strokes;
mod template;
mod window;

pub use calibration::Calibration;
pub use card::{CARD, Card};
pub use enrolment::{Enrolled, Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOWS};
pub use error::ModelError;
pub use evidence::quality;
pub use model::Model;
pub use pack::{PackSource, write_pack};
pub use strokes::{Kind, LEAP, PAUSE_US, Stroke, Strokes};
pub use template::Template;
pub use window::{FEATURES, Features, MIN_WINDOW, STATISTICS, VALUES, WINDOW};
