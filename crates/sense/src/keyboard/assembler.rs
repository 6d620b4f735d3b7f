use super::{DeviceId, Key, KeyEvent, Keystroke, Observation, Transition};
use crate::Micros;
use std::{collections::VecDeque, time::Duration};

/// A key that is down longer than this is stuck, or its release was lost: it is dropped.
pub const STUCK_AFTER: Duration = Duration::from_secs(5);

/// More keys than hands, feet and cats hold down at once; beyond it the oldest are dropped.
const MOST_WAITING: usize = 256;

/// Pairs presses with releases, per keyboard and key, and gives [`Keystroke`]s in the order of their presses.
///
/// A keystroke waits until every key pressed before it has come up (rollover) or was dropped. Dropped are: keys down
/// longer than [`STUCK_AFTER`], a press that is followed by another of the same key (its release was lost), keys down
/// when their keyboard goes away or events are lost, and presses older than a keystroke already given. A release
/// without a press is nothing. It reads no clock: time comes with the events and with [`Assembler::tick`].
#[derive(Debug, Default)]
pub struct Assembler {
    /// By press time.
    waiting: VecDeque<Waiting>,
    now: Micros,
    last_given: Micros,
}

#[derive(Debug)]
struct Waiting {
    device: DeviceId,
    up: bool,
    stroke: Keystroke,
}

impl Assembler {
    /// An assembler that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what a source reported.
    pub fn observe(&mut self, observation: &Observation) {
        match observation {
            Observation::Event(event) => self.event(event),
            Observation::DeviceRemoved { device } | Observation::EventsLost { device } => {
                self.waiting.retain(|w| w.up || w.device != *device);
            }
            Observation::Lost(_) | Observation::Ready => self.waiting.retain(|w| w.up),
            Observation::DeviceAdded { .. } => {}
        }
    }

    /// Takes one transition.
    pub fn event(&mut self, event: &KeyEvent) {
        match event.transition {
            Transition::Press => self.press(event),
            Transition::Release => self.release(event),
        }
        self.tick(event.at);
    }

    /// Lets time pass until `now` (the clock of the events), so that stuck keys stop holding up what came after them.
    pub fn tick(&mut self, now: Micros) {
        self.now = self.now.max(now);
        let now = self.now;
        self.waiting.retain(|w| w.up || now.since(w.stroke.pressed_at) <= STUCK_AFTER);
    }

    /// The next keystroke in press order, when one is complete.
    pub fn next_keystroke(&mut self) -> Option<Keystroke> {
        if !self.waiting.front()?.up {
            return None;
        }
        let first = self.waiting.pop_front()?;
        self.last_given = first.stroke.pressed_at;
        Some(first.stroke)
    }

    /// Forgets every key and all time (lock, suspend, another person): it is as new.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    fn press(&mut self, event: &KeyEvent) {
        let stroke =
            Keystroke { key: event.key, pressed_at: event.at, released_at: event.at, injected: event.injected };
        if event.at < self.last_given {
            return;
        }
        if let Some(index) = self.down(event.device, event.key) {
            // Which of the two came first is the events' own order when their stamps disagree with it.
            self.waiting.remove(index);
        }
        let place = self.waiting.partition_point(|w| w.stroke.pressed_at <= event.at);
        self.waiting.insert(place, Waiting { device: event.device, up: false, stroke });
        if self.waiting.len() > MOST_WAITING {
            self.waiting.pop_front();
        }
    }

    fn release(&mut self, event: &KeyEvent) {
        let Some(index) = self.down(event.device, event.key) else { return };
        let waiting = &mut self.waiting[index];
        let pressed_at = waiting.stroke.pressed_at;
        if event.at < pressed_at {
            return;
        }
        if event.at.since(pressed_at) > STUCK_AFTER {
            self.waiting.remove(index);
            return;
        }
        waiting.stroke.released_at = event.at;
        waiting.stroke.injected |= event.injected;
        waiting.up = true;
    }

    fn down(&self, device: DeviceId, key: Key) -> Option<usize> {
        self.waiting.iter().position(|w| !w.up && w.device == device && w.stroke.key == key)
    }
}

#[cfg(test)]
mod tests;
