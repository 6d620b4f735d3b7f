//! Who is typing, from windows of keystrokes: features, network, calibration, templates, enrolment.
//!
//! [`Model::load`] a pack; [`Enrolment`] makes a [`Template`] of a person; [`Model::evidence`] says how much a window
//! of [`MIN_WINDOW`] to [`WINDOW`] keystrokes speaks for that person.

mod calibration;
mod card;
mod cohort;
pub(crate) mod embedding;
mod enrolment;
mod error;
pub(crate) mod evidence;
pub(crate) mod model;
/// The network itself, for training.
pub mod network;
mod neutral;
pub(crate) mod pack;
/// Presentation attack detection: is this a person at this keyboard?
pub mod pad;
/// Shapley values, exact and sampled.
pub mod shapley;
pub(crate) mod template;
mod tokens;
mod window;

pub use calibration::{Calibration, Calibrations, LONGEST};
pub use card::{CARD, Card, Files, Measured, Terms, Training};
pub use cohort::{Cohort, Cohorts};
pub use embedding::Embedding;
pub use enrolment::{Enrolled, Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOWS};
pub use error::ModelError;
pub use evidence::{Game, quality};
pub use model::{Compute, Model};
pub use neutral::{Feature, Neutral};
pub use pack::{ModelVersion, PackError, PackSource, seen_hash, write_pack};
pub use template::{Template, TemplateError};
pub use tokens::{KeyClass, KeyDetail, TOKENS, UNKNOWN, class, token};
pub use window::{FEATURES, Features, MIN_WINDOW, Stroke, WINDOW, parts};
