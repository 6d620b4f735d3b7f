use std::collections::{BTreeMap, HashMap};
use stillyou_recordings::{Session, Set};
use stillyou_sense::keyboard::Keystroke;

/// A text and those who typed it.
pub struct TypedText {
    /// What the recording calls it; never the text itself.
    pub name: String,
    /// How many keys it has.
    pub keys: usize,
    /// Everybody who typed it, in the order of the set.
    pub people: Vec<Repeater>,
    /// Repetitions with other keys, or another number of them, than the text; left out.
    pub dropped: usize,
}

/// A person and their repetitions of one text, in the order they were typed.
pub struct Repeater {
    pub subject: String,
    pub repetitions: Vec<Vec<Keystroke>>,
}

/// The texts of a set. Where the keys are known, what was typed tells texts apart, however many sittings it took (`big-1`,
/// `big-2`); otherwise the session's name does.
pub fn of(set: &Set) -> Vec<TypedText> {
    let sessions = || set.people.iter().flat_map(|p| p.sessions.iter()).filter(|s| s.rep.is_some());
    let mut typed: BTreeMap<&str, HashMap<Keys, usize>> = BTreeMap::new();
    for s in sessions() {
        *typed.entry(&s.name).or_default().entry(keys(s)).or_default() += 1;
    }
    let usual =
        |of: &HashMap<Keys, usize>| of.iter().max_by_key(|(keys, n)| (**n, (*keys).clone())).map(|(k, _)| k.clone());
    let mut texts: BTreeMap<(String, Keys), Vec<&str>> = BTreeMap::new();
    for (name, of) in &typed {
        if let Some(usual) = usual(of) {
            let told_by = if set.keys { String::new() } else { (*name).to_owned() };
            texts.entry((told_by, usual)).or_default().push(name);
        }
    }
    let only = texts.len() == 1;
    let mut all: Vec<TypedText> = texts
        .into_iter()
        .map(|((_, usual), names)| {
            let name = if only && names.len() > 1 { set.name.clone() } else { sittings(&names) };
            text(set, name, &usual, &names)
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// Key codes in the order of pressing.
type Keys = Vec<u16>;

fn keys(session: &Session) -> Keys {
    session.keystrokes.iter().map(|k| k.key.evdev()).collect()
}

fn text(set: &Set, name: String, usual: &Keys, names: &[&str]) -> TypedText {
    let mut all = TypedText { name, keys: usual.len(), people: Vec::new(), dropped: 0 };
    for person in &set.people {
        let mut mine: Vec<&Session> =
            person.sessions.iter().filter(|s| s.rep.is_some() && names.contains(&s.name.as_str())).collect();
        mine.sort_by_key(|s| (sitting(&s.name), s.rep));
        let before = mine.len();
        mine.retain(|s| keys(s) == *usual);
        all.dropped += before - mine.len();
        if !mine.is_empty() {
            let repetitions = mine.iter().map(|s| s.keystrokes.clone()).collect();
            all.people.push(Repeater { subject: person.subject.clone(), repetitions });
        }
    }
    all
}

/// A session's name without its number, and the number: `small-10` comes after `small-9`.
fn sitting(name: &str) -> (&str, u64) {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    (stem, name[stem.len()..].parse().unwrap_or(0))
}

fn sittings(names: &[&str]) -> String {
    if let [one] = names {
        return (*one).to_owned();
    }
    let mut stems: Vec<&str> = names.iter().map(|n| sitting(n).0.trim_end_matches(['-', '_', ' '])).collect();
    stems.dedup();
    stems.join(", ")
}
