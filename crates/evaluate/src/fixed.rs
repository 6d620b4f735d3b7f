//! One text again and again: our detector beside the classical ones, on the same splits.
//!
//! For each text: people with at least `least` repetitions of it, `n` the smallest number among them. The first `n/2`
//! repetitions of a person train, the next `n/2` are genuine probes, the first five of every other person are the
//! impostors. The measure is the mean over people of each one's own equal error rate; intervals are bootstrapped over
//! people.
//!
//! What our detector has learnt of other people never comes from those it compares: people are dealt into five folds by a
//! seeded hash, and a comparison of `u` with `v` uses a population and a calibration from the people of neither fold. So that
//! genuine and impostor trials are treated alike, genuine probes use the detectors of the five folds in turn.

mod classical;
mod compare;
mod folds;
mod report;
mod svm;
mod texts;

pub use classical::{Classical, Trained};
pub use report::{Detected, Report, ScoredRepetition, TextReport};
pub use svm::OneClass;

use crate::{EvaluateError, Progress, Subjects};
use std::path::PathBuf;
use stillyou_recordings::{Source, Text, discover};
use texts::TypedText;

/// What to evaluate on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A recording, a set's folder or a folder of sets.
    pub data: PathBuf,
    /// Which of its people.
    pub subjects: Subjects,
    /// Deals the folds and resamples.
    pub seed: u64,
}

impl Options {
    /// Everybody, seed 1.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), subjects: Subjects::All, seed: 1 }
    }
}

/// Repetitions a person should have.
pub const REPETITIONS: usize = 200;

/// Repetitions a person must have where fewer than half of those who have so many have [`REPETITIONS`].
pub const FEWER_REPETITIONS: usize = 100;

/// Repetitions of every other person that are impostor trials.
pub const IMPOSTOR_REPETITIONS: usize = 5;

/// Evaluates by the protocol of this module. The same options give the same report.
///
/// # Errors
/// When the recordings can't be read or are not repetitions, or no text has two people with enough of them.
pub fn evaluate(options: &Options, progress: Progress) -> Result<Report, EvaluateError> {
    let sources = repetitions_at(options)?;
    let mut chosen: Vec<(TypedText, usize)> = Vec::new();
    let mut found: Vec<String> = Vec::new();
    let mut sets = Vec::new();
    for source in sources {
        let mut set = source.load()?;
        set.people.retain(|p| options.subjects.holds(&source.name, &p.subject));
        for mut text in texts::of(&set) {
            let have = |least: usize| text.people.iter().filter(|p| p.repetitions.len() >= least).count();
            let least = if 2 * have(REPETITIONS) >= have(FEWER_REPETITIONS) { REPETITIONS } else { FEWER_REPETITIONS };
            found.push(format!("{} {} people with {FEWER_REPETITIONS}", text.name, have(FEWER_REPETITIONS)));
            text.people.retain(|p| p.repetitions.len() >= least);
            if text.people.len() >= 2 {
                chosen.push((text, least));
            }
        }
        sets.push(source.name);
    }
    if chosen.is_empty() {
        let (share, found) =
            (options.subjects.to_string(), if found.is_empty() { "nobody".into() } else { found.join(", ") });
        return Err(EvaluateError::TooFewRepetitions { least: FEWER_REPETITIONS, share, found });
    }
    let mut texts = Vec::new();
    for (at, (text, least)) in chosen.iter().enumerate() {
        texts.push(compare::text(text, *least, options.seed)?);
        progress(at + 1, chosen.len());
    }
    Ok(Report { sets, subjects: options.subjects, seed: options.seed, texts })
}

fn repetitions_at(options: &Options) -> Result<Vec<Source>, EvaluateError> {
    let sources = discover(&options.data)?;
    let names: Vec<String> = sources.iter().map(|s| s.name.clone()).collect();
    let fixed: Vec<Source> = sources.into_iter().filter(|s| s.text == Text::Fixed).collect();
    if fixed.is_empty() {
        let found = format!("no rep column in {}", names.join(", "));
        return Err(EvaluateError::NoRepetitions { path: options.data.clone(), found });
    }
    Ok(fixed)
}

#[cfg(test)]
mod tests;
