use super::Agent;
use crate::engine::Effect;
use crate::expected::Expected;
use crate::home::HomeError;
use crate::record::Locked;
use serde::Serialize;
use stillyou_desktop_os::lock::{LockFailed, LockProof};
use stillyou_desktop_os::notify::{Notice, Urgency, notify};
use stillyou_models::keystroke::Enrolled;
use stillyou_trust::{Decision, Event, Input, Modality, StepUpReason, Trouble};

impl Agent {
    /// Does what the engine wants: record first, then act.
    pub(super) fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Decided(decision) => self.decided(&decision),
                Effect::Learnt(_) => {}
                Effect::Scored(modality) => {
                    self.not_scored.remove(&modality);
                    if self.not_scored.is_empty() {
                        self.trouble_ended(Trouble::ModelFailed);
                    }
                }
                Effect::NotScored(e) => {
                    self.not_scored.insert(Modality::Keystroke);
                    self.trouble_began(Trouble::ModelFailed, format!("typing is not scored: {e}"));
                }
                Effect::PointerNotScored(e) => {
                    self.not_scored.insert(Modality::Pointer);
                    self.trouble_began(Trouble::ModelFailed, format!("the pointer is not scored: {e}"));
                }
                Effect::Enrolled(enrolled) => {
                    self.enrolment_problem = self.keep(&enrolled).err().map(|e| e.to_string());
                }
                Effect::NotYet(problem) => self.enrolment_problem = Some(problem.to_string()),
            }
        }
    }

    fn decided(&mut self, decision: &Decision) {
        tracing::info!("{}", in_words(decision));
        let muted = self.engine.monitor().snapshot().muted;
        let recorded = self.record.decided(decision, muted);
        self.recorded(recorded);
        self.keep_head();
        self.decided_about_factors(decision);
        match &decision.event {
            Event::StepUpAsked { reason, .. } => {
                self.step_up_reason = Some(*reason);
                // Whoever watches shows it better.
                if self.watchers.is_empty() {
                    self.show_step_up(*reason);
                }
            }
            Event::Paused { .. } => self.rest(),
            Event::LockAsked { .. } => self.locking.lock(),
            _ => {}
        }
        self.decided_in_case(&decision.event);
    }

    /// A record that fails is trouble of its own; acting goes on.
    pub(super) fn recorded(&mut self, outcome: Result<(), crate::record::RecordError>) {
        match outcome {
            Ok(()) => self.trouble_ended(Trouble::LedgerUnavailable),
            Err(e) => self.trouble_began(Trouble::LedgerUnavailable, format!("decisions can't be recorded: {e}")),
        }
    }

    pub(super) fn note(&mut self, kind: &'static str, payload: &impl Serialize) {
        let outcome = self.record.note(kind, payload);
        self.recorded(outcome);
    }

    /// Stores a new template and begins monitoring with it.
    pub(super) fn keep(&mut self, enrolled: &Enrolled) -> Result<(), HomeError> {
        let expected = Expected::of(&enrolled.self_llrs_nats, &self.in_force.policy);
        if let Err(e) = self.home.store(&mut self.record, self.engine.model(), enrolled, expected) {
            if e.is_keychain() {
                self.trouble_began(Trouble::KeychainUnavailable, e.to_string());
            }
            return Err(e);
        }
        self.trouble_ended(Trouble::KeychainUnavailable);
        self.trouble_ended(Trouble::TemplateUnusable);
        self.template_wanted = false;
        self.recognises_again();
        self.keep_pointer();
        self.look_up_enrolled();
        let effects = self.engine.enrolled(self.now(), enrolled.template.clone())?;
        self.act(effects);
        Ok(())
    }

    /// Reads the template on record, if there is one, and begins monitoring with it.
    pub(super) fn want_template(&mut self) {
        let loaded = self.home.load(&self.record, self.engine.model());
        self.template_wanted = matches!(&loaded, Err(e) if e.is_keychain());
        self.look_up_enrolled();
        match loaded {
            Ok(None) => self.trouble_ended(Trouble::KeychainUnavailable),
            Ok(Some(template)) => {
                self.trouble_ended(Trouble::KeychainUnavailable);
                let before = self.before.take();
                match self.engine.begin(self.now(), template, before) {
                    Ok(effects) => self.act(effects),
                    Err(e) => return self.trouble_began(Trouble::TemplateUnusable, e.to_string()),
                }
                self.want_pointer_template();
                if std::mem::take(&mut self.owes_lock) {
                    self.feed(Input::WatchLost);
                }
            }
            Err(e) if e.is_keychain() => self.trouble_began(Trouble::KeychainUnavailable, e.to_string()),
            Err(e) => self.trouble_began(Trouble::TemplateUnusable, e.to_string()),
        }
    }

    pub(super) fn lock_answered(&mut self, answer: Result<LockProof, LockFailed>) {
        match answer {
            // That the session is locked is for the desktop watch to say, as is that it no longer is.
            Ok(proof) => {
                tracing::info!("locked: {proof}");
                self.note("lock", &Locked::Proven(proof.to_string()));
                self.trouble_ended(Trouble::CannotLock);
            }
            Err(failed) => {
                self.note("lock", &Locked::Failed(failed.to_string()));
                self.feed(Input::LockFailed);
                self.trouble_began(Trouble::CannotLock, failed.to_string());
            }
        }
    }

    fn show_step_up(&self, reason: StepUpReason) {
        let desktop = self.desktop.clone();
        let seconds = self.in_force.policy.step_up.grace_seconds;
        let why = match reason {
            StepUpReason::Evidence => "It does not look like you.",
            StepUpReason::Scheduled => "It has been a while.",
            StepUpReason::AfterUnlock => "The session was locked.",
        };
        let notice = Notice {
            summary: "Confirm it's you".into(),
            body: format!("{why} Run \"stillyou verify\" within {seconds} seconds, or the session locks."),
            urgency: Urgency::Critical,
        };
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

/// One log line: what was decided, never why in figures.
fn in_words(decision: &Decision) -> String {
    match &decision.event {
        Event::BandChanged { from, to } => format!("band: {} -> {}", from.name(), to.name()),
        Event::StepUpAsked { reason, .. } => format!("step-up asked ({reason:?})"),
        Event::LockAsked { reason } => format!("lock asked ({reason:?})"),
        other => format!("{other:?}"),
    }
}
