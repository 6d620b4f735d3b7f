use super::shape::{self, Feature, Point};
use stillyou_sense::{
    Micros,
    keyboard::Transition,
    pointer::{Button, PointerEvent, PointerKind},
};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Cuts pointer events into strokes. Places are kept only while a stroke lasts, and wiped from memory after it.
///
/// A stroke is a movement that a pause of [`PAUSE_US`] or a click ends, a movement with a button held, a click alone, or a
/// run of the wheel. Movements of fewer than four places are none. Time that runs back stands still; a leap of more
/// than [`LEAP`] pixels is no hand's and begins anew.
#[derive(Debug, Default)]
pub struct Strokes {
    path: Path,
    held: Option<Held>,
    wheel: Option<Run>,
    /// Where the pointer is, once known.
    place: Option<(i32, i32)>,
    /// Latest stamp.
    now_us: i64,
    /// End of the last stroke.
    ended_us: Option<i64>,
}

/// One movement of the hand: what it was and how it was done, not where. Wiped from memory when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Stroke {
    #[zeroize(skip)]
    kind: Kind,
    /// By [`Feature`]; not a number where the stroke has no such thing.
    values: [f32; Feature::COUNT],
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

/// How long the pointer or the wheel rests between two strokes, in microseconds.
pub const PAUSE_US: i64 = 250_000;

/// The longest way between two events of one stroke, in pixels in each direction.
pub const LEAP: i32 = 2_000;

impl Strokes {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event; the strokes that it ended, in order.
    pub fn push(&mut self, event: &PointerEvent) -> Vec<Stroke> {
        self.now_us = self.now_us.max(i64::try_from(event.at.0).unwrap_or(i64::MAX));
        let mut ended = Vec::new();
        self.end_of_pause(&mut ended);
        match event.kind {
            PointerKind::Move { x, y } => self.go((x, y), &mut ended),
            PointerKind::Button { button, transition: Transition::Press } => self.press(button, &mut ended),
            PointerKind::Button { button, transition: Transition::Release } => self.release(button, &mut ended),
            PointerKind::Wheel { dx, dy } => self.turn(dx.unsigned_abs().saturating_add(dy.unsigned_abs())),
        }
        ended
    }

    /// The strokes that the pause up to `now` has ended: to be asked now and then while no event comes.
    pub fn pause(&mut self, now: Micros) -> Vec<Stroke> {
        self.now_us = self.now_us.max(i64::try_from(now.0).unwrap_or(i64::MAX));
        let mut ended = Vec::new();
        self.end_of_pause(&mut ended);
        ended
    }

    /// Forgets everything (lock, suspend, verification).
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Ends a movement that nothing followed for [`PAUSE_US`], once no click can end it any more, and a run of the wheel.
    fn end_of_pause(&mut self, ended: &mut Vec<Stroke>) {
        if self.held.is_none()
            && self.path.last().is_some_and(|last| self.now_us.saturating_sub(last.at_us) > SETTLE_US)
        {
            self.end_move(ended);
        }
        if self.wheel.as_ref().is_some_and(|run| self.now_us.saturating_sub(run.last_us) > PAUSE_US) {
            self.end_wheel(ended);
        }
    }

    fn go(&mut self, to: (i32, i32), ended: &mut Vec<Stroke>) {
        let leap = |(x, y): (i32, i32)| x.abs_diff(to.0).max(y.abs_diff(to.1)) > LEAP as u32;
        let leapt = self.place.is_some_and(leap);
        let point = Point { at_us: self.now_us, x: to.0, y: to.1 };
        self.place = Some(to);
        if let Some(held) = &mut self.held {
            if leapt || held.path.is_full() {
                self.held = None;
            } else {
                held.path.push(point);
            }
            return;
        }
        self.end_wheel(ended);
        let rested = self.path.last().is_some_and(|last| point.at_us.saturating_sub(last.at_us) > PAUSE_US);
        if leapt {
            self.path.clear();
        } else if rested || self.path.is_full() {
            self.end_move(ended);
        }
        self.path.push(point);
    }

    /// While a button is held, no other counts.
    fn press(&mut self, button: Button, ended: &mut Vec<Stroke>) {
        if self.held.is_some() {
            return;
        }
        self.end_wheel(ended);
        let settle_us = self.path.last().map(|last| self.now_us.saturating_sub(last.at_us));
        let mut path = Path::default();
        if let Some((x, y)) = self.place {
            path.push(Point { at_us: self.now_us, x, y });
        }
        let before = std::mem::take(&mut self.path);
        self.held = Some(Held { button, since_us: self.now_us, settle_us, before, path });
    }

    fn release(&mut self, button: Button, ended: &mut Vec<Stroke>) {
        let Some(held) = self.held.take_if(|held| held.button == button) else { return };
        let hold_us = self.now_us.saturating_sub(held.since_us);
        let moved = held.before.is_movement();
        let dragged = held.path.is_movement() && held.path.length() > CLICK_SLIP;
        if moved {
            let hold_us = (!dragged).then_some(hold_us);
            let end_us = if dragged { held.since_us } else { self.now_us };
            let stroke = self.stroke(Kind::Click, &held.before, end_us);
            ended.push(stroke.with_click(held.settle_us, hold_us));
        }
        if dragged {
            ended.push(self.stroke(Kind::Drag, &held.path, self.now_us).with_drag(hold_us));
        } else if !moved {
            ended.push(self.stroke(Kind::Tap, &Path::default(), self.now_us).with_click(None, Some(hold_us)));
        }
    }

    fn turn(&mut self, notches: u32) {
        let (now_us, notches) = (self.now_us, u64::from(notches));
        let run = self.wheel.get_or_insert(Run { from_us: now_us, last_us: now_us, notches: 0 });
        run.last_us = now_us;
        run.notches = run.notches.saturating_add(notches);
    }

    fn end_move(&mut self, ended: &mut Vec<Stroke>) {
        let path = std::mem::take(&mut self.path);
        if let (true, Some(last)) = (path.is_movement(), path.last()) {
            let end_us = last.at_us;
            ended.push(self.stroke(Kind::Move, &path, end_us));
        }
    }

    fn end_wheel(&mut self, ended: &mut Vec<Stroke>) {
        let Some(run) = self.wheel.take() else { return };
        let pause_us = self.ended_us.map(|before| run.from_us.saturating_sub(before));
        self.ended_us = Some(run.last_us);
        let mut stroke = Stroke::new(Kind::Wheel, pause_us);
        shape::of_wheel(&mut stroke.values, run.last_us.saturating_sub(run.from_us), run.notches);
        ended.push(stroke);
    }

    fn stroke(&mut self, kind: Kind, path: &Path, end_us: i64) -> Stroke {
        let start_us = path.first().map_or(end_us, |first| first.at_us);
        let pause_us = self.ended_us.map(|before| start_us.saturating_sub(before));
        self.ended_us = Some(end_us);
        let mut stroke = Stroke::new(kind, pause_us);
        shape::of_path(&mut stroke.values, path.points());
        stroke
    }
}

impl Stroke {
    /// What it was.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// By [`Feature`]; not a number where the stroke has no such thing.
    pub(crate) fn values(&self) -> &[f32; Feature::COUNT] {
        &self.values
    }

    fn new(kind: Kind, pause_us: Option<i64>) -> Self {
        let mut values = [f32::NAN; Feature::COUNT];
        shape::set_log_us(&mut values, Feature::Pause, pause_us, 20_000..=5_000_000);
        Self { kind, values }
    }

    fn with_click(mut self, settle_us: Option<i64>, hold_us: Option<i64>) -> Self {
        shape::set_log_us(&mut self.values, Feature::Settle, settle_us, 5_000..=2_000_000);
        shape::set_log_us(&mut self.values, Feature::Hold, hold_us, 10_000..=2_000_000);
        self
    }

    fn with_drag(mut self, hold_us: i64) -> Self {
        shape::set_log_us(&mut self.values, Feature::DragHold, Some(hold_us), 10_000..=5_000_000);
        self
    }
}

impl std::fmt::Debug for Stroke {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stroke({:?}, {} values hidden)", self.kind, self.values.len())
    }
}

/// A movement that rested longer than this before a click was not ended by it, in microseconds.
const SETTLE_US: i64 = 1_000_000;
/// The longest way of a click, in pixels.
const CLICK_SLIP: f64 = 10.0;
const FEWEST_POINTS: usize = 4;
const MOST_POINTS: usize = 4_096;

/// A button held down.
#[derive(Debug)]
struct Held {
    button: Button,
    since_us: i64,
    settle_us: Option<i64>,
    before: Path,
    path: Path,
}

/// A run of the wheel.
#[derive(Debug)]
struct Run {
    from_us: i64,
    last_us: i64,
    notches: u64,
}

/// Places of one movement, each unlike the one before.
#[derive(Default, Zeroize, ZeroizeOnDrop)]
struct Path(Vec<Point>);

impl Path {
    fn push(&mut self, point: Point) {
        if self.last().is_none_or(|last| (last.x, last.y) != (point.x, point.y)) {
            self.0.push(point);
        }
    }

    fn points(&self) -> &[Point] {
        &self.0
    }

    fn first(&self) -> Option<&Point> {
        self.0.first()
    }

    fn last(&self) -> Option<&Point> {
        self.0.last()
    }

    fn is_full(&self) -> bool {
        self.0.len() >= MOST_POINTS
    }

    fn is_movement(&self) -> bool {
        self.0.len() >= FEWEST_POINTS
    }

    fn length(&self) -> f64 {
        self.0.windows(2).map(|w| f64::from(w[1].x - w[0].x).hypot(f64::from(w[1].y - w[0].y))).sum()
    }

    fn clear(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Path({} places hidden)", self.0.len())
    }
}

#[cfg(test)]
mod tests;
