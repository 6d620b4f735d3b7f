//! Recorded pointers: people, their sessions, and the [`PointerEvent`]s of each.
//!
//! [`discover`] finds the sets below a path, [`Source::load`] reads one; [`Mouser`] makes people up.

mod mouser;
mod rows;

pub use mouser::{Mouser, SET_NAME, mousers};

use crate::read::{by_number, entries, headers, open_csv, reading, recordings_in, set_name, shape};
use crate::{RecordingError, read::CsvReader};
use csv::ByteRecord;
use rows::{Columns, Row, Rows};
use std::{
    fs,
    path::{Path, PathBuf},
};
use stillyou_sense::pointer::PointerEvent;

/// One set of recorded pointers on disk, not read yet.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name of the folder that holds the files: it is part of what decides a subject's [`Share`](crate::Share).
    pub name: String,
    /// The files, in the order of their names. Their columns agree.
    pub files: Vec<PathBuf>,
    /// Whether sessions say which part of an experiment they belong to, and whether another person made them.
    pub labelled: bool,
}

/// One set of recorded pointers, in memory.
#[derive(Clone, Debug)]
pub struct Set {
    /// The name of the folder that holds the files.
    pub name: String,
    /// Whether sessions have a [`Label`].
    pub labelled: bool,
    /// Everybody, ordered by subject (numbers by value, before names).
    pub people: Vec<Person>,
}

/// One person of a set, or one account, where sessions have labels.
#[derive(Clone, Debug)]
pub struct Person {
    /// The subject id as it stands in the file.
    pub subject: String,
    /// Ordered by name (numbers by value, before names).
    pub sessions: Vec<Session>,
}

/// What a pointer did in one go.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session as it stands in the file.
    pub name: String,
    /// What it is for, where the set says so.
    pub label: Option<Label>,
    /// In the order of the file; stamps may run back where the recording's clock did.
    pub events: Vec<PointerEvent>,
}

/// What a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// To enrol the account's owner.
    Train,
    /// To probe with: made by another person or not.
    Test {
        /// Whether another person made it.
        illegal: bool,
    },
}

/// The sets of recorded pointers at `path`: a `.csv` or `.csv.gz` file, a folder that holds such files (one set), or a
/// folder of such folders (many sets, ordered by name). Files without the columns `t_us`, `x` and `y` are something else
/// and are passed over, unless `path` names one.
///
/// # Errors
/// When `path` can't be read, holds no recorded pointers, or a header is wrong.
pub fn discover(path: &Path) -> Result<Vec<Source>, RecordingError> {
    if !fs::metadata(path).map_err(reading(path))?.is_dir() {
        return source(path.parent().unwrap_or(Path::new("")), vec![path.to_owned()], true);
    }
    let here = source(path, recordings_in(path)?, false)?;
    if !here.is_empty() {
        return Ok(here);
    }
    let mut found = Vec::new();
    for folder in entries(path)?.into_iter().filter(|p| p.is_dir()) {
        found.extend(source(&folder, recordings_in(&folder)?, false)?);
    }
    if found.is_empty() { Err(RecordingError::NoPointers { path: path.to_owned() }) } else { Ok(found) }
}

impl Source {
    /// Reads the whole set.
    ///
    /// Columns are found by their names: `subject`, `session`, `t_us` (whole microseconds), `button`, `state`, `x`, `y`
    /// (pixels) and, both or neither, `part` and `is_illegal`. Other columns are passed over. Rows of a session stand in
    /// the order of its events.
    ///
    /// # Errors
    /// The first row that is not understood, with file, line, column and what would be right.
    pub fn load(&self) -> Result<Set, RecordingError> {
        let mut rows = Rows::default();
        for (file, path) in self.files.iter().enumerate() {
            let (mut reader, columns) = open(path)?;
            let mut record = ByteRecord::new();
            while reader.read_byte_record(&mut record).map_err(|e| shape(path, &e))? {
                rows.add(&Row { record: &record, path, columns: &columns }, file, &self.files)?;
            }
        }
        let mut people = rows.into_people();
        people.sort_by(|a, b| by_number(&a.subject, &b.subject));
        for person in &mut people {
            person.sessions.sort_by(|a, b| by_number(&a.name, &b.name));
        }
        Ok(Set { name: self.name.clone(), labelled: self.labelled, people })
    }
}

impl Set {
    /// The person of that subject id.
    pub fn person(&self, subject: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.subject == subject)
    }
}

fn source(folder: &Path, files: Vec<PathBuf>, named: bool) -> Result<Vec<Source>, RecordingError> {
    let mut kept: Option<Source> = None;
    for file in files {
        let headers = headers(&mut open_csv(&file)?, &file)?;
        if !named && !["t_us", "x", "y"].iter().all(|c| headers.iter().any(|h| h == c)) {
            continue;
        }
        let labelled = Columns::new(&headers, &file)?.label.is_some();
        match &mut kept {
            None => kept = Some(Source { name: set_name(folder)?, files: vec![file], labelled }),
            Some(set) if set.labelled == labelled => set.files.push(file),
            Some(set) => {
                let first = set.files.first().map(|p| p.display().to_string()).unwrap_or_default();
                return Err(RecordingError::Header {
                    path: file,
                    problem: format!("its columns differ from those of {first}; the files of one set must agree"),
                });
            }
        }
    }
    Ok(kept.into_iter().collect())
}

fn open(path: &Path) -> Result<(CsvReader, Columns), RecordingError> {
    let mut reader = open_csv(path)?;
    let columns = Columns::new(&headers(&mut reader, path)?, path)?;
    Ok((reader, columns))
}
