use super::{Agent, Told};
use crate::record::{Ended, Lost, Who};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use stillyou_trust::{Input, State};

/// How long a lock is waited for before the agent leaves without its proof.
const LOCK_PATIENCE: Duration = Duration::from_secs(9);

/// How long whoever asked has to read the answer.
const ANSWERED: Duration = Duration::from_millis(100);

/// The agent is about to leave.
#[derive(Clone, Copy)]
pub struct Leaving {
    why: Why,
    until: Instant,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It was told to, and may.
    Allowed,
    /// It was told to by somebody who did not prove to be the owner: the session is locked first.
    Told,
    /// Nobody watches over it any more.
    SupervisorLost,
}

impl Agent {
    /// What the supervisor's words or silence ask for.
    pub(super) fn told(&mut self, told: &Told) {
        match told {
            Told::Nothing => {}
            Told::End if self.leaving.is_some() => {}
            Told::End => {
                let allowed = self.engine.monitor().step_up_is_fresh() || self.unprotected();
                self.leave_soon(if allowed { Why::Allowed } else { Why::Told });
            }
            Told::Lost(fate) => {
                tracing::error!("the supervisor was lost ({fate:?})");
                self.note("lost", &Lost { who: Who::Supervisor, fate: *fate, how: String::new(), locked: None });
                self.leave_soon(Why::SupervisorLost);
            }
        }
    }

    /// The owner asked for it and proved it.
    pub(super) fn quit(&mut self) {
        self.leave_soon(Why::Allowed);
    }

    fn leave_soon(&mut self, why: Why) {
        let patience = if why == Why::Allowed { ANSWERED } else { LOCK_PATIENCE };
        self.leaving = Some(Leaving { why, until: Instant::now() + patience });
        if why != Why::Allowed {
            self.feed(Input::WatchLost);
        }
    }

    /// Whether it is time: when the session is locked where it must be, and whoever asked was answered.
    pub(super) fn leaves(&self) -> Option<Leaving> {
        let leaving = self.leaving?;
        let locked = matches!(self.engine.monitor().snapshot().state, State::Locked { .. });
        let nothing_to_lock = leaving.why != Why::Allowed && (locked || self.unprotected());
        (nothing_to_lock || Instant::now() >= leaving.until).then_some(leaving)
    }

    fn unprotected(&self) -> bool {
        self.engine.monitor().snapshot().state == State::Learning
    }

    /// The last words.
    pub(super) fn leave(mut self, leaving: &Leaving, restart: Option<Command>) {
        // Watchers and whoever asked hear that the agent is gone.
        self.watchers.clear();
        self.rest();
        if leaving.why != Why::SupervisorLost {
            self.note("ended", &Ended { allowed: leaving.why == Why::Allowed });
            tracing::info!("agent ended");
            return self.supervisor.farewell();
        }
        let Some(mut restart) = restart else { return };
        if let Err(e) = restart.stdin(Stdio::null()).stdout(Stdio::null()).spawn() {
            tracing::error!("the agent can't be started again: {e}");
        }
    }
}
