use super::Agent;
use crate::fallback::{Around, Failing, Fallback, boot_number, measured, own_identity};
use crate::policy_file;
use crate::record::CASE;
use stillyou_desktop_os::notify::{Notice, Urgency, notify};
use stillyou_desktop_os::session::LoginId;
use stillyou_governance::{CaseId, Event as CaseEvent, Failure, Moment, Proof, Tried, Unsuitable};
use stillyou_trust::{Event, Factor, Input, LockReason, Modality, State, StepUpReason};
use stillyou_vault::device_id;

use crate::ipc::SensorState;
use crate::places::Places;
use stillyou_trust::policy::GovernancePolicy;

/// The fallback of this session; where there is none, why.
pub(super) fn fallback(places: &Places, policy: &GovernancePolicy, login: &LoginId) -> Result<Fallback, String> {
    let system = policy_file::load(&places.system_policy, None).map(|system| system.policy.governance);
    let identity = own_identity()?;
    let salt = device_id().map_err(|e| e.to_string())?;
    Ok(Fallback::new(policy.clone(), &system.unwrap_or_default(), identity, boot_number(login.boot.as_deref()), salt))
}

impl Agent {
    /// Reads again what the record has of cases, and makes the monitor's override what they say.
    pub(super) fn read_cases(&mut self) {
        if let Ok(fallback) = &mut self.fallback
            && let Err(e) = fallback.catch_up(&self.record)
        {
            tracing::warn!("cases can't be read: {e}");
        }
        self.keep_override();
    }

    /// Cases that were opened before the agent began count for what may be asked for.
    pub(super) fn count_opened_cases(&mut self) {
        let Some(now) = self.moment() else { return };
        self.fallback.iter_mut().for_each(|fallback| fallback.count_opened(&now));
    }

    /// The minute's work: what time alone brought is recorded. The override follows at once.
    pub(super) fn cases_tick(&mut self) {
        self.keep_override();
        let Some(now) = self.moment() else { return };
        let Ok(fallback) = &mut self.fallback else { return };
        if !fallback.minute_is_over(now.up) {
            return;
        }
        self.tell_again();
        self.note_fits();
        // Another desk of this user may have gone on with them.
        self.read_cases();
        self.prune_cases();
        let events = self.fallback.as_ref().map(|fallback| fallback.book.tick(now)).unwrap_or_default();
        for event in events {
            if let Err(why) = self.happened_to_case(&event) {
                tracing::warn!("{why}");
            }
        }
        self.keep_override();
    }

    /// Records what was decided on a case, then applies it.
    ///
    /// # Errors
    /// When it can't be recorded: then it did not happen.
    pub(super) fn happened_to_case(&mut self, event: &CaseEvent) -> Result<(), String> {
        let recorded = self.record.append(CASE, event).map(drop);
        let outcome =
            recorded.as_ref().map_err(|e| format!("it can't be recorded, so it did not happen: {e}")).copied();
        self.recorded(recorded);
        outcome?;
        self.keep_head();
        let fallback = self.fallback.as_mut().map_err(|why| why.clone())?;
        fallback.catch_up(&self.record).map_err(|e| e.to_string())?;
        self.tell_others(event);
        Ok(())
    }

    /// What the monitor decided, for the failure that goes on.
    pub(super) fn decided_in_case(&mut self, event: &Event) {
        let now = self.now();
        let Ok(fallback) = &mut self.fallback else { return };
        match event {
            Event::Locked { .. } => fallback.proofs.clear(),
            Event::StepUpAsked { reason, forced_by, .. } => {
                fallback.proofs.clear();
                if *reason != StepUpReason::AfterUnlock {
                    fallback.failure = Failing { forced_by: *forced_by, ..Failing::default() };
                }
                let policy = &self.in_force.policy.governance;
                if forced_by.is_some_and(|modality| fallback.forced.forced(modality, now, policy)) {
                    // Whatever comes of this one: the person needs another way.
                    self.becomes_a_case(*forced_by, Asked { kept: true, ..Asked::default() });
                }
            }
            Event::StepUpFailed { failures } => {
                fallback.failure.tries_left = Some(self.in_force.policy.step_up.tries.saturating_sub(*failures));
            }
            Event::LockAsked { reason: LockReason::GraceOver | LockReason::Failures } => {
                let goes_on = self.step_up_reason == Some(StepUpReason::AfterUnlock);
                if fallback.open_case(goes_on).is_none() {
                    let forced_by = fallback.failure.forced_by;
                    self.becomes_a_case(forced_by, Asked::default());
                }
            }
            Event::Verified { factor: Factor::Override } => fallback.failure = Failing::default(),
            Event::Verified { .. } => self.settled(),
            _ => {}
        }
    }

    /// A factor verified, whether that was enough or not.
    pub(super) fn proven_in_case(&mut self, factor: Factor) {
        let at = self.now();
        if let Ok(fallback) = &mut self.fallback {
            fallback.proofs.retain(|proof| proof.factor != factor);
            fallback.proofs.push(Proof { factor, at });
        }
    }

    /// Somebody tried to prove who they are, in vain.
    pub(super) fn tried_in_vain(&mut self, factor: Factor, outcome: &str) {
        if let Ok(fallback) = &mut self.fallback
            && matches!(self.engine.monitor().snapshot().state, State::StepUp { .. })
        {
            fallback.failure.tried.push(Tried { factor, outcome: outcome.into() });
        }
    }

    /// A keyboard or pointer came.
    pub(super) fn device_came(&mut self) {
        let now = self.now();
        if let Ok(fallback) = &mut self.fallback {
            fallback.device_came = Some(now);
        }
    }

    /// The person proved who they are: a case that nobody asked for has no purpose any more.
    fn settled(&mut self) {
        let now = self.moment();
        let Ok(fallback) = &mut self.fallback else { return };
        let failure = std::mem::take(&mut fallback.failure);
        let open = failure.case.filter(|case| !failure.asked && fallback.book.case(*case).is_some_and(is_open));
        let ended = open.zip(now).and_then(|(case, now)| fallback.book.give_up(case, now));
        if let Some(event) = ended
            && let Err(why) = self.happened_to_case(&event)
        {
            tracing::warn!("{why}");
        }
    }

    fn becomes_a_case(&mut self, modality: Option<Modality>, asked: Asked) {
        if let Err(why) = self.open_case_for(modality, asked) {
            tracing::error!("no case was opened: {why}");
        }
    }

    /// Opens a case for what failed.
    pub(super) fn open_case_for(&mut self, modality: Option<Modality>, asked: Asked) -> Result<CaseId, String> {
        let now = self.moment().ok_or_else(|| self.no_fallback())?;
        let failure = self.failure(modality, &asked);
        let fallback = self.fallback.as_mut().map_err(|why| why.clone())?;
        let id = CaseId::new(rand::random());
        let event = fallback.book.open(id, failure, now);
        self.happened_to_case(&event)?;
        if let Ok(fallback) = &mut self.fallback {
            (fallback.failure.case, fallback.failure.asked) = (Some(id), asked.kept);
        }
        Ok(id)
    }

    /// Whether the failure that goes on is older than the step-up that is open.
    pub(super) fn failure_goes_on(&self) -> bool {
        self.step_up_reason == Some(StepUpReason::AfterUnlock)
    }

    fn failure(&self, modality: Option<Modality>, asked: &Asked) -> Failure {
        let fallback = self.fallback.as_ref().ok();
        let failing = fallback.map(|fallback| fallback.failure.clone()).unwrap_or_default();
        let came = fallback.and_then(|fallback| fallback.device_came).map(|at| self.now().since(at).as_secs());
        let monitor = self.engine.monitor();
        let around = Around {
            quality: modality.and_then(|modality| self.engine.last_quality(modality)),
            light: self.light(),
            fallen_nats: modality.and_then(|modality| self.fallen_nats(modality)),
            sensor_there: modality.and_then(|modality| self.sensor_is_there(modality)),
            device_changed_s: came.filter(|_| modality != Some(Modality::Face)),
            device_kind: modality.and_then(|modality| self.sensor_kind(modality)),
            circumstances: monitor.snapshot().circumstances.into_iter().collect(),
            tries_left: failing.tries_left,
            cannot_use: asked.cannot_use,
        };
        Failure {
            modality,
            measured: measured(modality, around, &monitor.explanation()),
            tried: failing.tried,
            network: self.network_name(),
            remote_session: self.surroundings.is_remote(),
            declare_unsuitable: asked.unsuitable,
        }
    }

    fn sensor_is_there(&self, modality: Modality) -> Option<bool> {
        match self.sensors().into_iter().find(|sensor| sensor.modality == modality)?.state {
            SensorState::On | SensorState::Ready | SensorState::NotLearnt => Some(true),
            SensorState::NotSeen | SensorState::NotThere => Some(false),
            SensorState::Off => None,
        }
    }

    /// A model, never a serial number.
    fn sensor_kind(&self, modality: Modality) -> Option<String> {
        match modality {
            Modality::Keystroke => self.keyboard.source().map(|source| format!("keyboard ({source})")),
            Modality::Pointer => None,
            Modality::Face => self.camera_model(),
        }
    }

    /// Makes the monitor's override, and how often the camera looks, what the casebook says of now.
    pub(super) fn keep_override(&mut self) {
        let Some(now) = self.moment() else { return };
        let network = self.network_name();
        let remote = self.surroundings.is_remote();
        let Ok(fallback) = &mut self.fallback else { return };
        fallback.book.session_is_remote(remote);
        if self.engine.monitor().snapshot().state == State::Learning {
            return;
        }
        // One that does not hold now is as good as none; why, the status says.
        let wanted = fallback.overriding(&now, network.as_deref()).unwrap_or_default();
        self.looking.audit_at_least(wanted.as_ref().map_or(0, |(_, audits)| *audits));
        let standing = self.engine.monitor().overriding();
        match wanted {
            Some((wanted, _)) if standing != Some(&wanted) => self.feed(Input::OverrideBegan(wanted)),
            None if standing.is_some() => {
                // Its end goes on the record now, not at the end of the minute.
                self.fallback.iter_mut().for_each(Fallback::hurry);
                self.feed(Input::OverrideEnded);
            }
            _ => {}
        }
    }

    /// The modalities that are declared unsuitable for the person.
    pub(super) fn unsuitable(&self) -> Vec<Unsuitable> {
        let (Ok(fallback), Some(now)) = (&self.fallback, self.moment()) else { return Vec::new() };
        fallback.book.unsuitable(&now, self.network_name().as_deref())
    }

    /// Whether the face is declared unsuitable: the camera neither looks for it, learns it nor checks it.
    pub(super) fn face_is_unsuitable(&self) -> bool {
        self.unsuitable().iter().any(|declared| declared.modality == Modality::Face)
    }

    /// Now, as cases tell time; nothing where there are none.
    pub(super) fn moment(&self) -> Option<Moment> {
        let fallback = self.fallback.as_ref().ok()?;
        Some(fallback.moment(self.record.now(), self.now()))
    }

    /// The network, by a name that means nothing but on this device.
    pub(super) fn network_name(&self) -> Option<String> {
        let salt = &self.fallback.as_ref().ok()?.salt;
        self.surroundings.network().map(|network| network.name(salt))
    }

    pub(super) fn no_fallback(&self) -> String {
        self.fallback.as_ref().err().cloned().unwrap_or_default()
    }

    /// Loud, whoever watches.
    pub(super) fn tell(&self, summary: &str, body: String) {
        let desktop = self.desktop.clone();
        let notice = Notice { summary: summary.into(), body, urgency: Urgency::Critical };
        let show = move || {
            if let Err(e) = notify(&desktop, &notice) {
                tracing::warn!("{e}");
            }
        };
        if let Err(e) = std::thread::Builder::new().name("notice".into()).spawn(show) {
            tracing::warn!("the notice wasn't shown: {e}");
        }
    }
}

/// What the person said when they asked for help.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub cannot_use: bool,
    pub unsuitable: bool,
    /// It stays open when they prove who they are after all.
    pub kept: bool,
}

fn is_open(record: &stillyou_governance::CaseRecord) -> bool {
    record.state == stillyou_governance::CaseState::Open
}
