use super::Agent;
use crate::capture::{Changed, open_pointer};
use crate::engine::Engine;
use crate::ipc::SensorState;
use crate::model::load_pointer_model;
use std::sync::Arc;
use stillyou_models::keystroke::Model;
use stillyou_sense::Micros;
use stillyou_sense::pointer::Observation;
use stillyou_trust::{Modality, Policy, Trouble, TrustTime};

/// An engine that listens to the pointer where policy wants it to. Without the pointer's model it does without: typing is
/// judged all the same.
pub(super) fn engine(policy: Policy, model: Arc<Model>, at: TrustTime) -> Engine {
    let pointer = load_pointer_model(&policy);
    let engine = Engine::learning(policy, model, at);
    match pointer {
        Ok(Some(model)) => engine.with_pointer(Arc::new(model)),
        Ok(None) => engine,
        Err(e) => {
            tracing::error!("the pointer is not judged: {e}");
            engine
        }
    }
}

/// The pointer beside the keyboard. Nobody has to have one, or to have it learnt: then it says nothing.
impl Agent {
    pub(super) fn pointed(&mut self, observation: &Observation) {
        self.look_for_sleep();
        if let Observation::Event(event) = observation {
            self.last_input = Some(self.clock.boot_time());
            let effects = self.engine.pointer(self.now(), event);
            return self.act(effects);
        }
        // What was down on it, or under way, is not known any more.
        if !matches!(observation, Observation::DeviceAdded { .. }) {
            self.engine.pointer_breaks_off();
        }
        match self.pointer.changed(observation) {
            Some(Changed::Lost(why)) => self.pointer_lost(why),
            Some(Changed::Visible) => self.trouble_ended(Trouble::PointerNotVisible),
            Some(Changed::Attached) | None => {}
        }
    }

    pub(super) fn pointer_ended(&mut self) {
        self.pointer.close();
        self.engine.pointer_breaks_off();
        self.pointer_lost("pointer capture ended; it is tried again".into());
    }

    pub(super) fn pointer_rests(&mut self) {
        // What waits is older than now, and would be taken for a pause before it.
        if !self.pointer.observations().is_empty() {
            return;
        }
        let effects = self.engine.pointer_rests(self.now(), Micros::now());
        self.act(effects);
    }

    /// Follows the pointer while it is learnt or judged, and not else.
    pub(super) fn open_pointer(&mut self) {
        if !self.engine.wants_pointer() {
            return self.pointer.close();
        }
        if self.listens_to(Modality::Pointer)
            && let Err(why) = open_pointer(&mut self.pointer)
        {
            self.pointer_lost(why);
        }
    }

    /// Ends learning how the person points; a template that came of it is stored and judged by.
    pub(super) fn keep_pointer(&mut self) {
        let Some(finished) = self.engine.finish_pointer() else { return };
        let kept = finished.map_err(|problem| problem.to_string()).and_then(|enrolled| {
            let Some(model) = self.engine.pointer_model() else { return Ok(()) };
            self.home.store_pointer(&mut self.record, model, &enrolled).map_err(|e| e.to_string())?;
            self.engine.judge_pointer_by(Some(enrolled.template)).map_err(|e| e.to_string())
        });
        if let Err(problem) = &kept {
            tracing::info!("the pointer was not learnt: {problem}");
        }
        self.pointer_problem = kept.err();
    }

    /// Reads the pointer's template on record, if there is one.
    pub(super) fn want_pointer_template(&mut self) {
        if self.engine.pointer_model().is_none() {
            return;
        }
        let loaded = self.home.load_pointer(&self.record);
        if std::mem::replace(&mut self.pointer_template_wanted, false) && !self.template_wanted && loaded.is_ok() {
            self.trouble_ended(Trouble::KeychainUnavailable);
        }
        self.pointer_template_wanted = matches!(&loaded, Err(e) if e.is_keychain());
        let judged = match loaded {
            Ok(template) => self.engine.judge_pointer_by(template).map_err(|e| e.to_string()),
            Err(e) if e.is_keychain() => return self.trouble_began(Trouble::KeychainUnavailable, e.to_string()),
            Err(e) => Err(e.to_string()),
        };
        if let Err(why) = judged {
            self.trouble_began(Trouble::TemplateUnusable, format!("the pointer says nothing: {why}"));
        }
    }

    pub(super) fn pointer_state(&self) -> SensorState {
        if self.engine.pointer_model().is_none() || !self.listens_to(Modality::Pointer) {
            SensorState::Off
        } else if !self.engine.wants_pointer() {
            SensorState::NotLearnt
        } else if self.pointer.source().is_none() || !self.pointer.is_attached() {
            SensorState::NotSeen
        } else {
            SensorState::On
        }
    }

    /// Trouble only where something was protected by it.
    fn pointer_lost(&mut self, why: String) {
        if self.engine.judges_pointer() {
            self.trouble_began(Trouble::PointerNotVisible, why);
        } else {
            tracing::info!("the pointer is not seen: {why}");
        }
    }
}
