//! Error rates with protocol, seed and confidence interval.
//!
//! [`attacks`] lets forgers, replays and machines try; [`fixed`] compares repetitions of one text, ours beside the detectors
//! of the literature; [`face`] compares pictures with templates, [`keystroke`] windows of typing, [`pointer`] windows of
//! pointing; [`pad`] judges pictures of pictures, [`live_check`] holds recordings before live checks; [`session`] plays
//! whole recordings through the belief, as continuous use would; [`metrics`] is the arithmetic they share.

pub mod attacks;
mod error;
pub mod face;
pub mod fixed;
pub mod keystroke;
pub mod live_check;
pub mod metrics;
pub mod pad;
pub mod pointer;
mod population;
mod recogniser;
pub mod session;

pub use error::EvaluateError;
pub use population::{LeftOut, Subjects};
pub use recogniser::Recogniser;

/// What is told while an evaluation runs: done, of how many windows.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);
