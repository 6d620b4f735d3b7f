//! Error rates with protocol, seed and confidence interval.
//!
//! [`keystroke`] compares single sentences with templates; [`pointer`] does so with pointers; [`stream`] plays whole recordings through the belief, as
//! continuous use would; [`metrics`] is the arithmetic both share.

mod error;
pub mod keystroke;
pub mod metrics;
pub mod pointer;
mod population;
mod recogniser;
pub mod stream;

pub use error::EvaluateError;
pub use population::{LeftOut, Subjects};
pub use recogniser::Recogniser;

/// What is told while an evaluation runs: done, of how many windows.
pub type Progress<'a> = &'a mut dyn FnMut(usize, usize);
