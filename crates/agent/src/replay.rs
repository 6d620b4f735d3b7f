use crate::engine::{Effect, Engine};
use std::time::Duration;
use stillyou_sense::Micros;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::{Activity, Event, Input, TrustTime};

/// Between one recorded sentence and the next.
const PAUSE: Duration = Duration::from_secs(2);

/// The agent looks at the clock this often; so does a replay.
const TICK: Duration = Duration::from_secs(1);

/// Plays recorded sentences through an [`Engine`] in the recording's own time, as fast as the engine goes.
///
/// A lock that is asked for takes effect at once, and the replay is over.
pub struct Replay {
    engine: Engine,
    at: TrustTime,
    keystrokes: u64,
    locked: bool,
}

/// Something the engine wanted, and after how many keystrokes of the replay.
pub struct Moment {
    /// When, in the replay's time.
    pub at: TrustTime,
    /// Keystrokes played so far.
    pub keystrokes: u64,
    /// What.
    pub effect: Effect,
}

impl Replay {
    /// A replay that starts with `engine` at `at`.
    pub fn new(engine: Engine, at: TrustTime) -> Self {
        Self { engine, at, keystrokes: 0, locked: false }
    }

    /// Types one sentence (its keystrokes in press order) and the pause after it.
    pub fn sentence(&mut self, sentence: &[Keystroke]) -> Vec<Moment> {
        let mut moments = Vec::new();
        let Some(first) = sentence.first() else { return moments };
        let begin = self.at;
        for stroke in sentence {
            let due = begin + stroke.released_at.since(first.pressed_at);
            self.wait_until(due, Activity::Input, &mut moments);
            if self.locked {
                return moments;
            }
            self.keystrokes += 1;
            // Every recording has a clock of its own; windows must not see it jump.
            let stamp = |at: Micros| Micros((begin + at.since(first.pressed_at)).as_duration().as_micros() as u64);
            let mut stroke = stroke.clone();
            (stroke.pressed_at, stroke.released_at) = (stamp(stroke.pressed_at), stamp(stroke.released_at));
            let effects = self.engine.keystroke(self.at, stroke);
            self.note(effects, &mut moments);
        }
        self.wait_until(self.at + PAUSE, Activity::Input, &mut moments);
        moments
    }

    /// Whether the session was locked.
    pub fn is_locked(&self) -> bool {
        self.locked
    }

    /// Keystrokes played so far.
    pub fn keystrokes(&self) -> u64 {
        self.keystrokes
    }

    /// The engine, to look at.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    fn wait_until(&mut self, due: TrustTime, activity: Activity, moments: &mut Vec<Moment>) {
        while self.at < due && !self.locked {
            self.at = due.min(self.at + TICK);
            let effects = self.engine.input(self.at, Input::Tick(activity));
            self.note(effects, moments);
        }
    }

    fn note(&mut self, effects: Vec<Effect>, moments: &mut Vec<Moment>) {
        for effect in effects {
            let asks = matches!(&effect, Effect::Decided(d) if matches!(d.event, Event::LockAsked { .. }));
            moments.push(Moment { at: self.at, keystrokes: self.keystrokes, effect });
            if asks && !self.locked {
                self.locked = true;
                let locked = self.engine.input(self.at, Input::SessionLocked);
                self.note(locked, moments);
            }
        }
    }
}
