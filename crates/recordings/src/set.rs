use stillyou_sense::keyboard::Keystroke;

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
    /// Ordered by session (numbers by value, before names), then repetition.
    pub sessions: Vec<Session>,
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
