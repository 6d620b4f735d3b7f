use stillyou_sense::{Micros, keyboard::Keystroke};

/// What was typed in a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// A different sentence in each session.
    Sentences,
    /// The same text again and again (the files have a `rep` column).
    Fixed,
}

/// One set of recorded typing, in memory.
#[derive(Clone, Debug)]
pub struct Set {
    /// The name of the folder that holds the files.
    pub name: String,
    /// What was typed.
    pub text: Text,
    /// Whether the files say which keys were pressed; without that every key is `Key::UNKNOWN`.
    pub keys: bool,
    /// Everybody, ordered by subject (numbers by value, before names).
    pub people: Vec<Person>,
}

impl Set {
    /// The person of that subject id.
    pub fn person(&self, subject: &str) -> Option<&Person> {
        self.people.iter().find(|p| p.subject == subject)
    }
}

/// One person of a set.
#[derive(Clone, Debug)]
pub struct Person {
    /// The subject id as it stands in the file.
    pub subject: String,
    /// Ordered by session (numbers by value, before names), then repetition, unless read as recorded.
    pub sessions: Vec<Session>,
}

/// Between two sessions whose clocks do not go on, as long as people take from one sentence to the next.
const BETWEEN_SESSIONS_US: u64 = 3_000_000;

impl Person {
    /// All that the person typed, session after session on one clock: a session that does not start after the end of the
    /// one before is taken to start 3 s after it.
    pub fn stream(&self) -> Vec<Keystroke> {
        let mut all: Vec<Keystroke> = Vec::new();
        let mut end: Option<u64> = None;
        for session in &self.sessions {
            let Some(first) = session.keystrokes.first().map(|k| k.pressed_at.0) else { continue };
            let start = end.filter(|end| first <= *end).map_or(first, |end| end + BETWEEN_SESSIONS_US);
            let moved = |t: Micros| Micros(start + (t.0 - first.min(t.0)));
            all.extend(session.keystrokes.iter().map(|k| Keystroke {
                key: k.key,
                pressed_at: moved(k.pressed_at),
                released_at: moved(k.released_at),
                injected: k.injected,
            }));
            let last = session.keystrokes.iter().map(|k| moved(k.released_at).0).max();
            end = end.max(last);
        }
        all
    }
}

/// What one person typed in one go.
#[derive(Clone, Debug)]
pub struct Session {
    /// The session as it stands in the file: a sentence's number, or which text.
    pub name: String,
    /// Which repetition, where the set has any.
    pub rep: Option<u32>,
    /// In the order of pressing; stamps are microseconds since the set's own zero, usually the person's first press.
    pub keystrokes: Vec<Keystroke>,
}

impl Session {
    /// The session as a number, where it is one.
    pub fn number(&self) -> Option<u32> {
        self.name.parse().ok()
    }
}
