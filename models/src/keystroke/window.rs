use super::ModelError;
use super::tokens::{KeyDetail, UNKNOWN, token};
use stillyou_sense::{Micros, keyboard::Keystroke};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Keystrokes in a full window.
pub const WINDOW: usize = 50;

/// The fewest keystrokes a window may have.
pub const MIN_WINDOW: usize = 20;

/// Timings per keystroke, in the order of [`timings`].
pub(crate) const TIMINGS: usize = 6;

/// The version of the features a network was trained on; part of every card.
pub const FEATURES: u32 = 2;

/// One keystroke as the network sees it: a token and two times. Wiped from memory when dropped.
#[derive(Clone, Copy, Debug, Default, Zeroize)]
pub struct Stroke {
    /// The key's [token](super::token).
    pub token: u8,
    /// When the key went down, in microseconds from any start.
    pub pressed_us: i64,
    /// When it came up, on the same clock.
    pub released_us: i64,
}

impl From<&Keystroke> for Stroke {
    fn from(k: &Keystroke) -> Self {
        let us = |at: Micros| i64::try_from(at.0).unwrap_or(i64::MAX);
        Self { token: token(k.key), pressed_us: us(k.pressed_at), released_us: us(k.released_at) }
    }
}

/// A stretch of keystrokes as the fewest windows of about equal length, none longer than [`WINDOW`]. Of
/// [`MIN_WINDOW`] keystrokes or more, none is shorter than that.
pub fn parts<T>(stretch: &[T]) -> impl Iterator<Item = &[T]> + Clone {
    let count = stretch.len().div_ceil(WINDOW);
    let at = move |i: usize| i * stretch.len() / count;
    (0..count).filter_map(move |i| stretch.get(at(i)..at(i + 1)))
}

/// The network's input for one window, padded to [`WINDOW`] keys. Wiped from memory when dropped.
#[derive(Clone, Debug, Zeroize, ZeroizeOnDrop)]
pub struct Features {
    /// Key tokens.
    pub(crate) keys: Vec<i32>,
    /// Tokens of the keys before; unknown for the first.
    pub(crate) previous: Vec<i32>,
    /// Tokens of the keys after; unknown for the last.
    pub(crate) next: Vec<i32>,
    /// Normalised timings, `WINDOW · TIMINGS`, row by row.
    pub(crate) timings: Vec<f32>,
    /// Keys that are there.
    pub(crate) len: usize,
}

impl Features {
    /// The features of [`MIN_WINDOW`] to [`WINDOW`] keystrokes in the order of pressing, as much of the keys shown as
    /// `detail` says.
    ///
    /// # Errors
    /// When there are more or fewer, a press comes before the one before it, or a release before its press.
    pub fn of(window: &[Keystroke], detail: KeyDetail) -> Result<Self, ModelError> {
        let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        let features = Self::of_strokes(&strokes, detail);
        strokes.zeroize();
        features
    }

    /// The same from strokes, for training.
    ///
    /// # Errors
    /// As [`Features::of`].
    pub fn of_strokes(strokes: &[Stroke], detail: KeyDetail) -> Result<Self, ModelError> {
        check(strokes)?;
        let shown = |stroke: Option<&Stroke>| i32::from(stroke.map_or(UNKNOWN, |s| detail.of(s.token)));
        let mut features = Self {
            keys: vec![i32::from(UNKNOWN); WINDOW],
            previous: vec![i32::from(UNKNOWN); WINDOW],
            next: vec![i32::from(UNKNOWN); WINDOW],
            timings: vec![0.0; WINDOW * TIMINGS],
            len: strokes.len(),
        };
        for (i, now) in strokes.iter().enumerate() {
            let before = i.checked_sub(1).and_then(|b| strokes.get(b));
            features.keys[i] = shown(Some(now));
            features.previous[i] = shown(before);
            features.next[i] = shown(strokes.get(i + 1));
            let row = &mut features.timings[i * TIMINGS..(i + 1) * TIMINGS];
            row.copy_from_slice(&timings(before, now, strokes.get(i + 1)));
        }
        Ok(features)
    }

    /// How many keys are there.
    pub fn keys(&self) -> usize {
        self.len
    }
}

/// Hold; press to press, release to press and release to release from the key before; press to press and release to
/// press to the key after. Each on a logarithmic scale, clipped, and shifted so that 0 is about the mean of people;
/// 0 where there is no such key. Signed times (a rollover is negative) go through `asinh`.
fn timings(before: Option<&Stroke>, now: &Stroke, after: Option<&Stroke>) -> [f32; TIMINGS] {
    let hold = log_ms(now.released_us - now.pressed_us, 100.0) / 0.4;
    let [mut press, mut flight, mut release, mut next_press, mut next_flight] = [0.0; 5];
    if let Some(b) = before {
        press = press_to_press(b, now);
        flight = release_to_press(b, now);
        release = signed_ms(now.released_us - b.released_us, 60.0) / 0.9 - 1.9;
    }
    if let Some(a) = after {
        next_press = press_to_press(now, a);
        next_flight = release_to_press(now, a);
    }
    [hold, press, flight, release, next_press, next_flight]
}

fn press_to_press(a: &Stroke, b: &Stroke) -> f32 {
    log_ms(b.pressed_us - a.pressed_us, 180.0) / 0.7
}

fn release_to_press(a: &Stroke, b: &Stroke) -> f32 {
    signed_ms(b.pressed_us - a.released_us, 60.0) / 1.1 - 0.9
}

/// `ln(ms / unit)` of a time clipped to 3 ms .. 3 s: beyond, it says what a person did, not how.
fn log_ms(us: i64, unit: f32) -> f32 {
    ((us as f32 / 1000.0).clamp(3.0, 3000.0) / unit).ln()
}

/// `asinh(ms / unit)` of a signed time clipped to ±3 s.
fn signed_ms(us: i64, unit: f32) -> f32 {
    ((us as f32 / 1000.0).clamp(-3000.0, 3000.0) / unit).asinh()
}

fn check(strokes: &[Stroke]) -> Result<(), ModelError> {
    if !(MIN_WINDOW..=WINDOW).contains(&strokes.len()) {
        return Err(ModelError::Length { keystrokes: strokes.len() });
    }
    let in_order = strokes.is_sorted_by_key(|s| s.pressed_us);
    if !in_order || strokes.iter().any(|s| s.released_us < s.pressed_us) {
        return Err(ModelError::Order);
    }
    Ok(())
}
