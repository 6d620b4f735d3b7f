//! Who moves the pointer, from windows of strokes: features, network, calibration, templates, enrolment.
//!
//! A [`Strokes`] makes [`Stroke`]s of pointer events; [`Model::load`] a pack; [`Enrolment`] makes a [`Template`] of a
//! person; [`Model::evidence`] says how much a window of [`MIN_WINDOW`] to [`WINDOW`] strokes speaks for that person.

mod enrolment;
mod error;
mod model;
mod strokes;
mod template;

pub use enrolment::{Enrolled, Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOWS};
pub use error::ModelError;
pub use model::{Model, PackSource};
pub use strokes::{Kind, Stroke, Strokes};
pub use template::Template;

/// Strokes in a full window.
pub const WINDOW: usize = 40;

/// The fewest strokes a window may have.
pub const MIN_WINDOW: usize = 15;
