//! Learning a person: from what they type, window by window, or from a recording at once.

use super::{Effect, Engine};
use stillyou_models::keystroke::{
    Enrolled, Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOW, ModelError, Template, TemplateError, WINDOW,
};
use stillyou_models::pointer;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::{Input, Policy, TrustTime};

/// How far enrolment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Keystrokes learnt from.
    pub keystrokes: u32,
    /// The least that policy accepts.
    pub needed: u32,
}

/// Why a recording makes no template.
#[derive(Debug, thiserror::Error)]
pub enum RecordingRefused {
    /// The model can't read it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// It is not good enough.
    #[error(transparent)]
    Problem(#[from] EnrolmentProblem),
}

/// What was learnt so far.
pub(super) struct Learning {
    enrolment: Enrolment,
    buffer: Vec<Keystroke>,
    /// Keystrokes at which to try to finish.
    try_at: u32,
}

/// Keystrokes after which an enrolment that was not good enough is tried again.
const RETRY_AFTER: u32 = 250;

impl Engine {
    /// Starts learning the person from what is typed, and how they point, from now on.
    pub fn start_enrolment(&mut self) -> Progress {
        let enrolment = Enrolment::new(&self.model);
        let try_at = self.policy.enrolment.min_keystrokes;
        self.learning = Some(Learning { enrolment, buffer: Vec::with_capacity(WINDOW), try_at });
        self.pointing.iter_mut().for_each(|p| p.learn(true));
        Progress { keystrokes: 0, needed: try_at }
    }

    /// Stops learning; what was learnt is forgotten.
    pub fn cancel_enrolment(&mut self) {
        self.learning = None;
        self.pointing.iter_mut().for_each(|p| p.learn(false));
    }

    /// How far enrolment is, when it goes on.
    pub fn progress(&self) -> Option<Progress> {
        self.learning.as_ref().map(|l| l.progress(&self.policy))
    }

    /// Learns a person from recorded sentences at once.
    ///
    /// # Errors
    /// Why no template came of it.
    pub fn enrol_recording(&self, sentences: &[Vec<Keystroke>]) -> Result<Enrolled, RecordingRefused> {
        let mut enrolment = Enrolment::new(&self.model);
        for window in sentences.iter().flat_map(|s| s.chunks(WINDOW)).filter(|w| w.len() >= MIN_WINDOW) {
            enrolment.push(&self.model, window)?;
        }
        Ok(enrolment.finish(&self.model, &rules(&self.policy))?)
    }

    /// The template has been stored: monitoring begins with it.
    ///
    /// # Errors
    /// When another model made the template.
    pub fn enrolled(&mut self, at: TrustTime, template: Template) -> Result<Vec<Effect>, TemplateError> {
        self.model.fits(&template)?;
        self.learning = None;
        self.template = Some(template);
        self.window.clear();
        Ok(self.input(at, Input::Enrolled))
    }

    /// Ends learning how the person points with what came of it; nothing where nothing was being learnt.
    pub fn finish_pointer(&mut self) -> Option<Result<pointer::Enrolled, pointer::EnrolmentProblem>> {
        let policy = &self.policy;
        self.pointing.as_mut()?.finish(policy)
    }

    pub(super) fn learn(&mut self, stroke: Keystroke) -> Vec<Effect> {
        let Some(learning) = &mut self.learning else { return Vec::new() };
        learning.buffer.push(stroke);
        if learning.buffer.len() < WINDOW {
            return Vec::new();
        }
        let learnt = learning.enrolment.push(&self.model, &learning.buffer);
        learning.buffer.clear();
        // A window the model can't read teaches nothing; the next one will.
        let Ok(keystrokes) = learnt else { return Vec::new() };
        let mut effects = vec![Effect::Learnt(learning.progress(&self.policy))];
        if keystrokes >= learning.try_at {
            learning.try_at = keystrokes + RETRY_AFTER;
            effects.push(match learning.enrolment.finish(&self.model, &rules(&self.policy)) {
                Ok(enrolled) => Effect::Enrolled(Box::new(enrolled)),
                Err(problem) => Effect::NotYet(problem),
            });
        }
        effects
    }
}

impl Learning {
    /// Wipes the keystrokes of the window that is not full.
    pub(super) fn forget(&mut self) {
        self.buffer.clear();
    }

    fn progress(&self, policy: &Policy) -> Progress {
        Progress { keystrokes: self.enrolment.keystrokes(), needed: policy.enrolment.min_keystrokes }
    }
}

fn rules(policy: &Policy) -> EnrolmentRules {
    let p = &policy.enrolment;
    EnrolmentRules { min_keystrokes: p.min_keystrokes, max_self_rejects: p.max_self_rejects }
}
