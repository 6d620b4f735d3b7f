//! Is this a person at this keyboard? Presentation attack detection (ISO/IEC 30107) for typing.
//!
//! [`Pad`] is told every keystroke and asked whenever a window is due. It finds machines by [`statistics`] of a window that
//! hands have and forged times lack, and replays by comparing the last keystrokes with earlier ones of the session. What it
//! finds can only speak against the person; finding nothing says nothing.

mod coefficients;
mod fitted;
mod replay;
mod statistics;

pub use coefficients::{CLASSES, Coefficients, TERMS};
pub use fitted::FITTED;
pub use replay::{PROBE, REPLAY_NATS};
pub use statistics::{STATISTICS, statistics};

use super::window::Stroke;
use replay::Past;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::{Attribution, Evidence, EvidenceError, Modality, Quality};
use zeroize::Zeroize;

/// Presentation attack detection over a session's typing. Keeps coarse times in memory, never a key; wiped when dropped.
#[derive(Clone, Debug, Default)]
pub struct Pad {
    /// Cumulative sum (Page 1954) of the nats that speak for a machine, 0 to [`MOST_NATS`].
    machine_nats: f64,
    past: Past,
}

/// What speaks against a person at the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The times are too even, or hang together too little, for hands.
    Machine,
    /// The times are those of something typed earlier in the session.
    Replay,
}

/// A sign and how strong it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// Which.
    pub sign: Sign,
    /// How much it speaks for an attack, in nats; above 0.
    pub nats: f64,
}

/// A window counts for as much as the share of it that is new: evidence comes every 10 keystrokes over the last 50.
const NEW_SHARE: f64 = 0.2;

/// From so many nats on, a machine is found: chosen on people it was not trained on, for at most one false alarm in
/// 20,000 keystrokes (`stillyou-train person`).
pub const MACHINE_NATS: f64 = 5.0;

/// The sum goes no higher, so that hands are believed again soon.
const MOST_NATS: f64 = 8.0;

/// One window says so much at most, either way.
const WINDOW_NATS: f64 = 10.0;

impl Pad {
    /// A session in which nothing was typed yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a keystroke, in press order: its times, rounded, to compare with later ones.
    pub fn push(&mut self, stroke: &Keystroke) {
        self.past.push(&Stroke::from(stroke));
    }

    /// Looks at the last keystrokes, due every 10 of them, at most [`WINDOW`](super::WINDOW); the strongest sign found.
    pub fn judge(&mut self, window: &[Keystroke]) -> Option<Finding> {
        let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        let now = FITTED.machine_nats(&strokes);
        strokes.zeroize();
        self.machine_nats = now.map_or(self.machine_nats, |nats| cumulated(self.machine_nats, nats));
        // A window that says nothing, or speaks for hands, is not accused of what came before it.
        let accused = now.is_some_and(|nats| nats > 0.0) && self.machine_nats >= MACHINE_NATS;
        let machine = accused.then_some((Sign::Machine, self.machine_nats));
        let repeated = self.past.repeats();
        let replay = repeated.filter(|nats| *nats >= REPLAY_NATS).map(|nats| (Sign::Replay, nats));
        let found = [machine, replay].into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1));
        found.map(|(sign, nats)| Finding { sign, nats })
    }

    /// How much the last [`PROBE`] keystrokes look like earlier ones, in nats; `None` where nothing comes near.
    pub fn likeness(&mut self) -> Option<f64> {
        self.past.repeats()
    }

    /// The person was verified or the session locked: what looked like a machine is over. What was typed earlier can still
    /// be replayed, so its times stay.
    pub fn settle(&mut self) {
        self.machine_nats = 0.0;
    }
}

/// The sum of nats that speak for a machine after one more window, due every 10 keystrokes.
pub fn cumulated(sum_nats: f64, window_nats: f64) -> f64 {
    (sum_nats + NEW_SHARE * window_nats.clamp(-WINDOW_NATS, WINDOW_NATS)).clamp(0.0, MOST_NATS)
}

impl Sign {
    /// The words shown to a person.
    pub fn name(self) -> &'static str {
        match self {
            Sign::Machine => "typing that no hand makes",
            Sign::Replay => "typing that repeats itself",
        }
    }
}

impl Finding {
    /// Whether it weighs more against the person than `plain`, the network's evidence of the same window: of times that no
    /// hand makes the network may think little, but at a quality of next to nothing.
    pub fn outweighs(&self, plain: &Evidence) -> bool {
        -self.nats < plain.llr_nats * plain.quality.value()
    }

    /// The finding as keystroke evidence against the person, at full quality: times that no hand makes are seen as well
    /// as any.
    ///
    /// # Errors
    /// When its nats are not finite.
    pub fn evidence(&self) -> Result<Evidence, EvidenceError> {
        let nats = -self.nats;
        let attribution = vec![Attribution { feature: self.sign.name().to_owned(), nats }];
        Evidence::new(Modality::Keystroke, nats, Quality::FULL, attribution)
    }
}

#[cfg(test)]
mod tests;
