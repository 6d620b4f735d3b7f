//! What attackers get: forged, replayed, injected and shared typing against the model, the belief, and the signal "is this
//! a person at this keyboard" ([`Pad`]).
//!
//! Sentences 1 to 10 make the template as in [`session`](crate::session). The owner is verified, types sentences 11 to 15,
//! and is verified again, so that an attack begins at the best odds a session can have. Then one attack of
//! [`KEYSTROKES`] keystrokes follows, in a window of its own, and nobody answers. Each attack is played twice: with the
//! signal and without it. Counted are its full windows whose evidence speaks for the owner (accepted), and the attacks
//! that never come to step-up. A finding takes the place of the window's evidence where it says more against
//! the person.
//!
//! What is forged is told by [`Attack`]; [`forge`] makes it. Text is the owner's own: sentences 11 to 15, then 1 to 10.
//! Forged times come from the owner's sentences 1 to 10, or from all people evaluated, the owner among them. Everything random is drawn by
//! ChaCha8 from the seed, a stream a person and attack.

pub mod forge;
mod kind;
mod play;
mod report;
mod typing;

pub use kind::{Attack, Victim};
pub use report::{Fared, Report, Share};
pub use typing::joined;

use crate::keystroke::samples::{self, Candidate, Samples};
use crate::{
    EvaluateError, LeftOut, Progress, Recogniser, Subjects,
    population::{FreeText, Population},
};
use forge::Habits;
use play::Before;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::PathBuf;
use stillyou_models::keystroke::pad::Pad;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::Policy;

/// An attack's length.
pub const KEYSTROKES: usize = 500;

/// Sentences that make the template.
pub const ENROL: usize = 10;

/// What to try on whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// A recording, a set's folder or a folder of sets.
    pub data: PathBuf,
    /// Which of its subjects.
    pub subjects: Subjects,
    /// Draws forgeries, impostors and resamples.
    pub seed: u64,
    /// Whether subjects that the model was trained or calibrated on stay in.
    pub include_seen: bool,
    /// Caps, thresholds, hazards and odds.
    pub policy: Policy,
}

impl Options {
    /// The defaults: all subjects not seen, seed 1, default policy.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), subjects: Subjects::All, seed: 1, include_seen: false, policy: Policy::default() }
    }
}

/// Plays every attack on everybody. The same options and model give the same report.
///
/// # Errors
/// As [`keystroke::evaluate`](crate::keystroke::evaluate).
pub fn evaluate<R: Recogniser>(options: &Options, model: &R, progress: Progress) -> Result<Report, EvaluateError> {
    let population =
        Population::load(&options.data, FreeText::Sentences, options.subjects, options.include_seen, model)?;
    let mut left_out = LeftOut { seen: population.seen, ..LeftOut::default() };
    let mut victims: Vec<(Samples, Victim)> = Vec::new();
    for (_, person) in &population.people {
        match samples::of(person, ENROL, &mut 0) {
            Candidate::Usable(samples) => victims.extend(Victim::of(person).map(|v| (samples, v))),
            Candidate::TooFewToEnrol => left_out.too_few_to_enrol += 1,
            Candidate::NoProbe => left_out.no_probe += 1,
        }
    }
    let people = Habits::of(victims.iter().flat_map(|(_, v)| v.enrol.iter().map(Vec::as_slice)));
    let (Some(people), 2..) = (people, victims.len()) else {
        let share = format!("{} subjects (share: {})", population.in_share, options.subjects);
        return Err(EvaluateError::TooFew { left: victims.len(), share, why: left_out.to_string() });
    };
    let mut fared: Vec<Fared> = Attack::all().into_iter().map(Fared::new).collect();
    let mut owners = Vec::with_capacity(victims.len());
    let unused = Pad::new();
    for (at, (samples, victim)) in victims.iter().enumerate() {
        let enrolled: Vec<&[Keystroke]> = samples.enrol.iter().map(|s| s.keystrokes.as_slice()).collect();
        let template = model.template(&model.embed(&enrolled)?, samples.enrolled_keystrokes())?;
        let mut pad = Pad::new();
        let alone = play::play(&options.policy, model, &template, &victim.session, &mut pad)?;
        owners.push((alone, victim.session.len()));
        pad.settle();
        for (number, fared) in fared.iter_mut().enumerate() {
            let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
            rng.set_stream((at * 1_000 + number) as u64);
            let other = victims.get((at + rng.random_range(1..victims.len())) % victims.len()).map(|(_, v)| v);
            let typed = fared.attack.forge(victim, &people, other.unwrap_or(victim), &mut rng);
            // In turns the owner types sentences 11 to 15 again: as recorded, not as a replay.
            let turns = matches!(fared.attack, Attack::TurnsBySentence | Attack::TurnsByHundred);
            let pad = if turns { &unused } else { &pad };
            let begun = Before { policy: &options.policy, model, template: &template, pad };
            fared.add(begun.attacked(&typed)?);
        }
        progress(at + 1, victims.len());
    }
    let (pack, pack_hash) = model.version();
    let about = report::About {
        sets: population.sets,
        subjects: options.subjects,
        in_share: population.in_share,
        people: victims.len(),
        left_out,
        seed: options.seed,
        include_seen: options.include_seen,
        pack,
        pack_hash,
    };
    Ok(Report::of(about, &owners, fared))
}

#[cfg(test)]
mod tests;
