//! Pointers against templates.
//!
//! Where a set's sessions have no labels (SapiMouse): a person's session `3min` enrols; one genuine trial a person, the
//! whole of their session `1min`; impostors are the `1min` sessions of all others. People without both, or with too few
//! strokes in one, are left out. Where they have (Balabit): the sessions of the part `train` enrol an account, every
//! session of the part `test` is one trial of that account, its label says which kind.
//!
//! A session is cut into windows of equal size and at most [`WINDOW`] strokes; its score is the mean of its windows'
//! scores, its log-likelihood ratio the calibrated one of that mean for all its strokes.

mod accounts;
mod report;

pub use accounts::{Account, Accounts};
pub use report::{LeftOut, Sessions};

use crate::{
    EvaluateError, Progress, Subjects,
    metrics::{Measures, Trial},
};
use std::path::PathBuf;
use stillyou_models::{
    keystroke::Embedding,
    pointer::{MIN_WINDOW, Model, ModelError, PAUSE_US, Stroke, Strokes, Template, WINDOW},
};
use stillyou_recordings::pointer::{Person, Set, discover};
use stillyou_sense::{Micros, pointer::PointerEvent};

/// What to evaluate on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A recording or a set's folder.
    pub data: PathBuf,
    /// Which of its subjects.
    pub subjects: Subjects,
    /// Resamples.
    pub seed: u64,
    /// Whether subjects that the model was trained or calibrated on stay in.
    pub include_seen: bool,
}

/// Error rates, by the kind of set.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// Every person against every other.
    Sessions(Sessions),
    /// Labelled sessions of accounts.
    Accounts(Accounts),
}

/// The session that enrols.
pub const ENROL: &str = "3min";

/// The session that probes.
pub const PROBE: &str = "1min";

/// Evaluates a model by the protocols of this module. The same options and model give the same report.
///
/// # Errors
/// When the recordings can't be read or are of another kind, fewer than 2 subjects (or no account) are left, or the model
/// fails.
pub fn evaluate(options: &Options, model: &Model, progress: Progress) -> Result<Report, EvaluateError> {
    let mut sources = discover(&options.data)?;
    if sources.len() > 1 {
        let names: Vec<&str> = sources.iter().map(|s| s.name.as_str()).collect();
        let found = format!("{} sets: {}", names.len(), names.join(", "));
        return Err(EvaluateError::NoPointers { path: options.data.clone(), found });
    }
    let Some(source) = sources.pop() else {
        return Err(EvaluateError::NoPointers { path: options.data.clone(), found: "no set".to_owned() });
    };
    let mut set = source.load()?;
    set.people.retain(|p| options.subjects.holds(&set.name, &p.subject));
    let in_share = set.people.len();
    if !options.include_seen {
        set.people.retain(|p| !model.has_seen(&set.name, &p.subject));
    }
    let seen = in_share - set.people.len();
    if set.labelled {
        accounts::evaluate(options, &set, (in_share, seen), model, progress).map(Report::Accounts)
    } else {
        sessions(options, &set, (in_share, seen), model, progress).map(Report::Sessions)
    }
}

/// A session as a model sees it: embeddings of windows that share no stroke.
pub struct Embedded {
    windows: Vec<Embedding>,
    /// Strokes of each.
    lengths: Vec<usize>,
}

impl Embedded {
    /// The windows of some events; `None` when they are too few.
    ///
    /// # Errors
    /// When the network fails.
    pub fn of(model: &Model, events: &[PointerEvent]) -> Result<Option<Self>, ModelError> {
        let strokes = strokes(events);
        if strokes.len() < MIN_WINDOW {
            return Ok(None);
        }
        Self::of_windows(model, &cut(&strokes)).map(Some)
    }

    /// The windows as they are.
    ///
    /// # Errors
    /// When one is too short or too long, or the network fails.
    pub fn of_windows(model: &Model, windows: &[&[Stroke]]) -> Result<Self, ModelError> {
        Ok(Self { windows: model.embed(windows)?, lengths: windows.iter().map(|w| w.len()).collect() })
    }

    /// How many strokes it has.
    pub fn strokes(&self) -> usize {
        self.lengths.iter().sum()
    }

    /// The template of a session, or of several.
    ///
    /// # Errors
    /// When it can't be made.
    pub fn template(model: &Model, sessions: &[Self]) -> Result<Template, ModelError> {
        let windows: Vec<Embedding> = sessions.iter().flat_map(|s| s.windows.iter().cloned()).collect();
        let strokes = sessions.iter().map(|s| s.strokes() as u32).sum();
        Ok(Template::from_embeddings(model.version(), &windows, strokes)?)
    }

    /// The mean score of the windows, and the log-likelihood ratio in nats of the whole.
    ///
    /// # Errors
    /// When another model made the template.
    pub fn score(&self, model: &Model, template: &Template) -> Result<(f64, f64), ModelError> {
        let mut sum = 0.0;
        for window in &self.windows {
            sum += model.score(template, window)?;
        }
        let score = sum / self.windows.len().max(1) as f64;
        Ok((score, model.llr_nats(score, self.strokes())))
    }

    /// The log-likelihood ratio in nats of each window by itself.
    ///
    /// # Errors
    /// When another model made the template.
    pub fn llrs_nats(&self, model: &Model, template: &Template) -> Result<Vec<f64>, ModelError> {
        let of = |(window, strokes): (&Embedding, &usize)| Ok(model.llr_nats(model.score(template, window)?, *strokes));
        self.windows.iter().zip(&self.lengths).map(of).collect()
    }
}

/// All strokes of some events, the last one included.
pub fn strokes(events: &[PointerEvent]) -> Vec<Stroke> {
    let mut assembler = Strokes::new();
    let mut all: Vec<Stroke> = events.iter().flat_map(|e| assembler.push(e)).collect();
    let last = events.iter().map(|e| e.at.0).max().unwrap_or(0);
    all.extend(assembler.pause(Micros(last.saturating_add(10 * PAUSE_US.unsigned_abs()))));
    all
}

/// Windows of equal size, give or take one, and at most [`WINDOW`] strokes.
pub fn cut(strokes: &[Stroke]) -> Vec<&[Stroke]> {
    let count = strokes.len().div_ceil(WINDOW).max(1);
    (0..count).filter_map(|i| strokes.get(i * strokes.len() / count..(i + 1) * strokes.len() / count)).collect()
}

struct Chosen<'a> {
    subject: &'a str,
    template: Template,
    probe: Embedded,
}

fn sessions(
    options: &Options,
    set: &Set,
    (in_share, seen): (usize, usize),
    model: &Model,
    progress: Progress,
) -> Result<Sessions, EvaluateError> {
    let has = |name: &str| set.people.iter().any(|p| p.sessions.iter().any(|s| s.name == name));
    let complete = has(ENROL) && has(PROBE);
    if !complete && !set.people.is_empty() {
        let found = format!("the set {} has no sessions named {ENROL} and {PROBE}, and no labels", set.name);
        return Err(EvaluateError::NoPointers { path: options.data.clone(), found });
    }
    let mut left_out = LeftOut { seen, ..LeftOut::default() };
    let mut chosen = Vec::new();
    for (at, person) in set.people.iter().enumerate() {
        progress(at + 1, set.people.len());
        let (enrol, probe) = (embedded(model, person, ENROL)?, embedded(model, person, PROBE)?);
        match (enrol, probe) {
            (None, _) => left_out.too_few_to_enrol += 1,
            (_, None) => left_out.no_probe += 1,
            (Some(enrol), Some(probe)) => {
                let template = Embedded::template(model, &[enrol])?;
                chosen.push(Chosen { subject: &person.subject, template, probe });
            }
        }
    }
    let (mut trials, mut windows) = (Vec::new(), Vec::new());
    for (at, enrolled) in chosen.iter().enumerate() {
        for (who, probing) in chosen.iter().enumerate() {
            let (score, llr_nats) = probing.probe.score(model, &enrolled.template)?;
            let trial = Trial { enrolled: at as u32, genuine: at == who, score, llr_nats };
            windows.push(probing.probe.llrs_nats(model, &enrolled.template)?);
            trials.push((trial, enrolled.subject.to_owned(), probing.subject.to_owned()));
        }
    }
    let plain: Vec<Trial> = trials.iter().map(|t| t.0).collect();
    let Some(measures) = Measures::of(&plain, options.seed) else {
        let share = format!("{in_share} subjects (share: {})", options.subjects);
        return Err(EvaluateError::TooFew { left: chosen.len(), share, why: left_out.to_string() });
    };
    Ok(Sessions {
        set: set.name.clone(),
        subjects: options.subjects,
        in_share,
        evaluated: chosen.len(),
        left_out,
        seed: options.seed,
        include_seen: options.include_seen,
        pack: model.version().clone(),
        measures,
        trials,
        windows,
    })
}

fn embedded(model: &Model, person: &Person, session: &str) -> Result<Option<Embedded>, ModelError> {
    let found = person.sessions.iter().find(|s| s.name == session);
    found.map_or(Ok(None), |session| Embedded::of(model, &session.events))
}

#[cfg(test)]
mod tests;
