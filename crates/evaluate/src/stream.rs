//! What continuous use looks like: recordings played through windows, model and belief as the agent does it.
//!
//! Sentences 1 to `enrol` make the template as in [`keystroke`](crate::keystroke). The owner then types sentences
//! `enrol + 1` to 15 in one go: evidence every 10 keystrokes over the last 50 (from 20 on), weight quality · 10/50, and
//! the policy's caps, floor and hazard. Whenever `log O` reaches step-up, that is a false step-up; it succeeds, and odds
//! and window start anew. Then somebody else goes on typing in the same session, two seconds later, all their sentences:
//! the first windows are mixed, and `log O` starts from what the owner left. Counted are the impostor's keystrokes until
//! step-up, and until the lock band if nobody answers. Each owner meets up to `impostors` others of the same set, drawn
//! without replacement by ChaCha8 from the seed.

mod report;
pub(crate) mod typing;
mod watch;

pub use report::{Keystrokes, Rate, Report};

use crate::keystroke::LAST_SENTENCE;
use crate::keystroke::samples::{self, Candidate, Samples, embed_all};
use crate::{EvaluateError, LeftOut, Progress, Recogniser, Subjects, population::Population};
use rand::{SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use std::path::PathBuf;
use stillyou_models::keystroke::WINDOW;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::Policy;
use watch::{Seen, Watch};

/// Evidence comes every so many keystrokes.
pub const STRIDE: usize = 10;

/// An impostor is watched for so many keystrokes at most.
pub const HORIZON: usize = 500;

/// What to play.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// A recording, a set's folder or a folder of sets.
    pub data: PathBuf,
    /// Which of its subjects.
    pub subjects: Subjects,
    /// Sentences that make the template, 1 to 14.
    pub enrol: usize,
    /// Impostors for each owner, 1 or more.
    pub impostors: usize,
    /// Draws impostors and resamples.
    pub seed: u64,
    /// Whether subjects that the model was trained or calibrated on stay in.
    pub include_seen: bool,
    /// Caps, thresholds, hazards and odds.
    pub policy: Policy,
}

impl Options {
    /// The defaults: all subjects not seen, 10 sentences, 20 impostors, seed 1, default policy.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            subjects: Subjects::All,
            enrol: 10,
            impostors: crate::keystroke::IMPOSTORS,
            seed: 1,
            include_seen: false,
            policy: Policy::default(),
        }
    }
}

/// One owner's turn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    pub false_step_ups: usize,
    pub keystrokes: usize,
    pub impostors: Vec<Caught>,
}

/// How one impostor fared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Caught {
    /// Keystrokes until step-up; `None` when it did not come.
    pub step_up: Option<usize>,
    /// Keystrokes until the lock band, step-up unanswered; `None` when it did not come.
    pub lock: Option<usize>,
    /// Keystrokes that were there to be watched.
    pub watched: usize,
    /// Whether their own windows speak for the owner on the whole, caps applied.
    pub passes: bool,
}

/// Plays the recordings. The same options and model give the same report.
///
/// # Errors
/// As [`keystroke::evaluate`](crate::keystroke::evaluate).
pub fn evaluate<R: Recogniser>(options: &Options, model: &R, progress: Progress) -> Result<Report, EvaluateError> {
    check(options)?;
    let population = Population::load(&options.data, options.subjects, options.include_seen, model)?;
    let mut left_out = LeftOut { seen: population.seen, ..LeftOut::default() };
    let mut players: Vec<Player> = Vec::new();
    for (set, person) in &population.people {
        match samples::of(person, options.enrol, &mut 0) {
            Candidate::Usable(samples) => players.push(Player {
                set: *set,
                probe: typing::joined(person, options.enrol as u32 + 1..=LAST_SENTENCE, usize::MAX),
                all: typing::joined(person, 1..=LAST_SENTENCE, HORIZON),
                samples,
            }),
            Candidate::TooFewToEnrol => left_out.too_few_to_enrol += 1,
            Candidate::NoProbe => left_out.no_probe += 1,
        }
    }
    if players.len() < 2 {
        let share = format!("{} subjects (share: {})", population.in_share, options.subjects);
        return Err(EvaluateError::TooFew { left: players.len(), share, why: left_out.to_string() });
    }
    let turns = play(&players, options, model, progress)?;
    let (pack, pack_hash) = model.version();
    Ok(Report {
        sets: population.sets,
        subjects: options.subjects,
        in_share: population.in_share,
        owners: players.len(),
        left_out,
        enrol: options.enrol,
        seed: options.seed,
        include_seen: options.include_seen,
        pack,
        pack_hash,
        figures: report::Figures::of(&turns, options.seed),
    })
}

struct Player {
    set: usize,
    samples: Samples,
    /// What they type as owners.
    probe: Vec<Keystroke>,
    /// What they type as impostors, at most [`HORIZON`] keystrokes.
    all: Vec<Keystroke>,
}

fn check(options: &Options) -> Result<(), EvaluateError> {
    let wrong = |option, value: usize, want| Err(EvaluateError::Option { option, value: value.to_string(), want });
    if !(1..LAST_SENTENCE as usize).contains(&options.enrol) {
        return wrong("enrol", options.enrol, "a number of sentences from 1 to 14");
    }
    if options.impostors == 0 {
        return wrong("impostors", 0, "a number of impostors for each owner, 1 or more");
    }
    Ok(())
}

fn play<R: Recogniser>(
    players: &[Player],
    options: &Options,
    model: &R,
    progress: Progress,
) -> Result<Vec<Turn>, EvaluateError> {
    // An impostor's own full windows are the same whoever the owner is: embedded once.
    let mut pure: Vec<Vec<R::Embedding>> = Vec::with_capacity(players.len());
    for player in players {
        let ends = (WINDOW..=player.all.len()).step_by(STRIDE);
        let windows: Vec<&[Keystroke]> = ends.filter_map(|end| player.all.get(end - WINDOW..end)).collect();
        pure.push(embed_all(model, &windows, &mut |_, _| {})?);
        progress(pure.len(), 2 * players.len());
    }
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut turns = Vec::with_capacity(players.len());
    for (at, owner) in players.iter().enumerate() {
        let enrolled: Vec<&[Keystroke]> = owner.samples.enrol.iter().map(|s| s.keystrokes.as_slice()).collect();
        let template = model.template(&model.embed(&enrolled)?, owner.samples.enrolled_keystrokes())?;
        let mut watch = Watch::new(&options.policy, model, &template);
        let false_step_ups = watch.owner(&owner.probe)?;
        let others: Vec<usize> = (0..players.len()).filter(|i| *i != at && players[*i].set == owner.set).collect();
        let mut impostors = Vec::new();
        for picked in index::sample(&mut rng, others.len(), others.len().min(options.impostors)) {
            if let Some((other, full)) = others.get(picked).and_then(|i| Some((players.get(*i)?, pure.get(*i)?))) {
                impostors.push(watch.clone().impostor(Seen { typed: &other.all, full })?);
            }
        }
        turns.push(Turn { false_step_ups, keystrokes: owner.probe.len(), impostors });
        progress(players.len() + turns.len(), 2 * players.len());
    }
    Ok(turns)
}

#[cfg(test)]
mod tests;
