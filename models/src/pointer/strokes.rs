use stillyou_sense::{Micros, pointer::PointerEvent};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Cuts pointer events into strokes. Places are kept only while a stroke lasts, and wiped from memory after it.
#[derive(Debug, Default)]
pub struct Strokes {
    last_at: Option<Micros>,
}

/// One movement of the hand: what it was and how it was done, not where. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Stroke {
    #[zeroize(skip)]
    kind: Kind,
    features: Vec<f32>,
}

/// What a stroke was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A movement that a pause ended.
    Move,
    /// A movement that a click ended.
    Click,
    /// A click without a movement before it.
    Tap,
    /// A movement with a button held.
    Drag,
    /// A run of the wheel.
    Wheel,
}

impl Strokes {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event; the strokes that it ended, in order.
    pub fn push(&mut self, event: &PointerEvent) -> Vec<Stroke> {
        self.last_at = Some(event.at);
        Vec::new()
    }

    /// The strokes that the pause up to `now` has ended: to be asked now and then while no event comes.
    pub fn pause(&mut self, now: Micros) -> Vec<Stroke> {
        self.last_at = self.last_at.filter(|at| *at > now);
        Vec::new()
    }

    /// Forgets everything (lock, suspend, verification).
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Stroke {
    /// What it was.
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl std::fmt::Debug for Stroke {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stroke({:?}, {} values hidden)", self.kind, self.features.len())
    }
}
