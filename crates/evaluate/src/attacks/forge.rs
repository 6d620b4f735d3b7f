//! Forged typing: what programs and people make who want to pass for somebody.
//!
//! Every forgery presses given keys in their order and obeys what a keyboard can do: a key is up before it goes down
//! again, and Shift stays down until the next key is.

use rand::Rng;
use std::collections::HashMap;
use stillyou_recordings::normal;
use stillyou_sense::{
    Micros,
    keyboard::{Key, Keystroke},
};

/// Means and spreads of somebody's times, key by key: what a thief of statistics has.
#[derive(Clone, Debug)]
pub struct Habits {
    holds: Table,
    gaps: Table,
    pairs: HashMap<(Key, Key), Spread>,
}

/// How forged times spread around their means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Normally, in milliseconds.
    Gaussian,
    /// Normally, in logarithms.
    Lognormal,
}

/// How much of the habits a forger uses for the time from press to press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// By the key pressed.
    Keys,
    /// By the pair of keys, where it was seen at least [`LEAST`] times.
    Pairs,
}

/// A key's or a pair's mean and spread are used from so many times on; below, those of all keys.
pub const LEAST: usize = 4;

impl Habits {
    /// The habits in some stretches of typing; `None` where there are not [`LEAST`] holds and gaps in all.
    pub fn of<'a>(stretches: impl IntoIterator<Item = &'a [Keystroke]>) -> Option<Self> {
        let (mut holds, mut gaps, mut pairs) = (Times::default(), Times::default(), HashMap::new());
        for stretch in stretches {
            for stroke in stretch {
                holds.add(stroke.key, stroke.released_at.since(stroke.pressed_at).as_micros() as f64);
            }
            for pair in stretch.windows(2) {
                let [before, now] = pair else { continue };
                let gap_us = now.pressed_at.since(before.pressed_at).as_micros() as f64;
                if gap_us < PAUSE_US {
                    gaps.add(now.key, gap_us);
                    pairs.entry((before.key, now.key)).or_insert_with(Vec::new).push(gap_us);
                }
            }
        }
        let pairs = pairs.into_iter().filter_map(|(pair, times)| Some((pair, Spread::of(&times)?))).collect();
        Some(Self { holds: holds.table()?, gaps: gaps.table()?, pairs })
    }

    /// Types `keys` with these habits, every time drawn by itself.
    pub fn type_keys(&self, keys: &[Key], shape: Shape, detail: Detail, rng: &mut impl Rng) -> Vec<Keystroke> {
        let mut typed: Vec<Keystroke> = Vec::with_capacity(keys.len());
        for key in keys {
            let gap_us = typed.last().map_or(0, |before| {
                let own = (detail == Detail::Pairs).then(|| self.pairs.get(&(before.key, *key))).flatten();
                own.unwrap_or_else(|| self.gaps.of(*key)).draw(shape, rng).clamp(SHORTEST_GAP_US, PAUSE_US) as u64
            });
            let pressed = typed.last().map_or(START_US, |before| before.pressed_at.0 + gap_us);
            let hold_us = self.holds.of(*key).draw(shape, rng).clamp(SHORTEST_HOLD_US, PAUSE_US) as u64;
            typed.push(stroke(*key, pressed, hold_us));
        }
        possible(typed)
    }

    /// Mean time down and mean time from press to press over all keys, microseconds.
    pub fn tempo_us(&self) -> (f64, f64) {
        (self.holds.all.mean_us, self.gaps.all.mean_us)
    }
}

/// A program that presses a key every `gap_us` for `hold_us`, each press and each release off by `jitter_us` (standard
/// deviation, normal).
pub fn robot(keys: &[Key], gap_us: f64, hold_us: f64, jitter_us: f64, rng: &mut impl Rng) -> Vec<Keystroke> {
    let mut times: Vec<(u64, u64)> = Vec::with_capacity(keys.len());
    for at in 0..keys.len() {
        let press = START_US as f64 + at as f64 * gap_us + jitter_us * normal(rng);
        let least = times.last().map_or(0, |(before, _)| before + 1);
        let pressed = (press.max(0.0) as u64).max(least);
        let up = START_US as f64 + at as f64 * gap_us + hold_us + jitter_us * normal(rng);
        times.push((pressed, (up.max(0.0) as u64).max(pressed + 1_000)));
    }
    let typed = keys.iter().zip(times).map(|(key, (down, up))| stroke(*key, down, up - down)).collect();
    possible(typed)
}

/// A program with one log-normal distribution of gaps and one of holds for all keys, as wide as people's.
pub fn human_like_robot(keys: &[Key], gap_us: f64, hold_us: f64, rng: &mut impl Rng) -> Vec<Keystroke> {
    let mut pressed = START_US;
    let mut typed = Vec::with_capacity(keys.len());
    for key in keys {
        typed.push(stroke(*key, pressed, (hold_us * (HOLD_SPREAD * normal(rng)).exp()).max(SHORTEST_HOLD_US) as u64));
        pressed += (gap_us * (GAP_SPREAD * normal(rng)).exp()).clamp(SHORTEST_GAP_US, PAUSE_US) as u64;
    }
    possible(typed)
}

/// A program that throws text in: keys 0.2 ms apart and down for 0.1 ms, all at once or a word every `word_us`.
pub fn paste(keys: &[Key], word_us: Option<u64>) -> Vec<Keystroke> {
    let mut pressed = START_US;
    let mut typed = Vec::with_capacity(keys.len());
    for key in keys {
        typed.push(stroke(*key, pressed, 100));
        pressed += 200 + if *key == SPACE { word_us.unwrap_or(0) } else { 0 };
    }
    typed
}

/// What somebody typed, typed again, over and over until there are `count` keystrokes; every press and release off by
/// `jitter_us` (standard deviation, normal). Between the rounds is a second.
pub fn replay(typed: &[Keystroke], count: usize, jitter_us: f64, rng: &mut impl Rng) -> Vec<Keystroke> {
    let Some(first) = typed.first() else { return Vec::new() };
    let zero = first.pressed_at.0;
    let round_us = typed.iter().map(|k| k.released_at.0 - zero).max().unwrap_or(0) + 1_000_000;
    let mut out: Vec<Keystroke> = Vec::with_capacity(count);
    for at in 0..count {
        let (round, from) = (at / typed.len(), &typed[at % typed.len()]);
        let moved =
            |t: Micros, off: f64| (START_US + (t.0 - zero) + round as u64 * round_us).saturating_add_signed(off as i64);
        let least = out.last().map_or(0, |b| b.pressed_at.0);
        let pressed = moved(from.pressed_at, jitter_us * normal(rng)).max(least);
        let released = moved(from.released_at, jitter_us * normal(rng)).max(pressed + 1);
        out.push(stroke(from.key, pressed, released - pressed));
    }
    if jitter_us > 0.0 { possible(out) } else { out }
}

/// Longer gaps are pauses between stretches, not rhythm.
const PAUSE_US: f64 = 1_500_000.0;
const SHORTEST_HOLD_US: f64 = 15_000.0;
const SHORTEST_GAP_US: f64 = 5_000.0;
/// Spreads of the logarithms of people's holds and gaps.
const HOLD_SPREAD: f64 = 0.25;
const GAP_SPREAD: f64 = 0.4;
/// Forgeries begin a second after the clock's zero, so that jitter does not pass it.
const START_US: u64 = 1_000_000;
const SPACE: Key = Key::from_evdev(57);
const SHIFTS: [Key; 2] = [Key::from_evdev(42), Key::from_evdev(54)];

#[derive(Default)]
struct Times(HashMap<Key, Vec<f64>>);

impl Times {
    fn add(&mut self, key: Key, us: f64) {
        self.0.entry(key).or_default().push(us);
    }

    fn table(self) -> Option<Table> {
        // In a fixed order: sums of floats depend on theirs.
        let mut keys: Vec<(Key, Vec<f64>)> = self.0.into_iter().collect();
        keys.sort_by_key(|(key, _)| key.evdev());
        let all = Spread::of(&keys.iter().flat_map(|(_, times)| times).copied().collect::<Vec<_>>())?;
        Some(Table { all, keys: keys.iter().filter_map(|(key, times)| Some((*key, Spread::of(times)?))).collect() })
    }
}

#[derive(Clone, Debug)]
struct Table {
    all: Spread,
    keys: HashMap<Key, Spread>,
}

impl Table {
    fn of(&self, key: Key) -> &Spread {
        self.keys.get(&key).unwrap_or(&self.all)
    }
}

/// Mean and standard deviation of times and of their logarithms.
#[derive(Clone, Copy, Debug)]
struct Spread {
    mean_us: f64,
    deviation_us: f64,
    mean_log: f64,
    deviation_log: f64,
}

impl Spread {
    fn of(times_us: &[f64]) -> Option<Self> {
        let moments = |values: &[f64]| {
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            (mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt())
        };
        let logs: Vec<f64> = times_us.iter().map(|t| t.max(1_000.0).ln()).collect();
        let ((mean_us, deviation_us), (mean_log, deviation_log)) = (moments(times_us), moments(&logs));
        (times_us.len() >= LEAST).then_some(Self { mean_us, deviation_us, mean_log, deviation_log })
    }

    fn draw(&self, shape: Shape, rng: &mut impl Rng) -> f64 {
        match shape {
            Shape::Gaussian => self.mean_us + self.deviation_us * normal(rng),
            Shape::Lognormal => (self.mean_log + self.deviation_log * normal(rng)).exp(),
        }
    }
}

fn stroke(key: Key, pressed_us: u64, hold_us: u64) -> Keystroke {
    Keystroke { key, pressed_at: Micros(pressed_us), released_at: Micros(pressed_us + hold_us), injected: false }
}

/// What the computer would see of it: a key comes up before it goes down again, Shift after the next key went down.
fn possible(mut typed: Vec<Keystroke>) -> Vec<Keystroke> {
    for at in 0..typed.len() {
        let Some((now, later)) = typed.get_mut(at..).and_then(<[Keystroke]>::split_first_mut) else { break };
        if let Some(next) = later.first().filter(|_| SHIFTS.contains(&now.key)) {
            now.released_at = now.released_at.max(Micros(next.pressed_at.0 + 20_000));
        }
        let again = later.iter().take_while(|k| k.pressed_at <= now.released_at).find(|k| k.key == now.key);
        if let Some(again) = again {
            let free = again.pressed_at.0.saturating_sub(now.pressed_at.0);
            now.released_at = Micros(now.pressed_at.0 + (free * 4 / 5));
        }
    }
    typed
}

#[cfg(test)]
mod tests;
