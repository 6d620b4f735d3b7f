use crate::recipe::Kind;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use stillyou_models::keystroke::{MIN_WINDOW, Stroke, WINDOW};
use stillyou_recordings::{Person, Set, Share, Source, Text, discover, typist};

/// One person's typing, ready to be cut into windows.
pub struct Subject {
    /// The set, as its folder is called.
    pub set: String,
    /// The subject id.
    pub name: String,
    /// Whether the keys are known.
    pub keyed: bool,
    /// Passages in their order, each at least `MIN_WINDOW` keys.
    pub passages: Vec<Vec<Stroke>>,
}

/// The set of generated people.
pub const MADE_UP: &str = typist::SET_NAME;

/// How many there are in all shares.
const MADE_UP_PEOPLE: u64 = 1500;

/// The people of one share that a pack is made with.
///
/// Fixed texts are short: their repetitions are joined, as they were typed, until they fill a window.
pub fn load(data: &Path, kind: Kind, share: Share) -> Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    for set in kind.sets(data)? {
        subjects.extend(if kind == Kind::Open && set == MADE_UP {
            made_up(MADE_UP_PEOPLE, share)
        } else {
            recorded(data, &set, share)?
        });
    }
    Ok(subjects)
}

/// The people of one share of a recorded set, without those that have no usable passage.
pub fn recorded(data: &Path, set: &str, share: Share) -> Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    let of_set = |source: &Source| source.name == set;
    let found = discover(data).with_context(|| format!("the set {set}"))?;
    ensure!(found.iter().any(of_set), "{}: no set {set} there", data.display());
    for source in found.into_iter().filter(of_set) {
        let Set { name, text, keys, people } = source.load()?;
        let mine = people.iter().filter(|p| Share::of(&name, &p.subject) == share);
        subjects.extend(mine.filter_map(|p| subject(&name, p, text, keys)));
    }
    Ok(subjects)
}

/// The people of one share among generated ones.
pub fn made_up(people: u64, share: Share) -> Vec<Subject> {
    let mine = (1..=people).filter(|seed| Share::of(MADE_UP, &seed.to_string()) == share);
    mine.filter_map(|seed| subject(MADE_UP, &typist::Typist::new(seed).record(15), Text::Sentences, true)).collect()
}

fn subject(set: &str, person: &Person, text: Text, keyed: bool) -> Option<Subject> {
    let sessions = person.sessions.iter().map(|s| s.keystrokes.iter().map(Stroke::from).collect::<Vec<_>>());
    let mut passages: Vec<Vec<Stroke>> = match text {
        Text::Sentences => sessions.collect(),
        Text::Fixed => joined(sessions),
    };
    passages.retain(|p| p.len() >= MIN_WINDOW);
    let subject = Subject { set: set.to_owned(), name: person.subject.clone(), keyed, passages };
    (!subject.passages.is_empty()).then_some(subject)
}

/// Repetitions one after the other, 600 ms apart, cut into passages of at least a window.
fn joined(repetitions: impl Iterator<Item = Vec<Stroke>>) -> Vec<Vec<Stroke>> {
    let mut passages = Vec::new();
    let mut open: Vec<Stroke> = Vec::new();
    for repetition in repetitions {
        append(&mut open, &repetition, 600_000);
        if open.len() >= WINDOW {
            passages.push(std::mem::take(&mut open));
        }
    }
    passages
}

/// Adds strokes after a pause, moving their clock.
pub fn append(to: &mut Vec<Stroke>, strokes: &[Stroke], pause_us: i64) {
    let Some(first) = strokes.first() else { return };
    let start = to.iter().map(|s| s.released_us).max().map_or(0, |end| end + pause_us);
    let shift = start - first.pressed_us;
    to.extend(strokes.iter().map(|s| Stroke {
        token: s.token,
        pressed_us: s.pressed_us + shift,
        released_us: s.released_us + shift,
    }));
}
