use super::super::window::Stroke;
use std::collections::VecDeque;
use zeroize::Zeroize;

/// Keystrokes that are compared with earlier ones.
pub const PROBE: usize = 30;

/// From so many nats on, the last [`PROBE`] keystrokes are a replay: chosen so that replays with up to 10 ms of jitter are
/// found and people who type one text hundreds of times seldom are taken for one (`stillyou-train person`).
pub const REPLAY_NATS: f64 = 24.0;

/// Keystrokes remembered: about a working day.
const REMEMBERED: usize = 20_000;

/// The times of a session's keystrokes, rounded to 2 ms (holds) and 4 ms (gaps), without their keys.
#[derive(Clone, Default)]
pub struct Past {
    times: VecDeque<Rounded>,
    last_pressed_us: Option<i64>,
}

/// A hold in steps of 2 ms and the gap before it in steps of 4 ms; 255 for longer ones.
#[derive(Clone, Copy)]
struct Rounded {
    hold: u8,
    gap: u8,
}

impl Past {
    /// Remembers a keystroke's times.
    pub fn push(&mut self, stroke: &Stroke) {
        let rounded = |us: i64, step_us: i64| u8::try_from(us.max(0) / step_us).unwrap_or(PAUSE);
        let gap_us = self.last_pressed_us.map_or(i64::MAX, |last| stroke.pressed_us.saturating_sub(last));
        self.last_pressed_us = Some(stroke.pressed_us);
        if self.times.len() == REMEMBERED {
            self.times.pop_front();
        }
        let hold_us = stroke.released_us.saturating_sub(stroke.pressed_us);
        self.times.push_back(Rounded { hold: rounded(hold_us, 2_000), gap: rounded(gap_us, 4_000) });
    }

    /// How much the last [`PROBE`] keystrokes look like the most similar ones before them, in nats; `None` where nothing
    /// comes near, or too little was typed.
    ///
    /// The ratio of two guesses about the differences: a replay's (Laplace, 8 ms) and those between two times that a hand
    /// typed the same (22 ms for holds, 60 ms for gaps, or less where the probe itself varies less: even tapping is like
    /// itself without being a replay).
    pub fn repeats(&mut self) -> Option<f64> {
        let before = self.times.len().checked_sub(2 * PROBE)?;
        let all: &[Rounded] = self.times.make_contiguous();
        let probe = all.get(all.len() - PROBE..)?;
        let holds = Scale::of(probe.iter().map(|t| t.hold), 2.0, HOLD_MS);
        let gaps = Scale::of(probe.iter().map(|t| t.gap), 4.0, GAP_MS);
        let mut best: Option<f64> = None;
        for start in 0..=before {
            let mut nats = 0.0;
            let earlier = all.get(start..start + PROBE)?;
            for (now, then) in probe.iter().zip(earlier) {
                nats += holds.nats(now.hold, then.hold) + gaps.nats(now.gap, then.gap);
                if nats < HOPELESS_NATS {
                    break;
                }
            }
            if nats >= HOPELESS_NATS {
                best = Some(best.map_or(nats, |b: f64| b.max(nats)));
            }
        }
        best
    }
}

impl std::fmt::Debug for Past {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Past({} keystrokes, times hidden)", self.times.len())
    }
}

impl Drop for Past {
    fn drop(&mut self) {
        let (front, back) = self.times.as_mut_slices();
        for time in front.iter_mut().chain(back) {
            time.hold.zeroize();
            time.gap.zeroize();
        }
        self.last_pressed_us.zeroize();
    }
}

const PAUSE: u8 = u8::MAX;
/// Mean differences between two times, milliseconds.
const REPLAY_MS: f64 = 8.0;
const HOLD_MS: f64 = 22.0;
const GAP_MS: f64 = 60.0;
/// One time speaks against a replay with so many nats at most: one may be lost or delayed.
const LEAST_NATS: f64 = -4.0;
/// Below, an alignment is given up.
const HOPELESS_NATS: f64 = -16.0;

/// Nats by difference, in steps of the rounding.
struct Scale {
    nats: [f64; 256],
}

impl Scale {
    fn of(probe: impl Iterator<Item = u8>, step_ms: f64, most_ms: f64) -> Self {
        let times: Vec<f64> = probe.filter(|t| *t != PAUSE).map(|t| f64::from(t) * step_ms).collect();
        let n = times.len().max(1) as f64;
        // Gini's mean difference: how far two of the probe's own times are apart.
        let own_ms = times.iter().map(|a| times.iter().map(|b| (a - b).abs()).sum::<f64>()).sum::<f64>() / (n * n);
        let hand_ms = own_ms.clamp(REPLAY_MS, most_ms);
        let of = |steps: usize| {
            let apart_ms = steps as f64 * step_ms;
            ((hand_ms / REPLAY_MS).ln() - apart_ms / REPLAY_MS + apart_ms / hand_ms).max(LEAST_NATS)
        };
        Self { nats: std::array::from_fn(of) }
    }

    fn nats(&self, now: u8, then: u8) -> f64 {
        match (now == PAUSE, then == PAUSE) {
            (true, true) => 0.0,
            (false, false) => self.nats[usize::from(now.abs_diff(then))],
            _ => LEAST_NATS,
        }
    }
}
