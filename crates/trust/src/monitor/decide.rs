use super::Monitor;
use super::phase::{Interrupted, Phase, StepUp};
use crate::decision::{Decision, Event, LockReason, StepUpReason};
use crate::input::Activity;
use crate::{Band, Modality};
use std::time::Duration;

/// How long after a failed lock it is tried again.
const LOCK_RETRY: Duration = Duration::from_secs(5);

impl Monitor {
    /// What the belief and the clock ask for, whatever the input was.
    pub(super) fn decide(&mut self, out: &mut Vec<Decision>) {
        match self.phase {
            Phase::Learning | Phase::Locked { .. } => {}
            Phase::Paused { until, .. } if self.now >= until => {
                self.resume(out);
                self.decide(out);
            }
            Phase::Paused { .. } => {}
            Phase::Watching { .. } if self.has_left() => self.lock_now(None, LockReason::Left, out),
            Phase::Watching { band } => {
                let next = band.next(self.belief.log_odds(), &self.policy.score);
                if next != band {
                    self.phase = Phase::Watching { band: next };
                    self.decided(Event::BandChanged { from: band, to: next }, out);
                }
                match next {
                    Band::Verified | Band::Watch if self.overriding.proof_is_due(self.now) => {
                        if self.activity() == Activity::Input {
                            self.ask_step_up(StepUpReason::Scheduled, None, out);
                        }
                    }
                    Band::Verified | Band::Watch => {}
                    Band::StepUp if self.activity() != Activity::Input => {}
                    Band::StepUp => self.ask_step_up(self.step_up_reason(), None, out),
                    Band::Lock => self.lock_now(self.worst_modality(), LockReason::Score, out),
                }
            }
            Phase::StepUp(StepUp { locking: Some(asked), .. }) => {
                if self.now.since(asked) >= LOCK_RETRY {
                    self.ask_lock(LockReason::Retry, out);
                }
            }
            Phase::StepUp(s) if s.failures >= self.policy.step_up.tries => self.ask_lock(LockReason::Failures, out),
            Phase::StepUp(s) if self.now >= s.deadline => self.ask_lock(LockReason::GraceOver, out),
            Phase::StepUp(_) => {}
        }
    }

    /// Whether an open camera has seen nobody for so long that policy wants the session locked.
    fn has_left(&self) -> bool {
        let gone = self.left_at.map(|at| self.now.since(at));
        self.policy.camera.locks_after().is_some_and(|limit| gone.is_some_and(|gone| gone >= limit))
    }

    pub(super) fn ask_step_up(
        &mut self,
        reason: StepUpReason,
        interrupted: Option<Interrupted>,
        out: &mut Vec<Decision>,
    ) {
        let grace = Duration::from_secs(self.policy.step_up.grace_seconds);
        let Interrupted { left, failures } = interrupted.unwrap_or(Interrupted { left: grace, failures: 0 });
        let deadline = self.now + left;
        let forced_by = (reason == StepUpReason::Evidence).then(|| self.worst_modality()).flatten();
        self.phase = Phase::StepUp(StepUp { deadline, forced_by, failures, locking: None });
        self.decided(Event::StepUpAsked { reason, forced_by, deadline }, out);
    }

    fn lock_now(&mut self, forced_by: Option<Modality>, reason: LockReason, out: &mut Vec<Decision>) {
        self.phase = Phase::StepUp(StepUp { deadline: self.now, forced_by, failures: 0, locking: None });
        self.ask_lock(reason, out);
    }

    fn ask_lock(&mut self, reason: LockReason, out: &mut Vec<Decision>) {
        if let Phase::StepUp(s) = &mut self.phase {
            s.locking = Some(self.now);
            self.decided(Event::LockAsked { reason }, out);
        }
    }

    pub(super) fn watch_lost(&mut self, out: &mut Vec<Decision>) {
        match self.phase {
            Phase::Learning | Phase::Locked { .. } | Phase::StepUp(StepUp { locking: Some(_), .. }) => {}
            Phase::StepUp(_) => self.ask_lock(LockReason::WatchLost, out),
            Phase::Watching { .. } | Phase::Paused { .. } => self.lock_now(None, LockReason::WatchLost, out),
        }
    }

    /// Scheduled when more of the rise comes from time than from evidence.
    fn step_up_reason(&self) -> StepUpReason {
        let (time, modalities) = self.belief.sums();
        let evidence: f64 = modalities.iter().map(|(_, nats)| nats.max(0.0)).sum();
        if time > evidence { StepUpReason::Scheduled } else { StepUpReason::Evidence }
    }

    fn worst_modality(&self) -> Option<Modality> {
        let (_, modalities) = self.belief.sums();
        let worst = modalities.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (worst.1 > 0.0).then_some(worst.0)
    }
}
