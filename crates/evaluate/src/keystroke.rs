//! Windows against templates: the protocols behind every published error rate.
//!
//! **Sentences.** A sample is the first 50 keystrokes of a sentence in the order of pressing; a shorter one is used whole, one under 20
//! is dropped. Sentences 1 to 5 enrol (`enrol` of them), those from 6 to 15 are probes (with `enrol` above 5, those after
//! it). A subject with fewer than `enrol` samples to enrol, or none to probe with, is left out. Genuine trials: every
//! probe against its own person's template. Impostor trials: for every enrolled subject 20 others of the same set drawn
//! without replacement, one probe of each, by ChaCha8 from the seed, subjects in the order of the set. All trials are
//! pooled under one threshold.
//!
//! **Stream**, for free text of any kind. A person's sessions follow each other in the order of appearance in the files. The
//! first `enrol_keys` keystrokes enrol, the rest is cut into disjoint windows of `window` keystrokes, which are the probes; a
//! last one that is not full is dropped. Above 50 keystrokes, a window is embedded in the fewest parts of equal length,
//! and the parts' mean is compared. A subject without a whole probe is left out. Trials as above.

mod report;
pub(crate) mod samples;

pub use report::{Report, ScoredTrial};

use crate::{
    EvaluateError, LeftOut, Progress, Recogniser, Subjects,
    metrics::Measures,
    population::{FreeText, Population},
};
use rand::{Rng, RngExt, SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use samples::{Candidate, Samples};
use std::path::PathBuf;
use stillyou_models::keystroke::{LONGEST, MIN_WINDOW};

/// What to evaluate on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A recording, a set's folder or a folder of sets.
    pub data: PathBuf,
    /// Which of its subjects.
    pub subjects: Subjects,
    /// How typing is cut into samples.
    pub protocol: Protocol,
    /// Draws impostors and resamples.
    pub seed: u64,
    /// Whether subjects that the model was trained or calibrated on stay in.
    pub include_seen: bool,
}

impl Options {
    /// The protocol's defaults: all subjects not seen, 5 sentences, seed 1.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let protocol = Protocol::Sentences { enrol: 5 };
        Self { data: data.into(), subjects: Subjects::All, protocol, seed: 1, include_seen: false }
    }
}

/// How typing is cut into samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Sentence by sentence.
    Sentences {
        /// Sentences that enrol, 1 to 14.
        enrol: usize,
    },
    /// One stream, whatever was typed.
    Stream {
        /// Keystrokes that enrol, 100 or more.
        enrol_keys: usize,
        /// Keystrokes of a probe, 20 to 200.
        window: usize,
    },
}

impl Protocol {
    fn check(self) -> Result<(), EvaluateError> {
        let wrong = |option, value: usize, want| Err(EvaluateError::Option { option, value: value.to_string(), want });
        match self {
            Protocol::Sentences { enrol } if !(1..LAST_SENTENCE as usize).contains(&enrol) => {
                wrong("enrol", enrol, "a number of sentences from 1 to 14")
            }
            Protocol::Stream { enrol_keys, .. } if enrol_keys < LEAST_ENROL_KEYS => {
                wrong("enrol-keys", enrol_keys, "at least 100 keystrokes")
            }
            Protocol::Stream { window, .. } if !(MIN_WINDOW..=LONGEST).contains(&window) => {
                wrong("window", window, "20 to 200 keystrokes")
            }
            _ => Ok(()),
        }
    }
}

/// The fewest keystrokes that enrol somebody in a stream.
const LEAST_ENROL_KEYS: usize = 100;

/// Impostors for each enrolled subject.
pub const IMPOSTORS: usize = 20;

/// The last sentence of the protocol.
pub const LAST_SENTENCE: u32 = 15;

/// Evaluates a model by the protocol of this module. The same options and model give the same report.
///
/// # Errors
/// When an option is out of range, the recordings are not sentences or can't be read, fewer than 2 subjects are left, or
/// the model fails.
pub fn evaluate<R: Recogniser>(options: &Options, model: &R, progress: Progress) -> Result<Report, EvaluateError> {
    options.protocol.check()?;
    let text = match options.protocol {
        Protocol::Sentences { .. } => FreeText::Sentences,
        Protocol::Stream { .. } => FreeText::AsRecorded,
    };
    let population = Population::load(&options.data, text, options.subjects, options.include_seen, model)?;
    let mut left_out = LeftOut { seen: population.seen, ..LeftOut::default() };
    let mut dropped = 0;
    let mut chosen: Vec<(usize, Samples)> = Vec::new();
    for (set, person) in &population.people {
        let candidate = match options.protocol {
            Protocol::Sentences { enrol } => samples::of(person, enrol, &mut dropped),
            Protocol::Stream { enrol_keys, window } => samples::of_stream(person, enrol_keys, window),
        };
        match candidate {
            Candidate::Usable(samples) => chosen.push((*set, samples)),
            Candidate::TooFewToEnrol => left_out.too_few_to_enrol += 1,
            Candidate::NoProbe => left_out.no_probe += 1,
        }
    }
    if chosen.len() < 2 {
        let share = format!("{} subjects (share: {})", population.in_share, options.subjects);
        return Err(EvaluateError::TooFew { left: chosen.len(), share, why: left_out.to_string() });
    }
    let trials = compare(&chosen, model, options.seed, progress)?;
    let plain: Vec<_> = trials.iter().map(|t| t.trial).collect();
    let Some(measures) = Measures::of(&plain, options.seed) else {
        let share = format!("every set (share: {})", options.subjects);
        return Err(EvaluateError::TooFew { left: 1, share, why: left_out.to_string() });
    };
    let (pack, pack_hash) = model.version();
    Ok(Report {
        sets: population.sets,
        subjects: options.subjects,
        in_share: population.in_share,
        evaluated: chosen.len(),
        left_out,
        dropped_short: dropped,
        protocol: options.protocol,
        seed: options.seed,
        include_seen: options.include_seen,
        pack,
        pack_hash,
        measures,
        trials,
    })
}

fn compare<R: Recogniser>(
    chosen: &[(usize, Samples)],
    model: &R,
    seed: u64,
    progress: Progress,
) -> Result<Vec<ScoredTrial>, EvaluateError> {
    let embedded = samples::embed(chosen.iter().map(|(_, s)| s), model, progress)?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut trials = Vec::new();
    for (at, (set, samples)) in chosen.iter().enumerate() {
        let Some(mine) = embedded.get(at) else { continue };
        let template = model.template(&mine.enrol, samples.enrolled_keystrokes())?;
        let mut compare = |who: usize, probe: usize| -> Result<(), EvaluateError> {
            if let (Some((_, theirs)), Some(probes)) = (chosen.get(who), embedded.get(who))
                && let (Some(sentence), Some(embedding)) = (theirs.probe.get(probe), probes.probe.get(probe))
            {
                let score = model.score(&template, embedding)?;
                let llr_nats = model.llr_nats(score, sentence.keystrokes.len());
                trials.push(ScoredTrial::new(
                    (at, &samples.subject),
                    (who, &theirs.subject),
                    sentence.number,
                    score,
                    llr_nats,
                ));
            }
            Ok(())
        };
        for probe in 0..mine.probe.len() {
            compare(at, probe)?;
        }
        let others: Vec<usize> =
            chosen.iter().enumerate().filter(|(i, (s, _))| *i != at && s == set).map(|(i, _)| i).collect();
        for (who, probe) in draw(&others, &embedded.iter().map(|e| e.probe.len()).collect::<Vec<_>>(), &mut rng) {
            compare(who, probe)?;
        }
    }
    Ok(trials)
}

/// Up to [`IMPOSTORS`] of `others` without replacement, and one of the probes of each.
fn draw<R: Rng>(others: &[usize], probes: &[usize], rng: &mut R) -> Vec<(usize, usize)> {
    let picked = index::sample(rng, others.len(), others.len().min(IMPOSTORS));
    let picked: Vec<usize> = picked.iter().filter_map(|i| others.get(i).copied()).collect();
    picked.into_iter().map(|who| (who, rng.random_range(0..probes.get(who).copied().unwrap_or(1)))).collect()
}

#[cfg(test)]
mod tests;
