use super::tokens::{KeyClass, class};
use super::window::Stroke;
use serde::{Deserialize, Serialize};

/// The features an explanation names: each can be replaced by what people do on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// How long letters are held.
    LetterHold,
    /// How long other keys are held.
    OtherHold,
    /// From press to press between letters.
    LetterGap,
    /// From press to press before or after any other key.
    OtherGap,
}

impl Feature {
    /// Every feature, in the order of explanations.
    pub const ALL: [Feature; 4] = [Feature::LetterHold, Feature::OtherHold, Feature::LetterGap, Feature::OtherGap];

    /// The words shown to a person.
    pub fn name(self) -> &'static str {
        match self {
            Feature::LetterHold => "hold time of letters",
            Feature::OtherHold => "hold time of other keys",
            Feature::LetterGap => "time between letters",
            Feature::OtherGap => "pauses around words, punctuation and corrections",
        }
    }

    /// The feature that the hold of `now` belongs to.
    pub fn of_hold(now: &Stroke) -> Self {
        if class(now.token) == KeyClass::Letter { Feature::LetterHold } else { Feature::OtherHold }
    }

    /// The feature that the time from `before` to `now` belongs to.
    pub fn of_gap(before: &Stroke, now: &Stroke) -> Self {
        let letter = |s: &Stroke| class(s.token) == KeyClass::Letter;
        if letter(before) && letter(now) { Feature::LetterGap } else { Feature::OtherGap }
    }
}

/// Longer times are all the same to the network, and sums of them might overflow.
const LONGEST_US: i64 = 10_000_000;

/// Medians over the people trained on, in microseconds: they stand for a feature that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neutral {
    /// Hold of letters.
    pub letter_hold_us: i64,
    /// Hold of other keys.
    pub other_hold_us: i64,
    /// Press to press between letters.
    pub letter_gap_us: i64,
    /// Press to press before or after another key.
    pub other_gap_us: i64,
}

impl Neutral {
    /// The median of a feature.
    pub fn us(&self, feature: Feature) -> i64 {
        match feature {
            Feature::LetterHold => self.letter_hold_us,
            Feature::OtherHold => self.other_hold_us,
            Feature::LetterGap => self.letter_gap_us,
            Feature::OtherGap => self.other_gap_us,
        }
    }

    /// The same strokes with every feature that is not `kept` at its median.
    pub(super) fn keep(&self, strokes: &[Stroke], kept: &[Feature]) -> Vec<Stroke> {
        let choose =
            |feature: Feature, real: i64| if kept.contains(&feature) { real.min(LONGEST_US) } else { self.us(feature) };
        let mut out: Vec<Stroke> = Vec::with_capacity(strokes.len());
        for (i, now) in strokes.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|b| Some((strokes.get(b)?, out.get(b)?)));
            let pressed_us = before.map_or(0, |(was, placed)| {
                placed.pressed_us + choose(Feature::of_gap(was, now), now.pressed_us - was.pressed_us)
            });
            let hold = choose(Feature::of_hold(now), now.released_us - now.pressed_us);
            out.push(Stroke { token: now.token, pressed_us, released_us: pressed_us + hold });
        }
        out
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let fine = Feature::ALL.iter().all(|f| (1_000..=2_000_000).contains(&self.us(*f)));
        if fine { Ok(()) } else { Err("neutral: every median must be 1000 to 2000000 microseconds".to_owned()) }
    }
}
