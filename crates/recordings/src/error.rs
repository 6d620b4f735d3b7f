use std::path::PathBuf;
use thiserror::Error;

/// Why a recording can't be used.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// A file or folder can't be read.
    #[error("{}: can't be read: {source}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Nothing there is recorded typing.
    #[error(
        "{}: no recorded typing here; give a .csv or .csv.gz file with the columns subject, session, press_us, \
         release_us (and key or keycode where known), a folder that holds such files, or a folder of such folders",
        path.display()
    )]
    Nothing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Nothing there is a recorded pointer.
    #[error(
        "{}: no recorded pointer here; give a .csv or .csv.gz file with the columns subject, session, t_us, button, \
         state, x, y (and part, is_illegal where sessions are labelled), a folder that holds such files, or a folder of \
         such folders",
        path.display()
    )]
    NoPointers {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file's first line does not name the columns.
    #[error("{}, line 1: {problem}", path.display())]
    Header {
        /// Which file.
        path: PathBuf,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A row can't be understood.
    #[error("{}, line {line}, column {column}: {value:?}; it must be {want}", path.display())]
    Row {
        /// Which file.
        path: PathBuf,
        /// The line, from 1 (the header).
        line: u64,
        /// The column's name.
        column: &'static str,
        /// What stands there, cut short.
        value: String,
        /// What would be right.
        want: &'static str,
    },
    /// A row has more or fewer fields than the header, or the compressed stream is damaged.
    #[error("{}, line {line}: {problem}", path.display())]
    Shape {
        /// Which file.
        path: PathBuf,
        /// The line, from 1 (the header).
        line: u64,
        /// What is wrong.
        problem: String,
    },
    /// Two files of a set hold the same session.
    #[error(
        "{}: session {session} of subject {subject} is also in {}; each session must be in one file only",
        path.display(), other.display()
    )]
    Twice {
        /// The later file.
        path: PathBuf,
        /// The earlier file.
        other: PathBuf,
        /// Whose.
        subject: String,
        /// Which.
        session: String,
    },
    /// A word is not the name of a share.
    #[error("{0:?} is no share of the subjects; it must be train, calibrate, validate, test or all")]
    Share(String),
}
