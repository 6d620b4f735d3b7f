use super::{Model, ModelError, Stroke, Template};
use crate::keystroke::{Embedding, ModelVersion, TemplateError};
use thiserror::Error;

/// Learns a person while they work. Keeps what the network makes of windows, never a place.
#[derive(Debug)]
pub struct Enrolment {
    model: ModelVersion,
    windows: Vec<Window>,
}

/// When an enrolment is good enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnrolmentRules {
    /// The least strokes a template is made from.
    pub min_strokes: u32,
    /// The largest share of the person's own windows that may speak against them in the self-check, 0 to 1.
    pub max_self_rejects: f64,
}

/// What an enrolment came to.
#[derive(Debug)]
pub struct Enrolled {
    /// The template.
    pub template: Template,
    /// The self-check: the share of the person's own windows whose evidence against a template made from the others is
    /// below 0, 0 to 1.
    pub self_rejects: f64,
    /// The evidence of those windows, in nats and in the order they were made.
    pub self_llrs_nats: Vec<f64>,
}

/// Why no template was made.
#[derive(Debug, Error, PartialEq)]
pub enum EnrolmentProblem {
    /// Too little was done.
    #[error(
        "{strokes} strokes in {windows} windows; at least {least} in {MIN_WINDOWS} windows are needed: go on pointing"
    )]
    TooFew {
        /// Strokes so far.
        strokes: u32,
        /// Windows so far.
        windows: usize,
        /// The least.
        least: u32,
    },
    /// The person would be refused too often.
    #[error("{:.0} % of your own windows would speak against you; at most {:.0} % may: go on pointing", .found * 100.0, .most * 100.0)]
    SelfRejects {
        /// The share found.
        found: f64,
        /// The share allowed.
        most: f64,
    },
    /// The enrolment was begun with another model.
    #[error("the enrolment was begun with the model {begun}; this one is {now}: begin again")]
    OtherModel {
        /// That model.
        begun: String,
        /// This one.
        now: String,
    },
    /// The template can't be made.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// The fewest windows a template is made from.
pub const MIN_WINDOWS: usize = 4;

impl Enrolment {
    /// An enrolment that has seen nothing yet.
    pub fn new(model: &Model) -> Self {
        Self { model: model.version().clone(), windows: Vec::new() }
    }

    /// Learns from one window of [`MIN_WINDOW`](super::MIN_WINDOW) to [`WINDOW`](super::WINDOW) strokes that shares none
    /// with another; the strokes learnt from so far.
    ///
    /// # Errors
    /// When the window is too short or too long, or the network fails; then nothing is learnt.
    pub fn push(&mut self, model: &Model, window: &[Stroke]) -> Result<u32, ModelError> {
        let embedding = model.embed(&[window])?.pop().ok_or(ModelError::Length { strokes: 0 })?;
        self.windows.push(Window { embedding, strokes: window.len() });
        Ok(self.strokes())
    }

    /// The strokes learnt from so far.
    pub fn strokes(&self) -> u32 {
        self.windows.iter().map(|w| w.strokes as u32).sum()
    }

    /// A template, if there are enough strokes and it is likely to recognise the person again.
    ///
    /// # Errors
    /// Which of these does not hold, with figures; the enrolment can go on.
    pub fn finish(&self, model: &Model, rules: &EnrolmentRules) -> Result<Enrolled, EnrolmentProblem> {
        if self.model != *model.version() {
            let (begun, now) = (self.model.to_string(), model.version().to_string());
            return Err(EnrolmentProblem::OtherModel { begun, now });
        }
        let (strokes, windows) = (self.strokes(), self.windows.len());
        if strokes < rules.min_strokes || windows < MIN_WINDOWS {
            return Err(EnrolmentProblem::TooFew { strokes, windows, least: rules.min_strokes });
        }
        let llrs = (0..windows).map(|at| self.against_the_others(model, at)).collect::<Result<Vec<_>, _>>()?;
        let found = llrs.iter().filter(|l| **l < 0.0).count() as f64 / llrs.len() as f64;
        if found > rules.max_self_rejects {
            return Err(EnrolmentProblem::SelfRejects { found, most: rules.max_self_rejects });
        }
        Ok(Enrolled { template: self.template(None)?, self_rejects: found, self_llrs_nats: llrs })
    }

    /// Evidence of a window against a template of the others.
    fn against_the_others(&self, model: &Model, at: usize) -> Result<f64, TemplateError> {
        let window = &self.windows[at];
        Ok(model.llr_nats(model.score(&self.template(Some(at))?, &window.embedding)?, window.strokes))
    }

    fn template(&self, without: Option<usize>) -> Result<Template, TemplateError> {
        let kept = || self.windows.iter().enumerate().filter(|(i, _)| Some(*i) != without).map(|(_, w)| w);
        let embeddings: Vec<Embedding> = kept().map(|w| w.embedding.clone()).collect();
        Template::from_embeddings(&self.model, &embeddings, kept().map(|w| w.strokes as u32).sum())
    }
}

#[derive(Debug)]
struct Window {
    embedding: Embedding,
    strokes: usize,
}
