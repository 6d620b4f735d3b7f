use crate::window::Window;
use std::sync::Arc;
use stillyou_models::keystroke::TemplateError;
use stillyou_models::pointer::{
    Enrolled, Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOW, Model, ModelError, Stroke, Strokes, Template,
    WINDOW,
};
use stillyou_sense::Micros;
use stillyou_sense::pointer::PointerEvent;
use stillyou_trust::{Evidence, Policy};

/// Evidence comes every so many strokes, with a weight of [`STRIDE`] / [`WINDOW`].
const STRIDE: usize = 8;

/// Strokes after which nothing more is learnt: whoever types little may point for weeks before the enrolment ends.
const MOST_LEARNT: u32 = 8_000;

/// The pointer's half of the engine: events in, evidence out, of one person. Without a template it says nothing.
pub struct Pointing {
    model: Arc<Model>,
    strokes: Strokes,
    window: Window<Stroke>,
    template: Option<Template>,
    learning: Option<Learning>,
}

struct Learning {
    enrolment: Enrolment,
    buffer: Vec<Stroke>,
}

impl Pointing {
    /// Nothing is known of anybody yet.
    pub fn new(model: Arc<Model>) -> Self {
        let window = Window::new(WINDOW, MIN_WINDOW, STRIDE);
        Self { model, strokes: Strokes::new(), window, template: None, learning: None }
    }

    /// The same with nothing known of anybody.
    pub fn unlearnt(&self) -> Self {
        Self::new(self.model.clone())
    }

    /// The model in use.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Whether there is a template to judge by.
    pub fn knows(&self) -> bool {
        self.template.is_some()
    }

    /// Whether it is being learnt.
    pub fn learns(&self) -> bool {
        self.learning.is_some()
    }

    /// Takes an event; the strokes that it ended.
    pub fn event(&mut self, event: &PointerEvent) -> Vec<Stroke> {
        self.strokes.push(event)
    }

    /// The strokes that the pause up to `now` ended.
    pub fn pause(&mut self, now: Micros) -> Vec<Stroke> {
        self.strokes.pause(now)
    }

    /// Drops the stroke that is under way.
    pub fn break_off(&mut self) {
        self.strokes.clear();
    }

    /// Takes a stroke. Evidence when it is due, with its attribution where `keeps` says that it is wanted; and its weight.
    pub fn stroke(
        &mut self,
        stroke: Stroke,
        keeps: impl Fn(&Evidence, f64) -> bool,
    ) -> Option<(Result<Evidence, ModelError>, f64)> {
        if let Some(learning) = self.learning.as_mut().filter(|l| l.enrolment.strokes() < MOST_LEARNT) {
            learning.buffer.push(stroke.clone());
            if learning.buffer.len() == WINDOW {
                // A window the model can't read teaches nothing; the next one will.
                let _ = learning.enrolment.push(&self.model, &learning.buffer);
                learning.buffer.clear();
            }
        }
        let template = self.template.as_ref()?;
        let overlap = self.window.overlap();
        let window = self.window.push(stroke)?;
        let evidence = match self.model.evidence(template, window) {
            Ok(evidence) if keeps(&evidence, overlap) => self.model.attributed_evidence(template, window),
            plain => plain,
        };
        Some((evidence, overlap))
    }

    /// Wipes every stroke held: on lock, suspend and verification.
    pub fn forget(&mut self) {
        self.strokes.clear();
        self.window.clear();
        if let Some(learning) = &mut self.learning {
            learning.buffer.clear();
        }
    }

    /// Begins to learn the person, or stops; what was learnt so far is forgotten.
    pub fn learn(&mut self, learn: bool) {
        let enrolment = || Enrolment::new(&self.model);
        self.learning = learn.then(|| Learning { enrolment: enrolment(), buffer: Vec::with_capacity(WINDOW) });
    }

    /// Ends learning with what came of it; nothing where nothing was being learnt.
    pub fn finish(&mut self, policy: &Policy) -> Option<Result<Enrolled, EnrolmentProblem>> {
        let Learning { enrolment, .. } = self.learning.take()?;
        let p = &policy.pointer;
        let rules = EnrolmentRules { min_strokes: p.min_strokes, max_self_rejects: p.max_self_rejects };
        Some(enrolment.finish(&self.model, &rules))
    }

    /// Judges by this template from now on, or by none.
    ///
    /// # Errors
    /// When another model made it; then by none.
    pub fn judge_by(&mut self, template: Option<Template>) -> Result<(), TemplateError> {
        self.window.clear();
        self.template = None;
        if let Some(template) = &template {
            self.model.fits(template)?;
        }
        self.template = template;
        Ok(())
    }
}
