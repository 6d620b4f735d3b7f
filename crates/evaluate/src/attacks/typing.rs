use crate::session::typing::moved;
use std::ops::RangeInclusive;
use stillyou_recordings::Person;
use stillyou_sense::keyboard::Keystroke;

/// Between two sentences whose clocks do not go on, as long as people take.
const BETWEEN_SENTENCES_US: u64 = 3_000_000;

/// A person's sentences one after the other, at most `most` keystrokes.
pub fn joined(person: &Person, sentences: RangeInclusive<u32>, most: usize) -> Vec<Keystroke> {
    let mut all: Vec<Keystroke> = Vec::new();
    for session in person.sessions.iter().filter(|s| s.number().is_some_and(|n| sentences.contains(&n))) {
        let Some(first) = session.keystrokes.first() else { continue };
        let end = all.iter().rev().take(10).map(|k| k.released_at.0).max();
        // A set may have one clock for all sentences or one for each.
        let start = match end {
            Some(end) if first.pressed_at.0 < end => end + BETWEEN_SENTENCES_US,
            _ => first.pressed_at.0,
        };
        all.extend(moved(&session.keystrokes, start));
    }
    all.truncate(most);
    all
}
