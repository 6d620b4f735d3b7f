use super::tokens::{KeyClass, class};
use super::window::Stroke;
use serde::{Deserialize, Serialize};

/// The features an explanation names: each can be replaced by what people do on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// How long the letters e, t, a, o, i, n, s, r, h and l are held: four of five letters in English.
    CommonHold,
    /// How long the other letters are held.
    RareHold,
    /// How long the space bar is held.
    SpaceHold,
    /// How long other keys are held.
    OtherHold,
    /// From press to press between letters of one hand, beside the tempo.
    OneHand,
    /// From press to press between letters of two hands, beside the tempo.
    TwoHands,
    /// From press to press between a letter and the space bar, beside the tempo.
    Words,
    /// From press to press before and after Backspace and Delete, beside the tempo.
    Corrections,
    /// From press to press before and after any other key, beside the tempo.
    OtherGap,
    /// The tempo: the median of the gaps, each measured by what people take for its kind.
    Speed,
}

impl Feature {
    /// Every feature, in the order of explanations.
    pub const ALL: [Feature; 10] = [
        Feature::CommonHold,
        Feature::RareHold,
        Feature::SpaceHold,
        Feature::OtherHold,
        Feature::OneHand,
        Feature::TwoHands,
        Feature::Words,
        Feature::Corrections,
        Feature::OtherGap,
        Feature::Speed,
    ];

    /// The words shown to a person.
    pub fn name(self) -> &'static str {
        match self {
            Feature::CommonHold => "hold time of common letters",
            Feature::RareHold => "hold time of rare letters",
            Feature::SpaceHold => "hold time of the space bar",
            Feature::OtherHold => "hold time of other keys",
            Feature::OneHand => "rhythm of letters of one hand",
            Feature::TwoHands => "rhythm of letters of both hands",
            Feature::Words => "pauses between words",
            Feature::Corrections => "pauses around corrections",
            Feature::OtherGap => "pauses around punctuation and other keys",
            Feature::Speed => "typing speed",
        }
    }

    /// The feature that the hold of `now` belongs to.
    pub fn of_hold(now: &Stroke) -> Self {
        match (class(now.token), now.token) {
            (KeyClass::Letter, letter) if COMMON.contains(&letter) => Feature::CommonHold,
            (KeyClass::Letter, _) => Feature::RareHold,
            (_, SPACE) => Feature::SpaceHold,
            _ => Feature::OtherHold,
        }
    }

    /// The feature that the time from `before` to `now` belongs to.
    pub fn of_gap(before: &Stroke, now: &Stroke) -> Self {
        let letter = |s: &Stroke| class(s.token) == KeyClass::Letter;
        let either = |tokens: &[u8]| tokens.contains(&before.token) || tokens.contains(&now.token);
        match (letter(before), letter(now)) {
            (true, true) if is_left(before.token) == is_left(now.token) => Feature::OneHand,
            (true, true) => Feature::TwoHands,
            _ if either(&CORRECTING) => Feature::Corrections,
            (true, false) | (false, true) if either(&[SPACE]) => Feature::Words,
            _ => Feature::OtherGap,
        }
    }
}

/// E, T, A, O, I, N, S, R, H, L on a US keyboard.
const COMMON: [u8; 10] = [13, 15, 21, 19, 18, 35, 22, 14, 26, 29];
const SPACE: u8 = 49;
/// Backspace and Delete.
const CORRECTING: [u8; 2] = [51, 66];

/// Whether a letter is the left hand's in ten-finger typing, by the key's place.
fn is_left(letter: u8) -> bool {
    matches!(letter, 11..=15 | 21..=25 | 30..=34)
}

/// Longer times are all the same to the network, and sums of them might overflow.
const LONGEST_US: i64 = 10_000_000;

/// Medians over the people trained on, in microseconds: they stand for a feature that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neutral {
    /// Hold of common letters.
    pub common_hold_us: i64,
    /// Hold of rare letters.
    pub rare_hold_us: i64,
    /// Hold of the space bar.
    pub space_hold_us: i64,
    /// Hold of other keys.
    pub other_hold_us: i64,
    /// Press to press between letters of one hand.
    pub one_hand_us: i64,
    /// Press to press between letters of two hands.
    pub two_hands_us: i64,
    /// Press to press between a letter and the space bar.
    pub words_us: i64,
    /// Press to press before and after a correction.
    pub corrections_us: i64,
    /// Press to press before and after another key.
    pub other_gap_us: i64,
}

impl Neutral {
    /// The medians that `median` gives for every feature but the speed, which is measured by them.
    pub fn measure(median: impl Fn(Feature) -> i64) -> Self {
        Self {
            common_hold_us: median(Feature::CommonHold),
            rare_hold_us: median(Feature::RareHold),
            space_hold_us: median(Feature::SpaceHold),
            other_hold_us: median(Feature::OtherHold),
            one_hand_us: median(Feature::OneHand),
            two_hands_us: median(Feature::TwoHands),
            words_us: median(Feature::Words),
            corrections_us: median(Feature::Corrections),
            other_gap_us: median(Feature::OtherGap),
        }
    }

    /// The same strokes with every feature that is not `kept` as people's on the whole. All kept gives the strokes
    /// themselves, from 0.
    pub(super) fn keep(&self, strokes: &[Stroke], kept: &[Feature]) -> Vec<Stroke> {
        let tempo = self.tempo(strokes);
        let at_speed = if kept.contains(&Feature::Speed) { tempo } else { 1.0 };
        let mut out: Vec<Stroke> = Vec::with_capacity(strokes.len());
        for (i, now) in strokes.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|b| Some((strokes.get(b)?, out.get(b)?)));
            let pressed_us = before.map_or(0, |(was, placed)| {
                let (feature, real_us) = (Feature::of_gap(was, now), gap_us(was, now));
                let gap_us = match (kept.contains(&feature), at_speed == tempo) {
                    (true, true) => real_us,
                    (true, false) => (real_us as f64 / tempo) as i64,
                    (false, _) => (self.us(feature) as f64 * at_speed) as i64,
                };
                placed.pressed_us + gap_us.clamp(0, LONGEST_US)
            });
            let feature = Feature::of_hold(now);
            let hold_us = if kept.contains(&feature) { now.released_us - now.pressed_us } else { self.us(feature) };
            out.push(Stroke { token: now.token, pressed_us, released_us: pressed_us + hold_us.min(LONGEST_US) });
        }
        out
    }

    /// How many times longer than people on the whole somebody takes from press to press.
    fn tempo(&self, strokes: &[Stroke]) -> f64 {
        let ratio = |w: &[Stroke]| gap_us(&w[0], &w[1]).max(1) as f64 / self.us(Feature::of_gap(&w[0], &w[1])) as f64;
        let mut ratios: Vec<f64> = strokes.windows(2).map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).map_or(1.0, |middle| middle.clamp(0.01, 100.0))
    }

    /// The median of a feature; the speed has none.
    fn us(&self, feature: Feature) -> i64 {
        match feature {
            Feature::CommonHold => self.common_hold_us,
            Feature::RareHold => self.rare_hold_us,
            Feature::SpaceHold => self.space_hold_us,
            Feature::OtherHold => self.other_hold_us,
            Feature::OneHand => self.one_hand_us,
            Feature::TwoHands => self.two_hands_us,
            Feature::Words => self.words_us,
            Feature::Corrections => self.corrections_us,
            Feature::OtherGap | Feature::Speed => self.other_gap_us,
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let fine = Feature::ALL.iter().all(|f| (1_000..=2_000_000).contains(&self.us(*f)));
        if fine { Ok(()) } else { Err("neutral: every median must be 1000 to 2000000 microseconds".to_owned()) }
    }
}

fn gap_us(before: &Stroke, now: &Stroke) -> i64 {
    (now.pressed_us - before.pressed_us).min(LONGEST_US)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystroke::token;
    use stillyou_sense::keyboard::Key;

    const NEUTRAL: Neutral = Neutral {
        common_hold_us: 100_000,
        rare_hold_us: 101_000,
        space_hold_us: 102_000,
        other_hold_us: 103_000,
        one_hand_us: 150_000,
        two_hands_us: 160_000,
        words_us: 170_000,
        corrections_us: 180_000,
        other_gap_us: 190_000,
    };

    /// Strokes of evdev codes, twice as slow as the medians, held 80 ms.
    fn slow(codes: &[u16]) -> Vec<Stroke> {
        let mut all: Vec<Stroke> = Vec::new();
        for code in codes {
            let mut now = Stroke { token: token(Key::from_evdev(*code)), ..Stroke::default() };
            now.pressed_us = all.last().map_or(5_000, |b| b.pressed_us + 2 * NEUTRAL.us(Feature::of_gap(b, &now)));
            now.released_us = now.pressed_us + 80_000;
            all.push(now);
        }
        all
    }

    fn times(strokes: &[Stroke]) -> Vec<(i64, i64)> {
        let gaps = strokes.windows(2).map(|w| w[1].pressed_us - w[0].pressed_us);
        gaps.zip(strokes).map(|(gap, s)| (gap, s.released_us - s.pressed_us)).collect()
    }

    #[test]
    fn keys_fall_into_the_features_that_they_are_named_for() {
        let stroke = |code: u16| Stroke { token: token(Key::from_evdev(code)), ..Stroke::default() };
        let [e, x, space, back, comma, t, h] = [18, 45, 57, 14, 51, 20, 35].map(stroke);
        assert_eq!([e, x, space, comma].each_ref().map(Feature::of_hold), Feature::ALL[..4]);
        let gaps = [(e, t), (t, h), (h, space), (back, space), (h, comma)];
        assert_eq!(gaps.each_ref().map(|(a, b)| Feature::of_gap(a, b)), Feature::ALL[4..9]);
        // The ten commonest letters by their names on a US keyboard.
        let common = [18, 20, 30, 24, 23, 49, 31, 19, 35, 38].map(|c| token(Key::from_evdev(c)));
        assert_eq!(common, COMMON);
    }

    #[test]
    fn a_feature_left_out_is_as_people_do_on_the_whole() {
        let strokes = slow(&[18, 20, 35, 57, 30, 51, 14, 45]);
        assert_eq!(times(&NEUTRAL.keep(&strokes, &Feature::ALL)), times(&strokes));
        let gaps = |kept: &[Feature]| times(&NEUTRAL.keep(&strokes, kept)).iter().map(|t| t.0).collect::<Vec<_>>();
        let medians = vec![150_000, 160_000, 170_000, 170_000, 190_000, 180_000, 180_000];
        assert_eq!(gaps(&[]), medians);
        // All of it is tempo: rhythm alone changes nothing, speed alone everything.
        assert_eq!(gaps(&[Feature::OneHand, Feature::Words]), medians);
        assert_eq!(gaps(&[Feature::Speed]), gaps(&Feature::ALL));
        let held: Vec<i64> = times(&NEUTRAL.keep(&strokes, &[Feature::SpaceHold])).iter().map(|t| t.1).collect();
        assert_eq!(held, [100_000, 100_000, 100_000, 80_000, 100_000, 103_000, 103_000]);
    }
}
