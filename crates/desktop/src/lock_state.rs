//! Whether the session is locked, judged from several signals of which none can be trusted alone to be there. Pure:
//! readings in, changes out; [`crate::watch`] takes the readings.

use std::time::Duration;

/// What may say that the session is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockSignal {
    /// logind's `LockedHint`.
    LogindHint,
    /// A screen saver on the session bus is active.
    ScreenSaver,
    /// The locker command that this process started runs.
    OwnLocker,
    /// On X11: another program has held the keyboard for over [`GRAB_MEANS_LOCKED`].
    KeyboardGrab,
    /// Windows' or macOS's own word: the only signal there, and no part of a [`LockView`].
    System,
}

/// What one signal says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It hasn't been asked yet.
    Unread,
    /// It isn't there on this desktop, and never was.
    Absent,
    /// It says: not locked.
    Unlocked,
    /// It says: locked.
    Locked,
    /// It was there and is gone, or doesn't answer; why.
    Lost(String),
}

/// The judgement over all signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockState {
    /// At least one signal says so.
    Locked,
    /// At least one signal that can see a lock says not, and none is lost.
    Unlocked,
    /// A signal is lost, or nothing here can see a lock. To be treated as locked by whoever captures.
    Unsure,
}

/// The judgement changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockStateChanged {
    /// The new judgement.
    pub state: LockState,
    /// The signal whose reading changed it.
    pub by: LockSignal,
    /// For [`LockState::Unsure`]: why.
    pub why: Option<String>,
}

impl LockStateChanged {
    /// Whether capture must be off: locked, or unsure.
    pub fn capture_must_stop(&self) -> bool {
        self.state != LockState::Unlocked
    }
}

const SIGNALS: [LockSignal; 4] =
    [LockSignal::LogindHint, LockSignal::ScreenSaver, LockSignal::OwnLocker, LockSignal::KeyboardGrab];

/// The latest reading of every signal.
#[derive(Clone, Debug)]
pub struct LockView {
    readings: [Reading; SIGNALS.len()],
}

impl Default for LockView {
    fn default() -> Self {
        Self { readings: [const { Reading::Unread }; SIGNALS.len()] }
    }
}

impl LockView {
    /// Takes a reading; a change when the judgement, or the reason to be unsure, is another than before.
    pub fn apply(&mut self, signal: LockSignal, reading: Reading) -> Option<LockStateChanged> {
        let before = (self.state(), self.why_unsure());
        if let Some(slot) = self.readings.get_mut(signal as usize) {
            *slot = reading;
        }
        let after = (self.state(), self.why_unsure());
        (after != before).then_some(LockStateChanged { state: after.0, by: signal, why: after.1 })
    }

    /// The judgement now. [`LockState::Unsure`] until every signal has been read once.
    pub fn state(&self) -> LockState {
        // Our own locker's absence says nothing: another may hold the screen.
        let eyes = SIGNALS.iter().filter(|signal| **signal != LockSignal::OwnLocker);
        if self.readings.contains(&Reading::Locked) {
            LockState::Locked
        } else if self.readings.iter().any(|r| matches!(r, Reading::Lost(_) | Reading::Unread)) {
            LockState::Unsure
        } else if eyes.clone().any(|signal| *self.reading(*signal) == Reading::Unlocked) {
            LockState::Unlocked
        } else {
            LockState::Unsure
        }
    }

    /// The signals that say locked.
    pub fn locked_by(&self) -> Vec<LockSignal> {
        SIGNALS.into_iter().filter(|signal| *self.reading(*signal) == Reading::Locked).collect()
    }

    /// The latest reading of one signal.
    pub fn reading(&self, signal: LockSignal) -> &Reading {
        self.readings.get(signal as usize).unwrap_or(&Reading::Absent)
    }

    fn why_unsure(&self) -> Option<String> {
        if self.state() != LockState::Unsure {
            return None;
        }
        let lost: Vec<&str> = self
            .readings
            .iter()
            .filter_map(|r| if let Reading::Lost(why) = r { Some(why.as_str()) } else { None })
            .collect();
        Some(if !lost.is_empty() {
            lost.join("; ")
        } else if self.readings.contains(&Reading::Unread) {
            "not every signal has been read yet".into()
        } else {
            "nothing on this desktop shows whether the session is locked".into()
        })
    }
}

/// Menus take the keyboard too, but not for long.
pub const GRAB_MEANS_LOCKED: Duration = Duration::from_secs(2);

/// How often the keyboard is looked at while it is free.
const LOOK_FREE: Duration = Duration::from_secs(1);
/// And while it is held, so that a menu that is closed and opened again isn't taken for one that stays.
const LOOK_HELD: Duration = Duration::from_millis(250);

/// Tells a locker's keyboard grab from a menu's, by its length.
#[derive(Clone, Debug, Default)]
pub struct GrabDebounce {
    held_since: Option<Duration>,
}

impl GrabDebounce {
    /// Takes what a look at the keyboard showed at `now`, a monotonic time.
    pub fn look(&mut self, held: bool, now: Duration) -> Reading {
        if !held {
            self.held_since = None;
            return Reading::Unlocked;
        }
        let since = *self.held_since.get_or_insert(now);
        if now.saturating_sub(since) > GRAB_MEANS_LOCKED { Reading::Locked } else { Reading::Unlocked }
    }

    /// When to look again.
    pub fn next_look(&self) -> Duration {
        if self.held_since.is_some() { LOOK_HELD } else { LOOK_FREE }
    }
}

#[cfg(test)]
#[path = "lock_state/tests.rs"]
mod tests;
