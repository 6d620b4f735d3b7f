//! Who is typing a text that is always the same, from few repetitions of it: a pass-phrase as a factor.
//!
//! A [`Rhythm`] holds the times of one repetition, never its keys. [`Template::enrol`] learns a person from their
//! repetitions; a [`Population`] says how people type who don't know the text; a [`Detector`] weighs one against the
//! other. All of it is closed form: nothing here is a network.

mod detector;
mod error;
pub mod logistic;
mod population;
mod rhythm;
mod template;

pub use detector::{Detector, Weighing};
pub use error::FixedError;
pub use population::{Habit, Population};
pub use rhythm::{KINDS, Kind, MAX_KEYS, MIN_KEYS, Rhythm};
pub use template::{KEPT, MIN_REPETITIONS, Template};

#[cfg(test)]
mod tests;
