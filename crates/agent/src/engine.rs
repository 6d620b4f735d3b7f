mod enrolment;

pub use enrolment::{Progress, RecordingRefused};

use crate::fit::Fits;
use crate::pointing::Pointing;
use crate::window::Window;
use enrolment::Learning;
use std::collections::BTreeMap;
use std::sync::Arc;
use stillyou_models::keystroke::pad::Pad;
use stillyou_models::keystroke::{
    Enrolled, EnrolmentProblem, MIN_WINDOW, Model, ModelError, Template, TemplateError, WINDOW,
};
use stillyou_models::pointer;
use stillyou_sense::Micros;
use stillyou_sense::keyboard::Keystroke;
use stillyou_sense::pointer::PointerEvent;
use stillyou_trust::{
    Activity, Before, Circumstance, Decision, Event, Evidence, Input, Modality, Monitor, Policy, Quality, TrustTime,
};

/// From keystrokes and the pointer to decisions: windows, models, enrolment and monitor of one person, without any
/// operating system.
///
/// The agent drives it in real time, `replay` faster; both get the same answers.
pub struct Engine {
    policy: Policy,
    model: Arc<Model>,
    monitor: Monitor,
    window: Window<Keystroke>,
    pad: Pad,
    template: Option<Template>,
    learning: Option<Learning>,
    pointing: Option<Pointing>,
    /// What happened before this is forgotten, even what has not arrived yet.
    seen_from: Micros,
    /// How good each modality's last evidence was.
    quality: BTreeMap<Modality, Quality>,
    fits: Fits,
}

/// What the engine wants done or recorded.
#[derive(Debug)]
pub enum Effect {
    /// The monitor decided.
    Decided(Decision),
    /// Evidence of a modality was taken; the score may have moved.
    Scored(Modality),
    /// The model gave no evidence for a window of keystrokes, and why.
    NotScored(ModelError),
    /// The model gave no evidence for a window of strokes of the pointer, and why.
    PointerNotScored(pointer::ModelError),
    /// Enrolment learnt another window.
    Learnt(Progress),
    /// Enrolment has enough; the template must be stored before [`Engine::enrolled`].
    Enrolled(Box<Enrolled>),
    /// Enrolment has enough keystrokes but is not good enough yet; it goes on.
    NotYet(EnrolmentProblem),
}

impl Engine {
    /// An engine without a template: it learns when told to, and neither asks nor locks.
    pub fn learning(policy: Policy, model: Arc<Model>, at: TrustTime) -> Self {
        let monitor = Monitor::learning(policy.clone(), at);
        let window = Window::new(WINDOW, MIN_WINDOW, STRIDE);
        let (template, learning, pointing, seen_from) = (None, None, None, Micros(0));
        let (pad, quality, fits) = (Pad::new(), BTreeMap::new(), Fits::default());
        Self { policy, model, monitor, window, pad, template, learning, pointing, seen_from, quality, fits }
    }

    /// The same engine that listens to the pointer too. It says nothing until there is a template of it.
    pub fn with_pointer(self, model: Arc<pointer::Model>) -> Self {
        Self { pointing: Some(Pointing::new(model)), ..self }
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
        self.template = Some(template);
        Ok(self.begin_watching(at, before))
    }

    /// Begins monitoring without any template: time alone lowers the score.
    pub fn begin_without_sensors(&mut self, at: TrustTime, before: Option<Before>) -> Vec<Effect> {
        self.template = None;
        self.begin_watching(at, before)
    }

    fn begin_watching(&mut self, at: TrustTime, before: Option<Before>) -> Vec<Effect> {
        let now = self.monitor.snapshot();
        let (monitor, decisions) = Monitor::begin(self.policy.clone(), at, before);
        self.monitor = monitor;
        self.forget();
        let mut effects: Vec<Effect> = decisions.into_iter().map(Effect::Decided).collect();
        for t in now.trouble {
            effects.extend(self.input(at, Input::TroubleBegan(t)));
        }
        for c in now.circumstances {
            effects.extend(self.input(at, Input::CircumstanceBegan(c)));
        }
        effects
    }

    /// Takes one keystroke, in press order, seen at `at`. One that a program made is nobody's, but makes a change of person
    /// likelier, unless policy counts it as the person's.
    pub fn keystroke(&mut self, at: TrustTime, stroke: Keystroke) -> Vec<Effect> {
        if stroke.pressed_at < self.seen_from {
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
        let overlap = self.window.overlap();
        if let Some(template) = &self.template
            && let Some(window) = self.window.push(stroke)
        {
            let plain = self.model.evidence(template, window);
            let found = self.pad.judge(window).filter(|f| plain.as_ref().map_or(true, |plain| f.outweighs(plain)));
            let evidence = match (found, plain) {
                (Some(finding), _) => finding.evidence().map_err(ModelError::from),
                (None, Ok(evidence)) if self.monitor.keeps(&evidence, overlap) => {
                    self.model.attribute(template, window, evidence)
                }
                (None, plain) => plain,
            };
            match evidence {
                Ok(evidence) => {
                    effects.extend(self.input(at, Input::Evidence { evidence, overlap }));
                    effects.push(Effect::Scored(Modality::Keystroke));
                }
                Err(e) => effects.push(Effect::NotScored(e)),
            }
        }
        effects
    }

    /// Takes one event of the pointer, seen at `at`. One that a program made is nobody's, but makes a change of person
    /// likelier, unless policy counts it as the person's.
    pub fn pointer(&mut self, at: TrustTime, event: &PointerEvent) -> Vec<Effect> {
        if event.at < self.seen_from || self.pointing.is_none() {
            return Vec::new();
        }
        if event.injected && !self.policy.pointer.score_injected {
            return self.input(at, Input::CircumstanceBegan(Circumstance::InjectedInput));
        }
        let strokes = self.pointing.as_mut().map(|p| p.event(event)).unwrap_or_default();
        self.pointed(at, strokes)
    }

    /// Lets the pointer rest until `now` on the clock of its events: that ends strokes.
    pub fn pointer_rests(&mut self, at: TrustTime, now: Micros) -> Vec<Effect> {
        let strokes = self.pointing.as_mut().map(|p| p.pause(now)).unwrap_or_default();
        self.pointed(at, strokes)
    }

    /// What the pointer was doing is not known to its end.
    pub fn pointer_breaks_off(&mut self) {
        self.pointing.iter_mut().for_each(Pointing::break_off);
    }

    /// Takes what a look through the camera says of the face, of which `overlap` is news.
    pub fn face(&mut self, at: TrustTime, evidence: Evidence, overlap: f64) -> Vec<Effect> {
        let mut effects = self.input(at, Input::Evidence { evidence, overlap });
        effects.push(Effect::Scored(Modality::Face));
        effects
    }

    /// Takes anything else that happens.
    pub fn input(&mut self, at: TrustTime, input: Input) -> Vec<Effect> {
        if let Input::Evidence { evidence, .. } = &input {
            self.quality.insert(evidence.modality, evidence.quality);
            self.fits.push(evidence, self.monitor.snapshot().state);
        }
        let decisions = self.monitor.handle(at, input);
        if decisions.iter().any(|d| empties_windows(&d.event)) {
            self.forget();
        }
        decisions.into_iter().map(Effect::Decided).collect()
    }

    /// Wipes every keystroke and stroke held: on lock, suspend and verification. The rounded times that replays are found by
    /// stay in memory: what was typed before a lock can be replayed after it.
    pub fn forget(&mut self) {
        self.window.clear();
        self.pad.settle();
        self.pointing.iter_mut().for_each(Pointing::forget);
        self.learning.iter_mut().for_each(Learning::forget);
    }

    /// The machine slept, or is about to: no window spans that. Wipes everything held, and takes nothing that happened
    /// before `awake_at`.
    pub fn slept(&mut self, awake_at: Micros) {
        self.forget();
        self.seen_from = self.seen_from.max(awake_at);
    }

    /// Judges the pointer by this template from now on, or not at all.
    ///
    /// # Errors
    /// When another model made it; then not at all.
    pub fn judge_pointer_by(&mut self, template: Option<pointer::Template>) -> Result<(), TemplateError> {
        self.pointing.as_mut().map_or(Ok(()), |p| p.judge_by(template))
    }

    /// The templates are gone: learning again.
    pub fn erased(&mut self, at: TrustTime) -> Vec<Effect> {
        self.template = None;
        self.window.clear();
        self.pad = Pad::new();
        self.cancel_enrolment();
        if let Some(pointing) = &mut self.pointing {
            *pointing = pointing.unlearnt();
        }
        self.input(at, Input::Erased)
    }

    /// How good the last evidence of a modality was.
    pub fn last_quality(&self, modality: Modality) -> Option<Quality> {
        self.quality.get(&modality).copied()
    }

    /// How well a modality's evidence has fitted its template, in nats, since this was last asked; nothing before
    /// enough came.
    pub fn take_fit(&mut self, modality: Modality) -> Option<f64> {
        self.fits.take(modality)
    }

    /// Another template counts from now on.
    pub fn forget_fits(&mut self) {
        self.fits.forget();
    }

    /// The monitor, to look at.
    pub fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The model in use.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The pointer's model in use, if it is listened to.
    pub fn pointer_model(&self) -> Option<&pointer::Model> {
        self.pointing.as_ref().map(Pointing::model)
    }

    /// Whether the pointer is judged: it is listened to, and there is a template of it.
    pub fn judges_pointer(&self) -> bool {
        self.pointing.as_ref().is_some_and(Pointing::knows)
    }

    /// Whether the pointer has to be followed: it is being learnt, or judged.
    pub fn wants_pointer(&self) -> bool {
        self.pointing.as_ref().is_some_and(|p| p.knows() || p.learns())
    }

    fn pointed(&mut self, at: TrustTime, strokes: Vec<pointer::Stroke>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for stroke in strokes {
            effects.extend(self.input(at, Input::Tick(Activity::Input)));
            let Some(pointing) = &mut self.pointing else { continue };
            let monitor = &self.monitor;
            match pointing.stroke(stroke, |evidence, overlap| monitor.keeps(evidence, overlap)) {
                Some((Ok(evidence), overlap)) => {
                    effects.extend(self.input(at, Input::Evidence { evidence, overlap }));
                    effects.push(Effect::Scored(Modality::Pointer));
                }
                Some((Err(e), _)) => effects.push(Effect::PointerNotScored(e)),
                None => {}
            }
        }
        effects
    }
}

/// Evidence comes every so many keystrokes.
pub const STRIDE: usize = 10;

fn empties_windows(event: &Event) -> bool {
    matches!(
        event,
        Event::Begun | Event::Verified { .. } | Event::Locked { .. } | Event::Unlocked | Event::Paused { .. }
    )
}
