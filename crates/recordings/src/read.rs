use crate::{Person, RecordingError, Session, Set, Text, keys};
use csv::{ByteRecord, ReaderBuilder};
use flate2::read::MultiGzDecoder;
use std::{
    cmp::Ordering,
    collections::HashMap,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{self, Path, PathBuf},
};
use stillyou_sense::{
    Micros,
    keyboard::{Key, Keystroke},
};

/// One set of recorded typing on disk, not read yet.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name of the folder that holds the files: it is part of what decides a subject's [`Share`](crate::Share).
    pub name: String,
    /// The files, in the order of their names. Their columns agree.
    pub files: Vec<PathBuf>,
    /// What was typed.
    pub text: Text,
    /// Whether the files say which keys were pressed.
    pub keys: bool,
}

/// The sets of recorded typing at `path`: a `.csv` or `.csv.gz` file, a folder that holds such files (one set), or a
/// folder of such folders (many sets, ordered by name). Files without a `press_us` column are something else and are
/// passed over, unless `path` names one.
///
/// # Errors
/// When `path` can't be read, holds no recorded typing, or a header is wrong.
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
    if found.is_empty() { Err(RecordingError::Nothing { path: path.to_owned() }) } else { Ok(found) }
}

impl Source {
    /// Reads the whole set.
    ///
    /// Columns are found by their names: `subject`, `session`, `press_us`, `release_us` (whole microseconds) and, where
    /// the set has them, `rep`, `key` and `keycode` (JavaScript; it decides, `key` only where it is no known key).
    /// Other columns are passed over. Rows may come in any order; keystrokes are ordered by their presses.
    ///
    /// # Errors
    /// The first row that is not understood, with file, line, column and what would be right.
    pub fn load(&self) -> Result<Set, RecordingError> {
        let mut set = self.load_as_recorded()?;
        for person in &mut set.people {
            person.sessions.sort_by(|a, b| by_number(&a.name, &b.name).then_with(|| a.rep.cmp(&b.rep)));
        }
        Ok(set)
    }

    /// As [`Source::load`], but everybody's sessions in the order in which the files first mention them.
    ///
    /// # Errors
    /// As [`Source::load`].
    pub fn load_as_recorded(&self) -> Result<Set, RecordingError> {
        let mut rows = Rows::default();
        for (file, path) in self.files.iter().enumerate() {
            let (mut reader, columns) = open(path)?;
            let mut record = ByteRecord::new();
            while reader.read_byte_record(&mut record).map_err(|e| shape(path, &e))? {
                rows.add(&Row { record: &record, path, columns: &columns }, file, &self.files)?;
            }
        }
        Ok(Set { name: self.name.clone(), text: self.text, keys: self.keys, people: rows.into_people() })
    }
}

fn source(folder: &Path, files: Vec<PathBuf>, named: bool) -> Result<Vec<Source>, RecordingError> {
    let mut kept: Option<Source> = None;
    for file in files {
        let headers = headers(&mut open_csv(&file)?, &file)?;
        if !named && !headers.iter().any(|h| h == "press_us") {
            continue;
        }
        let columns = Columns::new(&headers, &file)?;
        let text = if columns.rep.is_some() { Text::Fixed } else { Text::Sentences };
        let keys = columns.key.is_some() || columns.keycode.is_some();
        match &mut kept {
            None => kept = Some(Source { name: set_name(folder)?, files: vec![file], text, keys }),
            Some(set) if set.text == text && set.keys == keys => set.files.push(file),
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

/// `.` and `..` have no name of their own, so they are resolved; a link keeps the name it is called by.
pub(crate) fn set_name(folder: &Path) -> Result<String, RecordingError> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let full = path::absolute(folder).map_err(reading(folder))?;
    let full = if full.file_name().is_some() { full } else { fs::canonicalize(folder).map_err(reading(folder))? };
    Ok(full.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

pub(crate) fn recordings_in(folder: &Path) -> Result<Vec<PathBuf>, RecordingError> {
    let is_recording = |p: &PathBuf| {
        let name = p.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        (name.ends_with(".csv") || name.ends_with(".csv.gz")) && p.is_file()
    };
    Ok(entries(folder)?.into_iter().filter(is_recording).collect())
}

pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, RecordingError> {
    let mut all = fs::read_dir(folder)
        .and_then(|dir| dir.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>())
        .map_err(reading(folder))?;
    all.sort();
    Ok(all)
}

pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> RecordingError + '_ {
    move |source| RecordingError::Read { path: path.to_owned(), source }
}

pub(crate) type CsvReader = csv::Reader<Box<dyn Read>>;

fn open(path: &Path) -> Result<(CsvReader, Columns), RecordingError> {
    let mut reader = open_csv(path)?;
    let columns = Columns::new(&headers(&mut reader, path)?, path)?;
    Ok((reader, columns))
}

pub(crate) fn open_csv(path: &Path) -> Result<CsvReader, RecordingError> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(reading(path))?);
    let gzip = file.fill_buf().map_err(reading(path))?.starts_with(&[0x1f, 0x8b]);
    let bytes: Box<dyn Read> = if gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(ReaderBuilder::new().buffer_capacity(1 << 16).from_reader(bytes))
}

pub(crate) fn headers(reader: &mut CsvReader, path: &Path) -> Result<Vec<String>, RecordingError> {
    let record = reader.byte_headers().map_err(|e| shape(path, &e))?;
    let lossy = |h: &[u8]| String::from_utf8_lossy(h).trim_start_matches('\u{feff}').trim().to_owned();
    Ok(record.iter().map(lossy).collect())
}

pub(crate) fn shape(path: &Path, error: &csv::Error) -> RecordingError {
    let line = error.position().map_or(0, csv::Position::line);
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields; it must have {expected_len}, as the header")
        }
        csv::ErrorKind::Io(source) => {
            return RecordingError::Read {
                path: path.to_owned(),
                source: io::Error::new(source.kind(), source.to_string()),
            };
        }
        _ => error.to_string(),
    };
    RecordingError::Shape { path: path.to_owned(), line, problem }
}

struct Columns {
    subject: usize,
    session: usize,
    press: usize,
    release: usize,
    rep: Option<usize>,
    key: Option<usize>,
    keycode: Option<usize>,
}

impl Columns {
    fn new(headers: &[String], path: &Path) -> Result<Self, RecordingError> {
        let fail = |problem| RecordingError::Header { path: path.to_owned(), problem };
        let find = |name: &str| find_column(headers, name, path);
        let need = |name: &str| {
            find(name)?.ok_or_else(|| {
                fail(format!("no column {name}; it must have subject, session, press_us and release_us"))
            })
        };
        Ok(Self {
            subject: need("subject")?,
            session: need("session")?,
            press: need("press_us")?,
            release: need("release_us")?,
            rep: find("rep")?,
            key: find("key")?,
            keycode: find("keycode")?,
        })
    }
}

/// Where a column stands, if it does.
///
/// # Errors
/// When it stands there twice.
pub(crate) fn find_column(headers: &[String], name: &str, path: &Path) -> Result<Option<usize>, RecordingError> {
    let mut at = headers.iter().enumerate().filter(|(_, h)| *h == name).map(|(i, _)| i);
    match (at.next(), at.next()) {
        (_, Some(_)) => {
            let problem = format!("the column {name} stands there twice; it must stand there once");
            Err(RecordingError::Header { path: path.to_owned(), problem })
        }
        (found, None) => Ok(found),
    }
}

struct Row<'a> {
    record: &'a ByteRecord,
    path: &'a Path,
    columns: &'a Columns,
}

impl Row<'_> {
    fn field(&self, at: usize) -> &[u8] {
        self.record.get(at).unwrap_or_default()
    }

    fn bad(&self, at: usize, column: &'static str, want: &'static str) -> RecordingError {
        RecordingError::Row {
            path: self.path.to_owned(),
            line: self.record.position().map_or(0, csv::Position::line),
            column,
            value: String::from_utf8_lossy(self.field(at)).chars().take(40).collect(),
            want,
        }
    }

    fn name(&self, at: usize, column: &'static str) -> Result<&str, RecordingError> {
        let text = str::from_utf8(self.field(at)).map_err(|_| self.bad(at, column, "text in UTF-8"))?;
        if text.trim().is_empty() { Err(self.bad(at, column, "a name or number, not empty")) } else { Ok(text) }
    }

    fn whole(&self, at: usize, column: &'static str, most: u64, want: &'static str) -> Result<u64, RecordingError> {
        str::from_utf8(self.field(at))
            .ok()
            .filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|text| text.parse().ok())
            .filter(|n| *n <= most)
            .ok_or_else(|| self.bad(at, column, want))
    }

    fn keystroke(&self) -> Result<Keystroke, RecordingError> {
        const STAMP: &str = "a whole number of microseconds from 0 to 10^15";
        let (press, release) = (self.columns.press, self.columns.release);
        let pressed = self.whole(press, "press_us", 10u64.pow(15), STAMP)?;
        let released = self.whole(release, "release_us", 10u64.pow(15), STAMP)?;
        if released < pressed {
            return Err(self.bad(release, "release_us", "no less than press_us in the same row"));
        }
        Ok(Keystroke { key: self.key()?, pressed_at: Micros(pressed), released_at: Micros(released), injected: false })
    }

    fn key(&self) -> Result<Key, RecordingError> {
        if let Some(at) = self.columns.keycode {
            let want = "a JavaScript key code, a whole number from 0 to 65535";
            let key = keys::from_javascript(self.whole(at, "keycode", 65_535, want)? as u32);
            if key != Key::UNKNOWN {
                return Ok(key);
            }
        }
        let name = self.columns.key.map(|at| String::from_utf8_lossy(self.field(at)));
        Ok(name.map_or(Key::UNKNOWN, |name| keys::from_name(&name)))
    }
}

/// Sessions as they are read: `index` finds them, `last` saves the look-up for a row that goes on where the one before
/// it stopped.
#[derive(Default)]
struct Rows {
    sessions: Vec<(String, Session, usize)>,
    index: HashMap<(String, String, Option<u32>), usize>,
    last: usize,
}

impl Rows {
    fn add(&mut self, row: &Row, file: usize, files: &[PathBuf]) -> Result<(), RecordingError> {
        let subject = row.name(row.columns.subject, "subject")?;
        let name = row.name(row.columns.session, "session")?;
        let rep = match row.columns.rep {
            Some(at) => {
                Some(row.whole(at, "rep", u64::from(u32::MAX), "the number of the repetition, a whole number")? as u32)
            }
            None => None,
        };
        let keystroke = row.keystroke()?;
        let goes_on = self
            .sessions
            .get(self.last)
            .is_some_and(|(s, held, _)| s == subject && held.name == name && held.rep == rep);
        if !goes_on {
            let next = self.sessions.len();
            self.last = *self.index.entry((subject.to_owned(), name.to_owned(), rep)).or_insert(next);
            if self.last == next {
                let session = Session { name: name.to_owned(), rep, keystrokes: Vec::with_capacity(64) };
                self.sessions.push((subject.to_owned(), session, file));
            }
        }
        let Some((_, session, from)) = self.sessions.get_mut(self.last) else { return Ok(()) };
        if *from != file {
            return Err(RecordingError::Twice {
                path: row.path.to_owned(),
                other: files.get(*from).cloned().unwrap_or_default(),
                subject: subject.to_owned(),
                session: name.to_owned(),
            });
        }
        session.keystrokes.push(keystroke);
        Ok(())
    }

    fn into_people(mut self) -> Vec<Person> {
        self.sessions.sort_by(|(a, _, _), (b, _, _)| by_number(a, b));
        let mut people: Vec<Person> = Vec::new();
        for (subject, mut session, _) in self.sessions {
            session.keystrokes.sort_by_key(|k| k.pressed_at);
            match people.last_mut() {
                Some(person) if person.subject == subject => person.sessions.push(session),
                _ => people.push(Person { subject, sessions: vec![session] }),
            }
        }
        people
    }
}

/// Numbers by value and before names; names, and numbers written differently, by their letters.
pub(crate) fn by_number(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(x), Ok(y)) => x.cmp(&y).then_with(|| a.cmp(b)),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}
