use super::embedding::Embedding;
use super::pack::ModelVersion;
use super::template::{Template, TemplateError};
use super::window::Stroke;
use super::{Model, ModelError};
use stillyou_sense::keyboard::Keystroke;
use thiserror::Error;
use zeroize::Zeroize;

/// Learns a person while they work. Keeps embeddings and sums over times, never a keystroke.
#[derive(Debug)]
pub struct Enrolment {
    model: ModelVersion,
    windows: Vec<Window>,
    holds: Spread,
    gaps: Spread,
}

/// When an enrolment is good enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnrolmentRules {
    /// The least keystrokes a template is made from.
    pub min_keystrokes: u32,
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
    /// The evidence of those windows, in nats and in the order they were typed.
    pub self_llrs_nats: Vec<f64>,
}

/// Why no template was made.
#[derive(Debug, Error, PartialEq)]
pub enum EnrolmentProblem {
    /// Too little was typed.
    #[error(
        "{keystrokes} keystrokes in {windows} windows; at least {least} in {MIN_WINDOWS} windows are needed: go on typing"
    )]
    TooFew {
        /// Keystrokes so far.
        keystrokes: u32,
        /// Windows so far.
        windows: usize,
        /// The least.
        least: u32,
    },
    /// No hand types like this.
    #[error(
        "{what} vary by {found:.2} (standard deviation of their logarithms); a person's vary by at least {least}: \
         enrol with a keyboard, not with a program"
    )]
    TooUniform {
        /// Holds or gaps.
        what: &'static str,
        /// How much they vary.
        found: f64,
        /// The least a person's vary.
        least: f64,
    },
    /// The windows fall into two groups that are not alike.
    #[error(
        "two people seem to have typed ({first} and {second} windows that are not alike, {llr_nats:.1} nats): enrol again \
         alone and on one keyboard"
    )]
    TwoPeople {
        /// Windows in one group.
        first: usize,
        /// Windows in the other.
        second: usize,
        /// Mean evidence of one group against a template of the other.
        llr_nats: f64,
    },
    /// The person would be refused too often.
    #[error("{:.0} % of your own windows would speak against you; at most {:.0} % may: go on typing", .found * 100.0, .most * 100.0)]
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
pub const MIN_WINDOWS: usize = 5;

impl Enrolment {
    /// An enrolment that has seen nothing yet.
    pub fn new(model: &Model) -> Self {
        Self { model: model.version().clone(), windows: Vec::new(), holds: Spread::default(), gaps: Spread::default() }
    }

    /// Learns from one window of 20 to 50 keystrokes that shares none with another; the keystrokes learnt from so far.
    ///
    /// # Errors
    /// When the window is too short, too long or out of order, or the network fails; then nothing is learnt.
    pub fn push(&mut self, model: &Model, window: &[Keystroke]) -> Result<u32, ModelError> {
        let embedding = model.embed(&[window])?.pop().ok_or(ModelError::Length { keystrokes: 0 })?;
        let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        for stroke in &strokes {
            self.holds.add(stroke.released_us - stroke.pressed_us);
        }
        for pair in strokes.windows(2) {
            self.gaps.add(pair[1].pressed_us - pair[0].pressed_us);
        }
        self.windows.push(Window { embedding, keystrokes: strokes.len() });
        strokes.zeroize();
        Ok(self.keystrokes())
    }

    /// The keystrokes learnt from so far.
    pub fn keystrokes(&self) -> u32 {
        self.windows.iter().map(|w| w.keystrokes as u32).sum()
    }

    /// A template, if what was typed is enough, typed by a person, by one person, and likely to be recognised again.
    ///
    /// # Errors
    /// Which of these does not hold, with figures; the enrolment can go on.
    pub fn finish(&self, model: &Model, rules: &EnrolmentRules) -> Result<Enrolled, EnrolmentProblem> {
        if self.model != *model.version() {
            let (begun, now) = (self.model.to_string(), model.version().to_string());
            return Err(EnrolmentProblem::OtherModel { begun, now });
        }
        let keystrokes = self.keystrokes();
        if keystrokes < rules.min_keystrokes || self.windows.len() < MIN_WINDOWS {
            let (windows, least) = (self.windows.len(), rules.min_keystrokes);
            return Err(EnrolmentProblem::TooFew { keystrokes, windows, least });
        }
        for (what, spread, least) in
            [("hold times", &self.holds, LEAST_HOLD_SPREAD), ("gaps", &self.gaps, LEAST_GAP_SPREAD)]
        {
            let found = spread.deviation();
            if found < least {
                return Err(EnrolmentProblem::TooUniform { what, found, least });
            }
        }
        let all: Vec<&Window> = self.windows.iter().collect();
        if let Some((first, second, llr_nats)) = self.two_people(model, &all)? {
            return Err(EnrolmentProblem::TwoPeople { first, second, llr_nats });
        }
        let llrs = self.leave_one_out(model, &all)?;
        let found = llrs.iter().filter(|l| **l < 0.0).count() as f64 / llrs.len() as f64;
        if found > rules.max_self_rejects {
            return Err(EnrolmentProblem::SelfRejects { found, most: rules.max_self_rejects });
        }
        let template = self.template(&all)?;
        Ok(Enrolled { template, self_rejects: found, self_llrs_nats: llrs })
    }

    fn template(&self, windows: &[&Window]) -> Result<Template, TemplateError> {
        let embeddings: Vec<Embedding> = windows.iter().map(|w| w.embedding.clone()).collect();
        Template::from_embeddings(&self.model, &embeddings, windows.iter().map(|w| w.keystrokes as u32).sum())
    }

    /// Evidence of each window against a template of the others.
    fn leave_one_out(&self, model: &Model, windows: &[&Window]) -> Result<Vec<f64>, TemplateError> {
        let llr = |at: usize| {
            let others: Vec<&Window> = windows.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, w)| *w).collect();
            windows[at].llr(model, &self.template(&others)?)
        };
        (0..windows.len()).map(llr).collect()
    }

    /// The sizes of two groups of windows that speak against each other, with their mean evidence, if there are such.
    ///
    /// Spherical 2-means from the least alike pair; the groups are two people's when each group's windows speak, on the
    /// mean, against a template of the other group.
    fn two_people(&self, model: &Model, windows: &[&Window]) -> Result<Option<(usize, usize, f64)>, TemplateError> {
        let (first, second) = self.groups(model, windows)?;
        if first.len().min(second.len()) < SMALLEST_GROUP {
            return Ok(None);
        }
        let (one, other) = (self.template(&first)?, self.template(&second)?);
        let across = |group: &[&Window], template: &Template| -> Result<f64, TemplateError> {
            Ok(average(&group.iter().map(|w| w.llr(model, template)).collect::<Result<Vec<_>, _>>()?))
        };
        let worse = across(&first, &other)?.max(across(&second, &one)?);
        Ok((worse < TWO_PEOPLE_NATS).then_some((first.len(), second.len(), worse)))
    }

    fn groups<'a>(
        &self,
        model: &Model,
        windows: &[&'a Window],
    ) -> Result<(Vec<&'a Window>, Vec<&'a Window>), TemplateError> {
        let mut seeds = (0, 0, f64::INFINITY);
        for (i, a) in windows.iter().enumerate() {
            let template = self.template(&[*a])?;
            for (j, b) in windows.iter().enumerate().skip(i + 1) {
                let score = model.score(&template, &b.embedding)?;
                if score < seeds.2 {
                    seeds = (i, j, score);
                }
            }
        }
        let (mut first, mut second) = (vec![windows[seeds.0]], vec![windows[seeds.1]]);
        for _ in 0..ROUNDS {
            let (one, other) = (self.template(&first)?, self.template(&second)?);
            let (mut near, mut far) = (Vec::new(), Vec::new());
            for window in windows {
                let nearer = model.score(&one, &window.embedding)? >= model.score(&other, &window.embedding)?;
                if nearer { near.push(*window) } else { far.push(*window) }
            }
            if near.is_empty() || far.is_empty() {
                break;
            }
            (first, second) = (near, far);
        }
        Ok((first, second))
    }
}

/// Below these, the logarithms of a person's times never vary; programs that repeat one time do.
const LEAST_HOLD_SPREAD: f64 = 0.08;
const LEAST_GAP_SPREAD: f64 = 0.15;
/// Fewer windows than this are an odd moment, not a person.
const SMALLEST_GROUP: usize = 2;
const TWO_PEOPLE_NATS: f64 = -1.0;
const ROUNDS: usize = 8;

#[derive(Debug)]
struct Window {
    embedding: Embedding,
    keystrokes: usize,
}

impl Window {
    fn llr(&self, model: &Model, template: &Template) -> Result<f64, TemplateError> {
        Ok(model.llr_nats(model.score(template, &self.embedding)?, self.keystrokes))
    }
}

/// Running sums of the logarithms of times.
#[derive(Debug, Default)]
struct Spread {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Spread {
    /// Times are clipped to 3 ms .. 3 s: one long pause is not variation.
    fn add(&mut self, us: i64) {
        let log = (us.clamp(3_000, 3_000_000) as f64).ln();
        self.count += 1.0;
        self.sum += log;
        self.squares += log * log;
    }

    fn deviation(&self) -> f64 {
        let mean = self.sum / self.count.max(1.0);
        (self.squares / self.count.max(1.0) - mean * mean).max(0.0).sqrt()
    }
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
