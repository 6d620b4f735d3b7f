use std::time::Duration;

/// How often each of the two processes says that it lives.
pub const BEAT: Duration = Duration::from_millis(500);

/// How long the other may be silent before it counts as frozen. With the time to lock it stays below 5 s.
pub const SILENCE: Duration = Duration::from_millis(2_500);

/// What supervisor and worker say to each other, a byte each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Supervisor: I live.
    Alive,
    /// Supervisor: we are told to end.
    End,
    /// Worker: I live; nobody is enrolled, so nothing is protected yet.
    Learning,
    /// Worker: I live and protect the session.
    Protecting,
    /// Worker: I end, as I should.
    Ending,
}

impl Word {
    /// The byte.
    pub fn byte(self) -> u8 {
        match self {
            Word::Alive => b'a',
            Word::End => b'e',
            Word::Learning => b'l',
            Word::Protecting => b'p',
            Word::Ending => b'x',
        }
    }

    /// The word of a byte, `None` when it is none.
    pub fn of(byte: u8) -> Option<Self> {
        [Word::Alive, Word::End, Word::Learning, Word::Protecting, Word::Ending].into_iter().find(|w| w.byte() == byte)
    }
}

/// What became of the other process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// It is gone: killed, out of memory, or broken.
    Gone,
    /// It said nothing for too long, and was killed.
    Frozen,
}
