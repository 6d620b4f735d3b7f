use std::path::PathBuf;
use stillyou_models::{fixed::FixedError, keystroke::ModelError};
use stillyou_recordings::RecordingError;
use thiserror::Error;

/// Why there is no report.
#[derive(Debug, Error)]
pub enum EvaluateError {
    /// The recordings can't be read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The model fails.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// What is there is not sentences.
    #[error(
        "{}: {found}; this evaluation needs free text, without a rep column, in sessions numbered 1 to 15, one a sentence \
         (evaluate keystroke --protocol stream takes any sessions)",
        path.display()
    )]
    NoSentences {
        /// Where.
        path: PathBuf,
        /// What is there instead.
        found: String,
    },
    /// What is there is not one text again and again.
    #[error(
        "{}: {found}; this evaluation needs the same text again and again: a rep column with the number of the repetition",
        path.display()
    )]
    NoRepetitions {
        /// Where.
        path: PathBuf,
        /// What is there instead.
        found: String,
    },
    /// The pointer's model fails.
    #[error(transparent)]
    Pointer(#[from] stillyou_models::pointer::ModelError),
    /// What is there is not what the pointer's protocols need.
    #[error(
        "{}: {found}; this evaluation needs one set of recorded pointers: with sessions named 3min and 1min, or with the \
         columns part and is_illegal",
        path.display()
    )]
    NoPointers {
        /// Where.
        path: PathBuf,
        /// What is there instead.
        found: String,
    },
    /// The face's model fails.
    #[error(transparent)]
    Face(#[from] stillyou_models::face::ModelError),
    /// What is there is not pictures of people.
    #[error("{}: {found}; this evaluation needs a folder of folders, one a person, of JPEG pictures", path.display())]
    NoFaces {
        /// Where.
        path: PathBuf,
        /// What is there instead.
        found: String,
    },
    /// Nobody can be compared on any text.
    #[error("no text has two people with {least} repetitions (share: {share}): {found}")]
    TooFewRepetitions {
        /// The fewest that would do.
        least: usize,
        /// The share asked for.
        share: String,
        /// The texts with their people and repetitions.
        found: String,
    },
    /// A text can't be learnt.
    #[error(transparent)]
    Fixed(#[from] FixedError),
    /// No account is left.
    #[error("no account is left of {share} ({why})")]
    NoAccount {
        /// The share asked for.
        share: String,
        /// Who was left out.
        why: String,
    },
    /// An option is out of its range.
    #[error("--{option} is {value}; it must be {want}")]
    Option {
        /// Its name.
        option: &'static str,
        /// What was given.
        value: String,
        /// What would be right.
        want: &'static str,
    },
    /// Too few people are left to compare.
    #[error("{left} subjects are left of {share}; an evaluation needs at least 2 ({why})")]
    TooFew {
        /// How many.
        left: usize,
        /// The share asked for.
        share: String,
        /// Who was left out.
        why: String,
    },
    /// The scores can't be written.
    #[error("the scores can't be written: {0}")]
    Scores(#[from] csv::Error),
}
