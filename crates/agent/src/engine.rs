use crate::window::{STRIDE, Window};
use std::sync::Arc;
use stillyou_models::keystroke::pad::Pad;
use stillyou_models::keystroke::{
    Enrolled, Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOW, Model, ModelError, Template, TemplateError,
    WINDOW,
};
use stillyou_sense::Micros;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::{Activity, Before, Circumstance, Decision, Event, Input, Monitor, Policy, TrustTime};

/// From keystrokes to decisions: windows, model, enrolment and monitor of one person, without any operating system.
///
/// The agent drives it in real time, `replay` faster; both get the same answers.
pub struct Engine {
    policy: Policy,
    model: Arc<Model>,
    monitor: Monitor,
    window: Window,
    pad: Pad,
    template: Option<Template>,
    learning: Option<Learning>,
    /// Keys pressed before this are forgotten, even those that have not arrived yet.
    keys_from: Micros,
}

/// What the engine wants done or recorded.
#[derive(Debug)]
pub enum Effect {
    /// The monitor decided.
    Decided(Decision),
    /// Evidence was taken; the score may have moved.
    Scored,
    /// The model gave no evidence for a window, and why.
    NotScored(ModelError),
    /// Enrolment learnt another window.
    Learnt(Progress),
    /// Enrolment has enough; the template must be stored before [`Engine::enrolled`].
    Enrolled(Box<Enrolled>),
    /// Enrolment has enough keystrokes but is not good enough yet; it goes on.
    NotYet(EnrolmentProblem),
}

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

struct Learning {
    enrolment: Enrolment,
    buffer: Vec<Keystroke>,
    /// Keystrokes at which to try to finish.
    try_at: u32,
}

impl Engine {
    /// An engine without a template: it learns when told to, and neither asks nor locks.
    pub fn learning(policy: Policy, model: Arc<Model>, at: TrustTime) -> Self {
        let monitor = Monitor::learning(policy.clone(), at);
        let (window, pad) = (Window::new(), Pad::new());
        Self { policy, model, monitor, window, pad, template: None, learning: None, keys_from: Micros(0) }
    }

    /// Begins monitoring with a stored template.
    ///
    /// # Errors
    /// When another model made the template.
    pub fn begin(
        &mut self,
        at: TrustTime,
        template: Template,
        before: Option<Before>,
    ) -> Result<Vec<Effect>, TemplateError> {
        self.model.fits(&template)?;
        let now = self.monitor.snapshot();
        let (monitor, decisions) = Monitor::begin(self.policy.clone(), at, before);
        self.monitor = monitor;
        self.template = Some(template);
        self.window.clear();
        let mut effects: Vec<Effect> = decisions.into_iter().map(Effect::Decided).collect();
        for t in now.trouble {
            effects.extend(self.input(at, Input::TroubleBegan(t)));
        }
        for c in now.circumstances {
            effects.extend(self.input(at, Input::CircumstanceBegan(c)));
        }
        Ok(effects)
    }

    /// Takes one keystroke, in press order, seen at `at`. One that a program made is nobody's, but makes a change of person
    /// likelier, unless policy counts it as the person's.
    pub fn keystroke(&mut self, at: TrustTime, stroke: Keystroke) -> Vec<Effect> {
        if stroke.pressed_at < self.keys_from {
            return Vec::new();
        }
        if stroke.injected && !self.policy.keyboard.score_injected {
            return self.input(at, Input::CircumstanceBegan(Circumstance::InjectedInput));
        }
        let mut effects = self.input(at, Input::Tick(Activity::Input));
        self.pad.push(&stroke);
        if self.learning.is_some() {
            effects.extend(self.learn(stroke.clone()));
        }
        if let Some(template) = &self.template
            && let Some(window) = self.window.push(stroke)
        {
            let overlap = STRIDE as f64 / WINDOW as f64;
            let evidence = match (self.pad.judge(window), self.model.evidence(template, window)) {
                (Some(finding), _) => finding.evidence().map_err(ModelError::from),
                (None, Ok(evidence)) if self.monitor.keeps(&evidence, overlap) => {
                    self.model.attributed_evidence(template, window)
                }
                (None, plain) => plain,
            };
            match evidence {
                Ok(evidence) => {
                    effects.extend(self.input(at, Input::Evidence { evidence, overlap }));
                    effects.push(Effect::Scored);
                }
                Err(e) => effects.push(Effect::NotScored(e)),
            }
        }
        effects
    }

    /// Takes anything else that happens.
    pub fn input(&mut self, at: TrustTime, input: Input) -> Vec<Effect> {
        let decisions = self.monitor.handle(at, input);
        if decisions.iter().any(|d| empties_windows(&d.event)) {
            self.forget_keys();
        }
        decisions.into_iter().map(Effect::Decided).collect()
    }

    /// Wipes every keystroke held: on lock, suspend and verification.
    pub fn forget_keys(&mut self) {
        self.window.clear();
        self.pad.settle();
        if let Some(learning) = &mut self.learning {
            learning.buffer.clear();
        }
    }

    /// The machine slept, or is about to: no window spans that. Wipes every keystroke held, and takes none that was pressed
    /// before `awake_at`.
    pub fn slept(&mut self, awake_at: Micros) {
        self.forget_keys();
        self.keys_from = self.keys_from.max(awake_at);
    }

    /// Starts learning the person from what is typed from now on.
    pub fn start_enrolment(&mut self) -> Progress {
        let enrolment = Enrolment::new(&self.model);
        let try_at = self.policy.enrolment.min_keystrokes;
        self.learning = Some(Learning { enrolment, buffer: Vec::with_capacity(WINDOW), try_at });
        Progress { keystrokes: 0, needed: try_at }
    }

    /// Stops learning; what was learnt is forgotten.
    pub fn cancel_enrolment(&mut self) {
        self.learning = None;
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

    /// The template is gone: learning again.
    pub fn erased(&mut self, at: TrustTime) -> Vec<Effect> {
        self.template = None;
        self.learning = None;
        self.window.clear();
        self.pad = Pad::new();
        self.input(at, Input::Erased)
    }

    /// The monitor, to look at.
    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The model in use.
    pub fn model(&self) -> &Model {
        &self.model
    }

    fn learn(&mut self, stroke: Keystroke) -> Vec<Effect> {
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

/// Keystrokes after which an enrolment that was not good enough is tried again.
const RETRY_AFTER: u32 = 250;

impl Learning {
    fn progress(&self, policy: &Policy) -> Progress {
        Progress { keystrokes: self.enrolment.keystrokes(), needed: policy.enrolment.min_keystrokes }
    }
}

fn rules(policy: &Policy) -> EnrolmentRules {
    let p = &policy.enrolment;
    EnrolmentRules { min_keystrokes: p.min_keystrokes, max_self_rejects: p.max_self_rejects }
}

fn empties_windows(event: &Event) -> bool {
    matches!(
        event,
        Event::Begun | Event::Verified { .. } | Event::Locked { .. } | Event::Unlocked | Event::Paused { .. }
    )
}
