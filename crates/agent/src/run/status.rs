use super::Agent;
use crate::ipc::{Reply, Status};
use crossbeam_channel::TrySendError;
use stillyou_trust::State;

impl Agent {
    pub(super) fn status(&self) -> Status {
        let monitor = self.engine.monitor();
        let snapshot = monitor.snapshot();
        let reveal = self.in_force.policy.status.reveal || monitor.step_up_is_fresh();
        let shown = snapshot.log_odds.filter(|_| reveal);
        let seconds_left = match snapshot.state {
            State::StepUp { deadline, .. } => Some(deadline.since(self.now()).as_secs_f64().ceil() as u64),
            _ => None,
        };
        let card = self.engine.model().card();
        let terms = if card.terms.non_commercial { ", non-commercial use only" } else { "" };
        Status {
            state: snapshot.state,
            seconds_left,
            score: shown.map(|l| l.score()),
            log_odds: shown.map(|l| l.0),
            contributions: shown.map(|_| monitor.explanation().contributions()),
            enrolment: self.engine.progress(),
            enrolment_problem: self.enrolment_problem.clone(),
            trouble: self.troubles.list(),
            circumstances: reveal.then(|| snapshot.circumstances.into_iter().collect()),
            muted: snapshot.muted.into_iter().collect(),
            keyboard: self.keyboard.source().map(str::to_owned),
            model: format!("{} ({}{terms})", self.engine.model().version(), card.terms.licence),
            policy: self.in_force.files.clone(),
            keystrokes: self.keystrokes,
        }
    }

    /// Tells every watcher what changed, if anything did; one that is gone or too slow is dropped.
    pub(super) fn tell_watchers(&mut self) {
        if self.watchers.is_empty() {
            return;
        }
        let status = self.status();
        let changed = self.last_status.as_ref().is_none_or(|last| {
            let quiet = Status { keystrokes: last.keystrokes, ..status.clone() };
            quiet != *last
        });
        if changed {
            let reply = Reply::Status { status: Box::new(status.clone()) };
            self.watchers.retain(|w| {
                !matches!(w.try_send(reply.clone()), Err(TrySendError::Disconnected(_) | TrySendError::Full(_)))
            });
            self.last_status = Some(status);
        }
    }
}
