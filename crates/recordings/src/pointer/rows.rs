use super::{Label, Person, Session};
use crate::{RecordingError, read::find_column};
use csv::ByteRecord;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};
use stillyou_sense::{
    Micros,
    keyboard::Transition,
    pointer::{Button, PointerEvent, PointerKind},
};

/// Where the columns stand.
pub struct Columns {
    subject: usize,
    session: usize,
    at: usize,
    button: usize,
    state: usize,
    x: usize,
    y: usize,
    /// `part` and `is_illegal`.
    pub label: Option<(usize, usize)>,
}

impl Columns {
    pub fn new(headers: &[String], path: &Path) -> Result<Self, RecordingError> {
        let fail = |problem: String| RecordingError::Header { path: path.to_owned(), problem };
        let find = |name: &str| find_column(headers, name, path);
        let need = |name: &str| {
            find(name)?.ok_or_else(|| {
                fail(format!("no column {name}; it must have subject, session, t_us, button, state, x and y"))
            })
        };
        let label = match (find("part")?, find("is_illegal")?) {
            (Some(part), Some(illegal)) => Some((part, illegal)),
            (None, None) => None,
            _ => return Err(fail("the columns part and is_illegal must both be there, or neither".to_owned())),
        };
        Ok(Self {
            subject: need("subject")?,
            session: need("session")?,
            at: need("t_us")?,
            button: need("button")?,
            state: need("state")?,
            x: need("x")?,
            y: need("y")?,
            label,
        })
    }
}

/// One row of a file.
pub struct Row<'a> {
    pub record: &'a ByteRecord,
    pub path: &'a Path,
    pub columns: &'a Columns,
}

/// What a row says: where the pointer is, and what happened to a button or the wheel.
struct Said {
    at: Micros,
    place: PointerKind,
    act: Option<PointerKind>,
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

    fn pixels(&self, at: usize, column: &'static str) -> Result<i32, RecordingError> {
        let whole = str::from_utf8(self.field(at)).ok().and_then(|text| text.parse().ok());
        whole
            .filter(|n: &i32| n.abs() <= MOST_PIXELS)
            .ok_or_else(|| self.bad(at, column, "a whole number of pixels from -100000 to 100000"))
    }

    fn label(&self) -> Result<Option<Label>, RecordingError> {
        let Some((part, illegal)) = self.columns.label else { return Ok(None) };
        match (self.field(part), self.field(illegal)) {
            (b"train", b"0") => Ok(Some(Label::Train)),
            (b"train", _) => Err(self.bad(illegal, "is_illegal", "0 in the part train")),
            (b"test", b"0") => Ok(Some(Label::Test { illegal: false })),
            (b"test", b"1") => Ok(Some(Label::Test { illegal: true })),
            (b"test", _) => Err(self.bad(illegal, "is_illegal", "0 or 1")),
            _ => Err(self.bad(part, "part", "train or test")),
        }
    }

    fn said(&self) -> Result<Said, RecordingError> {
        let columns = self.columns;
        let text = str::from_utf8(self.field(columns.at)).unwrap_or_default();
        let at = text.parse().ok().filter(|t| *t <= 10u64.pow(15) && text.bytes().all(|b| b.is_ascii_digit()));
        let want = "a whole number of microseconds from 0 to 10^15";
        let at = Micros(at.ok_or_else(|| self.bad(columns.at, "t_us", want))?);
        let place = PointerKind::Move { x: self.pixels(columns.x, "x")?, y: self.pixels(columns.y, "y")? };
        let button = || match self.field(columns.button) {
            b"Left" => Ok(Button::Left),
            b"Right" => Ok(Button::Right),
            b"Middle" => Ok(Button::Middle),
            b"XButton" | b"Other" => Ok(Button::Other),
            _ => Err(self.bad(columns.button, "button", "Left, Right, Middle, XButton or Other where one moves")),
        };
        let act = match self.field(columns.state) {
            b"Move" | b"Drag" => None,
            b"Pressed" => Some(PointerKind::Button { button: button()?, transition: Transition::Press }),
            b"Released" => Some(PointerKind::Button { button: button()?, transition: Transition::Release }),
            b"Down" => Some(PointerKind::Wheel { dx: 0, dy: 1 }),
            b"Up" => Some(PointerKind::Wheel { dx: 0, dy: -1 }),
            _ => return Err(self.bad(columns.state, "state", "Move, Drag, Pressed, Released, Down or Up")),
        };
        Ok(Said { at, place, act })
    }
}

const MOST_PIXELS: i32 = 100_000;

/// Sessions as they are read: `index` finds them, `last` saves the look-up for a row that goes on where the one before
/// it stopped.
#[derive(Default)]
pub struct Rows {
    sessions: Vec<Reading>,
    index: HashMap<(String, String), usize>,
    last: usize,
}

struct Reading {
    subject: String,
    session: Session,
    file: usize,
    place: Option<PointerKind>,
}

impl Rows {
    pub fn add(&mut self, row: &Row, file: usize, files: &[PathBuf]) -> Result<(), RecordingError> {
        let subject = row.name(row.columns.subject, "subject")?;
        let name = row.name(row.columns.session, "session")?;
        let label = row.label()?;
        let said = row.said()?;
        let goes_on = self.sessions.get(self.last).is_some_and(|r| r.subject == subject && r.session.name == name);
        if !goes_on {
            let next = self.sessions.len();
            self.last = *self.index.entry((subject.to_owned(), name.to_owned())).or_insert(next);
            if self.last == next {
                let session = Session { name: name.to_owned(), label, events: Vec::new() };
                self.sessions.push(Reading { subject: subject.to_owned(), session, file, place: None });
            }
        }
        let Some(reading) = self.sessions.get_mut(self.last) else { return Ok(()) };
        if reading.file != file {
            return Err(RecordingError::Twice {
                path: row.path.to_owned(),
                other: files.get(reading.file).cloned().unwrap_or_default(),
                subject: subject.to_owned(),
                session: name.to_owned(),
            });
        }
        if let (true, Some((part, _))) = (reading.session.label != label, row.columns.label) {
            return Err(row.bad(part, "part", "the same, with is_illegal, in all rows of a session"));
        }
        let mut push = |kind| reading.session.events.push(PointerEvent { at: said.at, kind, injected: false });
        if reading.place != Some(said.place) {
            push(said.place);
            reading.place = Some(said.place);
        }
        if let Some(act) = said.act {
            push(act);
        }
        Ok(())
    }

    pub fn into_people(self) -> Vec<Person> {
        let mut people: Vec<Person> = Vec::new();
        let mut of: HashMap<String, usize> = HashMap::new();
        for Reading { subject, session, .. } in self.sessions {
            let at = *of.entry(subject.clone()).or_insert(people.len());
            match people.get_mut(at) {
                Some(person) => person.sessions.push(session),
                None => people.push(Person { subject, sessions: vec![session] }),
            }
        }
        people
    }
}
