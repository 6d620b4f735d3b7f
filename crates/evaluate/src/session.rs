//! A day's work and a change of person: recordings played through windows, model and belief as the agent does it.
//!
//! Sentences 1 to 10 enrol as in [`keystroke`](crate::keystroke). The owner's stream is sentences 11 to 15 in order, then
//! four times more in orders drawn from the seed, in one go; no gap between two presses is over 5 s. It starts at `O₀`, the
//! odds of a fresh proof, with an empty window. Evidence comes every 10 keystrokes over the last 50 (from 20 on), with
//! weight quality · 10/50 and the policy's caps, floor and hazard. Whenever `log O` reaches step-up, that is a false alarm:
//! the person succeeds at once, odds and window start anew. One that reaches the lock band at once is a false lock as well.
//!
//! Each owner meets 20 others of the same set, drawn without replacement. At a key of the owner's stream, drawn uniformly,
//! the other goes on in the owner's place, 2 s later, with their sentences 1 to 15: the first windows are mixed, and `log O`
//! starts from what the owner left. They never answer. Counted are their keystrokes until the step-up, and until the lock:
//! the lock band or the end of the grace period. One who is not asked before their recording ends counts as never
//! detected, and as infinite in medians and percentiles.
//!
//! With pointers of others ([`Lent`]), a window of strokes comes after every half minute of typing.
//!
//! With faces of others, looks through a camera are added: in the watch band and at random, within the policy's budget, each
//! the mean of the pictures of a probe, without presentation attack detection and so with the lower cap.
//!
//! With breaks, owners leave the desk for ten minutes now and then, at any key with the same chance, and the other sits down
//! at the end of such a break: nobody works until then, and a camera looks at whoever comes back.
//!
//! Everything random is drawn by ChaCha8 from the seed.

mod breaks;
mod curve;
mod figures;
mod glances;
mod impostor;
mod lent;
mod pointing;
mod report;
mod sighting;
pub(crate) mod typing;
mod watch;

pub use breaks::BREAK;
pub use curve::{Point, write_curve};
pub use figures::{Figures, Glance, Rate};
pub use glances::LOOK;
pub use lent::Lent;
pub use pointing::EVERY;
pub use report::Report;

use crate::keystroke::samples::{self, Candidate, Samples};
use crate::keystroke::{IMPOSTORS, LAST_SENTENCE};
use crate::{
    EvaluateError, LeftOut, Progress, Recogniser, Subjects,
    population::{FreeText, Population},
};
use breaks::Breaks;
use glances::Glances;
use impostor::Impostor;
use pointing::Pointing;
use rand::{RngExt, SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use sighting::Sightings;
use std::{collections::HashMap, path::PathBuf};
use stillyou_models::keystroke::{MIN_WINDOW, WINDOW};
use stillyou_recordings::Person;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::Policy;
use watch::{Outcome, Watch};

/// Sentences that enrol.
pub const ENROL: usize = 10;

/// How often the owner's sentences are typed again, each time in another order.
pub const REPEATS: usize = 4;

/// What to play.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// A recording, a set's folder or a folder of sets.
    pub data: PathBuf,
    /// Which of its subjects.
    pub subjects: Subjects,
    /// Draws orders, impostors, hand-overs and resamples.
    pub seed: u64,
    /// Whether subjects that the model was trained or calibrated on stay in.
    pub include_seen: bool,
    /// Breaks in 8 hours of active use; 0: none, and others take over while the owner works.
    pub breaks_per_8h: u32,
}

impl Options {
    /// The defaults: all subjects not seen, seed 1, no breaks.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), subjects: Subjects::All, seed: 1, include_seen: false, breaks_per_8h: 0 }
    }
}

/// When evidence comes and how much the overlap of its windows leaves of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cadence {
    /// Evidence comes every so many keystrokes.
    pub stride: usize,
    /// What a full window of the best quality weighs, 0 to 1.
    pub overlap: f64,
}

impl Default for Cadence {
    /// The agent's: every 10 keystrokes, a fifth.
    fn default() -> Self {
        Self { stride: 10, overlap: 0.2 }
    }
}

/// One owner's turn under a policy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    /// False alarms, those that locked at once included.
    pub alarms: usize,
    /// Those that locked at once.
    pub locks: usize,
    /// Keystrokes the owner typed.
    pub keystrokes: usize,
    /// How many of them are no repetition.
    pub distinct: usize,
    /// Looks through the camera.
    pub looks: usize,
    pub impostors: Vec<Caught>,
}

/// The impostor's keystrokes until something happened; `None` when it did not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Caught {
    pub step_up: Option<usize>,
    pub lock: Option<usize>,
}

/// Plays the recordings under a policy. The same options, policy and model give the same report.
///
/// # Errors
/// As [`keystroke::evaluate`](crate::keystroke::evaluate).
pub fn evaluate<R: Recogniser>(
    options: &Options,
    policy: &Policy,
    model: &R,
    progress: Progress,
) -> Result<Report, EvaluateError> {
    let mut sessions = Sessions::load(options, Cadence::default().stride, policy, model, progress)?;
    let figures = sessions.play(policy, Cadence::default().overlap)?;
    Ok(sessions.report(figures))
}

/// Sessions of many owners, each window of them judged once, to be played under any number of policies.
pub struct Sessions<'m, R: Recogniser> {
    model: &'m R,
    stride: usize,
    about: report::About,
    others: Vec<Other<R::Embedding>>,
    owners: Vec<Owner<R::Template>>,
    faces: Option<Lent>,
    pointers: Option<Lent>,
}

/// Somebody as an impostor. Their own windows are the same whoever the owner is.
struct Other<E> {
    typed: Vec<Keystroke>,
    /// Windows embedded so far, by end.
    known: HashMap<usize, E>,
}

struct Owner<T> {
    template: T,
    keystrokes: usize,
    distinct: usize,
    genuine: Sightings,
    impostors: Vec<Impostor>,
}

impl<'m, R: Recogniser> Sessions<'m, R> {
    /// Reads the recordings and judges the windows that fall due every `stride` keystrokes: the owners' all, an impostor's
    /// as far as they are needed under `policy`. Others are judged when another policy needs them.
    ///
    /// # Errors
    /// As [`keystroke::evaluate`](crate::keystroke::evaluate).
    pub fn load(
        options: &Options,
        stride: usize,
        policy: &Policy,
        model: &'m R,
        progress: Progress,
    ) -> Result<Self, EvaluateError> {
        let population =
            Population::load(&options.data, FreeText::Sentences, options.subjects, options.include_seen, model)?;
        let mut left_out = LeftOut { seen: population.seen, ..LeftOut::default() };
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        let mut players = Vec::new();
        for (set, person) in &population.people {
            match samples::of(person, ENROL, &mut 0) {
                Candidate::Usable(samples) => players.push(Player::new(*set, person, samples, REPEATS, &mut rng)),
                Candidate::TooFewToEnrol => left_out.too_few_to_enrol += 1,
                Candidate::NoProbe => left_out.no_probe += 1,
            }
        }
        if players.len() < 2 {
            let share = format!("{} subjects (share: {})", population.in_share, options.subjects);
            return Err(EvaluateError::TooFew { left: players.len(), share, why: left_out.to_string() });
        }
        let about = report::About {
            sets: population.sets,
            subjects: options.subjects,
            in_share: population.in_share,
            left_out,
            seed: options.seed,
            include_seen: options.include_seen,
            breaks_per_8h: options.breaks_per_8h,
            pack: model.version(),
        };
        let others = players.iter().map(|p| Other { typed: p.all.clone(), known: HashMap::new() }).collect();
        let mut sessions = Self { model, stride, about, others, owners: Vec::new(), faces: None, pointers: None };
        let watch = Watch::new(policy, Cadence { stride, ..Cadence::default() });
        for at in 0..players.len() {
            let mut owner = Owner::new(&players, at, stride, model, &mut rng)?;
            owner.play(watch.clone(), model, &mut sessions.others)?;
            sessions.owners.push(owner);
            progress(at + 1, players.len());
        }
        Ok(sessions)
    }

    /// The same sessions before a camera and with a pointer, or without.
    pub fn lend(&mut self, faces: Option<Lent>, pointers: Option<Lent>) {
        (self.faces, self.pointers) = (faces, pointers);
    }

    /// Plays every session under a policy; a full window of the best quality weighs `overlap`.
    ///
    /// # Errors
    /// When the model fails on a window that was not judged yet.
    pub fn play(&mut self, policy: &Policy, overlap: f64) -> Result<Figures, EvaluateError> {
        let seed = self.about.seed;
        Ok(Figures::of(&self.turns(policy, overlap)?, seed))
    }

    /// The same without intervals, to look at many policies.
    ///
    /// # Errors
    /// As [`Sessions::play`].
    pub fn glance(&mut self, policy: &Policy, overlap: f64) -> Result<Glance, EvaluateError> {
        Ok(Glance::of(&self.turns(policy, overlap)?))
    }

    /// Sums of the ratios, not capped, each times its window's quality, of every `windows` windows in a row, and whether the
    /// owner typed them: of each owner what is no repetition, and as much of two impostors, mixed windows left out.
    ///
    /// # Errors
    /// As [`Sessions::play`].
    pub fn sums(&mut self, windows: usize) -> Result<Vec<(f64, bool)>, EvaluateError> {
        let mut sums = Vec::new();
        for owner in &mut self.owners {
            sums.extend(owner.genuine.sums(WINDOW..=owner.distinct, windows).map(|sum| (sum, true)));
            for impostor in owner.impostors.iter_mut().take(2) {
                let theirs = impostor.after + WINDOW..=impostor.after + owner.distinct;
                impostor.judge(*theirs.end(), self.model, &owner.template, &mut self.others[impostor.who])?;
                sums.extend(impostor.sightings.sums(theirs, windows).map(|sum| (sum, false)));
            }
        }
        Ok(sums)
    }

    /// The report on figures of these sessions.
    pub fn report(&self, figures: Figures) -> Report {
        Report {
            about: self.about.clone(),
            figures,
            faces: self.faces.as_ref().map(|faces| (faces.of.clone(), faces.count())),
            pointers: self.pointers.as_ref().map(|pointers| (pointers.of.clone(), pointers.count())),
        }
    }

    pub(crate) fn turns(&mut self, policy: &Policy, overlap: f64) -> Result<Vec<Turn>, EvaluateError> {
        let watch = Watch::new(policy, Cadence { stride: self.stride, overlap });
        let (stride, about) = (self.stride, &self.about);
        let watched = |at: usize| {
            let mut watch = watch.clone();
            watch.glances = self.faces.as_ref().map(|faces| Glances::before(faces, at, &policy.camera));
            watch.pointing = self.pointers.as_ref().map(|pointers| Pointing::on(pointers, at));
            let seed = about.seed.wrapping_mul(1_000_003).wrapping_add(at as u64);
            watch.breaks = (about.breaks_per_8h > 0).then(|| Breaks::new(about.breaks_per_8h, stride, seed));
            watch
        };
        let others = &mut self.others;
        self.owners.iter_mut().enumerate().map(|(at, owner)| owner.play(watched(at), self.model, others)).collect()
    }
}

struct Player {
    set: usize,
    samples: Samples,
    /// What they type as owners, and how much of it is no repetition.
    own: Vec<Keystroke>,
    distinct: usize,
    /// What they type as impostors.
    all: Vec<Keystroke>,
}

impl Player {
    fn new(set: usize, person: &Person, samples: Samples, repeats: usize, rng: &mut ChaCha8Rng) -> Self {
        let own = typing::sentences(person, ENROL as u32 + 1..=LAST_SENTENCE);
        let all = typing::sentences(person, 1..=LAST_SENTENCE);
        Self {
            set,
            samples,
            distinct: typing::stream(&own, 0, rng).len(),
            own: typing::stream(&own, repeats, rng),
            all: typing::stream(&all, 0, rng),
        }
    }
}

impl<T> Owner<T> {
    fn new<R: Recogniser<Template = T>>(
        players: &[Player],
        at: usize,
        stride: usize,
        model: &R,
        rng: &mut ChaCha8Rng,
    ) -> Result<Self, EvaluateError> {
        let owner = &players[at];
        let enrolled: Vec<&[Keystroke]> = owner.samples.enrol.iter().map(|s| s.keystrokes.as_slice()).collect();
        let template = model.template(&model.embed(&enrolled)?, owner.samples.enrolled_keystrokes())?;
        let others: Vec<usize> = (0..players.len()).filter(|i| *i != at && players[*i].set == owner.set).collect();
        let mut impostors = Vec::new();
        for picked in index::sample(rng, others.len(), others.len().min(IMPOSTORS)) {
            let who = others[picked];
            let after = rng.random_range(0..owner.own.len().max(1));
            impostors.push(Impostor::new(&owner.own, after, (who, &players[who].all), stride));
        }
        let mut genuine = Sightings::new(0, owner.own.clone(), due(MIN_WINDOW, owner.own.len(), stride));
        genuine.judge_all(model, &template)?;
        Ok(Self { template, keystrokes: owner.own.len(), distinct: owner.distinct, genuine, impostors })
    }

    fn play<R: Recogniser<Template = T>>(
        &mut self,
        mut watch: Watch,
        model: &R,
        others: &mut [Other<R::Embedding>],
    ) -> Result<Turn, EvaluateError> {
        let (keystrokes, distinct) = (self.keystrokes, self.distinct);
        let mut turn = Turn { alarms: 0, locks: 0, keystrokes, distinct, looks: 0, impostors: Vec::new() };
        let mut left: Vec<(usize, Watch)> = Vec::new();
        for end in self.genuine.ends() {
            left.push((end, watch.clone()));
            let seen = self.genuine.of(watch.start, end, model, &self.template, &mut |_| Ok(Vec::new()))?;
            let Some(seen) = seen else { continue };
            let outcome = watch.take(&seen)?;
            if outcome >= Outcome::StepUp {
                turn.alarms += 1;
                turn.locks += usize::from(outcome == Outcome::Lock);
                watch.verified(end);
            }
        }
        turn.looks = watch.glances.as_ref().map_or(0, |glances| glances.looks);
        for impostor in &mut self.impostors {
            // What the owner left: everything due before the hand-over was taken.
            let at = left.partition_point(|(end, _)| *end <= impostor.after);
            let mut watch = left.get(at).map_or(&watch, |(_, before)| before).clone();
            if watch.breaks.take().is_some() {
                watch.rest();
            }
            watch.glances.iter_mut().for_each(|glances| glances.sits_down(impostor.who));
            watch.pointing.iter_mut().for_each(|pointing| pointing.sits_down(impostor.who));
            let other = &mut others[impostor.who];
            turn.impostors.push(impostor.play(watch, model, &self.template, other)?);
        }
        Ok(turn)
    }
}

/// Multiples of the stride from `first` to `last`.
fn due(first: usize, last: usize, stride: usize) -> Vec<usize> {
    (first.next_multiple_of(stride)..=last).step_by(stride).collect()
}

#[cfg(test)]
mod tests;
