use rand::{Rng, seq::SliceRandom};
use std::ops::RangeInclusive;
use stillyou_recordings::Person;
use stillyou_sense::{Micros, keyboard::Keystroke};

/// No pause between two presses is longer: what a person does in it is not typing.
const LONGEST_GAP_US: u64 = 5_000_000;

/// Between two sentences whose clocks do not go on, as long as people take.
const BETWEEN_SENTENCES_US: u64 = 3_000_000;

/// A sentence and the pause before it, both with gaps capped; its first key is pressed at 0.
pub struct Sentence {
    gap_us: u64,
    keystrokes: Vec<Keystroke>,
}

/// The sentences of those numbers, in their order.
pub fn sentences(person: &Person, numbers: RangeInclusive<u32>) -> Vec<Sentence> {
    let mut all = Vec::new();
    let mut last_press: Option<u64> = None;
    for session in person.sessions.iter().filter(|s| s.number().is_some_and(|n| numbers.contains(&n))) {
        let (Some(first), Some(last)) = (session.keystrokes.first(), session.keystrokes.last()) else { continue };
        // A set may have one clock for all sentences or one for each.
        let gap = last_press.and_then(|end| first.pressed_at.0.checked_sub(end)).unwrap_or(BETWEEN_SENTENCES_US);
        all.push(Sentence { gap_us: gap.min(LONGEST_GAP_US), keystrokes: capped(&session.keystrokes) });
        last_press = Some(last.pressed_at.0);
    }
    all
}

/// The sentences in their order, then `repeats` times more in an order of their own, as one stream.
pub fn stream(sentences: &[Sentence], repeats: usize, rng: &mut impl Rng) -> Vec<Keystroke> {
    let mut order: Vec<&Sentence> = sentences.iter().collect();
    let mut all = Vec::new();
    append(&mut all, &order);
    for _ in 0..repeats {
        order.shuffle(rng);
        append(&mut all, &order);
    }
    all
}

/// Keystrokes with their clock moved so that the first is pressed at `start_us`.
pub fn moved(keystrokes: &[Keystroke], start_us: u64) -> impl Iterator<Item = Keystroke> {
    let zero = keystrokes.first().map_or(0, |k| k.pressed_at.0);
    let at = move |t: Micros| Micros(start_us + t.0.saturating_sub(zero));
    keystrokes.iter().map(move |k| Keystroke {
        key: k.key,
        pressed_at: at(k.pressed_at),
        released_at: at(k.released_at),
        injected: k.injected,
    })
}

fn append(all: &mut Vec<Keystroke>, sentences: &[&Sentence]) {
    for sentence in sentences {
        let start = all.last().map_or(0, |k| k.pressed_at.0 + sentence.gap_us);
        all.extend(moved(&sentence.keystrokes, start));
    }
}

fn capped(keystrokes: &[Keystroke]) -> Vec<Keystroke> {
    let mut capped: Vec<Keystroke> = Vec::with_capacity(keystrokes.len());
    let mut before: Option<u64> = None;
    for k in keystrokes {
        let gap = before.map_or(0, |at| k.pressed_at.0.saturating_sub(at).min(LONGEST_GAP_US));
        let pressed_at = Micros(capped.last().map_or(0, |last| last.pressed_at.0) + gap);
        let held = k.released_at.0.saturating_sub(k.pressed_at.0);
        before = Some(k.pressed_at.0);
        capped.push(Keystroke {
            key: k.key,
            pressed_at,
            released_at: Micros(pressed_at.0 + held),
            injected: k.injected,
        });
    }
    capped
}
