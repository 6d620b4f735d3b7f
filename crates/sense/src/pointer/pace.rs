use crate::Micros;
#[cfg(any(windows, target_os = "macos"))]
use crate::source::SourceError;
use std::time::Duration;

/// Moves come at most this often: about 60 a second, as in the recordings that the models are trained on (browsers move
/// the pointer once a frame). A mouse that reports a thousand times a second costs no more than one that does not.
pub const PACE: Duration = Duration::from_millis(16);

/// Lets a move pass when the one before is long enough ago, else holds the newest back until it is due: the place where
/// the pointer comes to rest is never lost.
#[derive(Debug)]
pub(super) struct Pace<T> {
    passed: Option<Micros>,
    held: Option<T>,
}

impl<T> Default for Pace<T> {
    fn default() -> Self {
        Self { passed: None, held: None }
    }
}

impl<T> Pace<T> {
    /// The move itself when it may pass; else it is held in the place of the one held before.
    pub(super) fn take(&mut self, at: Micros, moved: T) -> Option<T> {
        self.held = Some(moved);
        if self.due().is_none_or(|due| due <= at) { self.release(at) } else { None }
    }

    /// When the move that is held is due; at once where none has passed yet, not known where none is held.
    pub(super) fn due(&self) -> Option<Micros> {
        self.held.as_ref().and(self.passed).map(|passed| passed.plus(PACE))
    }

    /// The move that is held, due or not: what comes next must not come before it.
    pub(super) fn release(&mut self, at: Micros) -> Option<T> {
        let held = self.held.take();
        if held.is_some() {
            self.passed = Some(at);
        }
        held
    }
}

#[cfg(any(windows, target_os = "macos"))]
impl Pace<super::PointerEvent> {
    /// Sends an event on: a move at its pace, anything else at once, after the move before it.
    pub(super) fn tell(&mut self, event: super::PointerEvent, feed: &super::Feed) -> Result<(), SourceError> {
        let passed = match event.kind {
            super::PointerKind::Move { .. } => [self.take(event.at, event), None],
            _ => [self.release(event.at), Some(event)],
        };
        passed.into_iter().flatten().try_for_each(|e| feed.send(super::Observation::Event(e)).map(drop))
    }

    /// Sends the move that is held, if it is due.
    pub(super) fn tell_due(&mut self, now: Micros, feed: &super::Feed) -> Result<(), SourceError> {
        match self.due().filter(|due| *due <= now).and_then(|_| self.release(now)) {
            Some(event) => feed.send(super::Observation::Event(event)).map(drop),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_thinned_out_and_the_last_one_is_kept() {
        let mut pace = Pace::default();
        let ms = |ms: u64| Micros(1_000_000 + ms * 1_000);
        let passed: Vec<u64> = (0..=100).filter_map(|at| pace.take(ms(at), at)).collect();
        assert_eq!(passed, [0, 16, 32, 48, 64, 80, 96]);
        assert_eq!(pace.due(), Some(ms(112)));
        assert_eq!(pace.release(ms(103)), Some(100));
        assert_eq!((pace.due(), pace.release(ms(104))), (None, None));
        assert_eq!(pace.take(ms(110), 7), None);
        assert_eq!(pace.due(), Some(ms(119)));
    }
}
