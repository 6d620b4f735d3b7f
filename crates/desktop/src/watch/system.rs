//! What a look at the system tells where it says itself whether the session is locked. Pure: readings in, events out.

use std::time::Duration;

use super::DesktopEvent;
use crate::lock_state::{LockSignal, LockState, LockStateChanged};

/// A gap between the clock that counts suspend and the one that doesn't: the machine slept.
const SLEPT: Duration = Duration::from_secs(2);

/// What was told last.
#[derive(Default)]
pub(super) struct Looks {
    told: Option<LockStateChanged>,
    slept: Option<Duration>,
}

impl Looks {
    /// What is new. `slept` is the time that the machine has slept since it booted.
    pub(super) fn look(&mut self, locked: Result<bool, String>, slept: Duration) -> Vec<DesktopEvent> {
        let mut news = Vec::new();
        if self.slept.is_some_and(|before| slept.saturating_sub(before) > SLEPT) {
            news.push(DesktopEvent::Resumed);
        }
        self.slept = Some(slept);
        let (state, why) = match locked {
            Ok(true) => (LockState::Locked, None),
            Ok(false) => (LockState::Unlocked, None),
            Err(why) => (LockState::Unsure, Some(why)),
        };
        let change = LockStateChanged { state, by: LockSignal::System, why };
        if self.told.as_ref() != Some(&change) {
            news.push(DesktopEvent::Lock(change.clone()));
            self.told = Some(change);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(event: &DesktopEvent) -> Option<LockState> {
        match event {
            DesktopEvent::Lock(change) => Some(change.state),
            _ => None,
        }
    }

    #[test]
    fn each_change_is_told_once_and_doubt_is_no_sight() {
        let mut looks = Looks::default();
        let mut look = |locked| {
            let news = looks.look(locked, Duration::ZERO);
            assert!(news.len() < 2);
            news.first().and_then(state)
        };
        assert_eq!(look(Ok(false)), Some(LockState::Unlocked));
        assert_eq!(look(Ok(false)), None);
        assert_eq!(look(Ok(true)), Some(LockState::Locked));
        assert_eq!(look(Err("blind".into())), Some(LockState::Unsure));
        assert_eq!(look(Err("blind".into())), None);
        assert_eq!(look(Ok(false)), Some(LockState::Unlocked));
    }

    #[test]
    fn sleep_is_told_before_the_lock_state() {
        let mut looks = Looks::default();
        looks.look(Ok(false), Duration::from_secs(100));
        assert_eq!(looks.look(Ok(false), Duration::from_secs(101)), []);
        let news = looks.look(Ok(true), Duration::from_secs(200));
        assert_eq!(news[0], DesktopEvent::Resumed);
        assert_eq!(state(&news[1]), Some(LockState::Locked));
    }
}
