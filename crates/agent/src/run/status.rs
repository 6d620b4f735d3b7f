use super::Agent;
use crate::ipc::{Enrolled, Replaced, Reply, Sensor, SensorState, Status, UnderGrant};
use crate::record::EnrolledRecord;
use crossbeam_channel::TrySendError;
use stillyou_trust::policy::CameraMode;
use stillyou_trust::{Modality, State};

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
        let paused_seconds = match snapshot.state {
            State::Paused { until } => Some(until.since(self.now()).as_secs().div_ceil(60) * 60),
            _ => None,
        };
        let step_up_reason = self.step_up_reason.filter(|_| matches!(snapshot.state, State::StepUp { .. }));
        Status {
            state: snapshot.state,
            step_up_reason,
            factors: self.offered(),
            factors_needed: self.still_needed(),
            own_factors: self.own_factors(),
            own_keys: self.own_keys(),
            live_check: self.looking.live_check(),
            scan: self.looking.scan(),
            paused_seconds,
            under_grant: self.under_grant(),
            fresh_seconds: monitor.fresh_for().map(|left| left.as_secs()),
            enrolled: self.enrolled.clone(),
            sensors: self.sensors(),
            camera: self.camera_status(),
            may_pause_minutes: self.in_force.policy.control.pause_minutes,
            may_quit: self.in_force.policy.control.may_quit,
            seconds_left,
            score: shown.map(|l| l.score()),
            log_odds: shown.map(|l| l.0),
            contributions: shown.map(|_| monitor.explanation().contributions()),
            consent: self.consent,
            without_biometrics: self.without_biometrics_status(),
            enrolment: self.engine.progress(),
            enrolment_problem: self.enrolment_problem.clone(),
            trouble: self.troubles.list(),
            circumstances: reveal.then(|| snapshot.circumstances.into_iter().collect()),
            muted: if reveal { snapshot.muted.into_iter().collect() } else { Vec::new() },
            replaced: if reveal { self.replaced() } else { Vec::new() },
            keyboard: self.keyboard.source().map(str::to_owned),
            model: format!("{} ({}{terms})", self.engine.model().version(), card.terms.licence),
            policy: self.in_force.files.clone(),
            keystrokes: self.keystrokes,
        }
    }

    /// Reads again what is on record of the template in force.
    pub(super) fn look_up_enrolled(&mut self) {
        self.engine.forget_fits();
        self.read_fitted();
        let on_record = self.record.enrolled().ok().flatten();
        let strokes = self.record.enrolled_pointer().ok().flatten().map(|e| e.strokes);
        let pointer_problem = self.pointer_problem.clone();
        self.enrolled = on_record.map(|EnrolledRecord { keystrokes, self_rejects, expected, .. }| Enrolled {
            keystrokes,
            self_rejects,
            step_ups_per_8h: expected.map(|e| e.step_ups_per_8h),
            step_ups_per_8h_bound: expected.map(|e| e.step_ups_per_8h_bound),
            strokes,
            pointer_problem,
        });
    }

    fn under_grant(&self) -> Option<UnderGrant> {
        let fallback = self.fallback.as_ref().ok()?;
        fallback.under_grant(&self.moment()?, self.network_name().as_deref())
    }

    fn replaced(&self) -> Vec<Replaced> {
        let Ok(fallback) = &self.fallback else { return Vec::new() };
        self.moment().map_or_else(Vec::new, |now| fallback.replaced(&now, self.network_name().as_deref()))
    }

    pub(super) fn sensors(&self) -> Vec<Sensor> {
        let may_turn_off = |modality| match modality {
            Modality::Face => self.in_force.policy.camera.mode == CameraMode::Offered,
            modality => self.in_force.policy.control.may_turn_off.contains(&modality),
        };
        let sensor = |modality| {
            let state = match modality {
                Modality::Face => self.face_state(),
                Modality::Pointer => self.pointer_state(),
                Modality::Keystroke if !self.listens_to(modality) => SensorState::Off,
                Modality::Keystroke if self.keyboard.source().is_none() || !self.keyboard.is_attached() => {
                    SensorState::NotSeen
                }
                Modality::Keystroke => SensorState::On,
            };
            Sensor { modality, state, may_turn_off: may_turn_off(modality) }
        };
        Modality::ALL.map(sensor).to_vec()
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
