use crate::link::Link;
use crate::refusal::{Refusal, RefusalKind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use stillyou_agent::ipc::Request;

/// How long a choice waits for proof: somebody else may sit there later.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// What the person chose in the tray and has yet to prove who they are for.
#[derive(Default)]
pub struct Pending(Mutex<Option<(Request, Instant)>>);

impl Pending {
    /// Remembers a request until somebody is verified; it takes the place of another.
    pub fn wants(&self, request: Request) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((request, Instant::now()));
    }

    /// Forgets it.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Somebody was verified in the prompt that names the request: asks for it, unless it is too old.
    pub fn verified(&self, link: &Link) {
        if let Some(request) = self.take(Instant::now())
            && let Err(refusal) = link.done(&request)
        {
            tracing::warn!("not done: {}", refusal.why);
        }
    }

    fn take(&self, now: Instant) -> Option<Request> {
        let wanted = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        wanted.filter(|(_, since)| now.duration_since(*since) <= GOOD_FOR).map(|(request, _)| request)
    }
}

/// Asks for what needs proof; what is refused for the lack of it comes back.
///
/// # Errors
/// When it is not done for another reason.
pub fn ask_if_proven(link: &Link, request: Request) -> Result<Option<Request>, Refusal> {
    let fresh = link.last().is_some_and(|status| status.fresh_seconds.is_some_and(|left| left > 0));
    if !fresh {
        return Ok(Some(request));
    }
    match link.done(&request) {
        Ok(()) => Ok(None),
        Err(refusal) if refusal.kind == RefusalKind::NeedsStepUp => Ok(Some(request)),
        Err(refusal) => Err(refusal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_waits_for_a_minute_and_is_made_once() {
        let pending = Pending::default();
        let now = Instant::now();
        pending.wants(Request::Quit {});
        pending.wants(Request::Pause { minutes: 5 });
        assert!(matches!(pending.take(now), Some(Request::Pause { minutes: 5 })));
        assert!(pending.take(now).is_none());
        pending.wants(Request::Quit {});
        assert!(pending.take(now + GOOD_FOR + Duration::from_secs(1)).is_none());
        pending.wants(Request::Quit {});
        pending.forget();
        assert!(pending.take(now).is_none());
    }
}
