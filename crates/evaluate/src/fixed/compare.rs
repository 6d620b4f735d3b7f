use super::folds::{self, FOLDS};
use super::report::{Detected, EnrolmentSize, ScoredRepetition, TextReport};
use super::texts::TypedText;
use super::{Classical, IMPOSTOR_REPETITIONS, report};
use crate::EvaluateError;
use crate::metrics::{Trial, eer};
use std::collections::BTreeSet;
use stillyou_models::fixed::logistic::{self, Example};
use stillyou_models::fixed::{Detector, FixedError, Habit, KINDS, Population, Rhythm, Template, Weighing};

/// Repetitions that enrol, besides all that train.
const SIZES: [usize; 4] = [5, 10, 20, 50];

/// First repetitions that make a person's habit as one who doesn't know the text.
const FIRST: usize = 10;

/// What keeps the slope small where few people teach them.
const RIDGE: f64 = 1e-4;

/// Everything about one text.
pub fn text(text: &TypedText, least: usize, seed: u64) -> Result<TextReport, EvaluateError> {
    let n = text.people.iter().map(|p| p.repetitions.len()).min().unwrap_or(0);
    let half = n / 2;
    let subjects: Vec<&str> = text.people.iter().map(|p| p.subject.as_str()).collect();
    let folds = folds::deal(&subjects, seed);
    let mut detectors = Vec::new();
    for classical in Classical::ALL {
        let trials = classical_trials(classical, text, half);
        detectors.push(Detected::new(classical.name(), &trials, subjects.len(), seed));
    }
    let rhythms: Vec<Vec<Rhythm>> = text
        .people
        .iter()
        .map(|p| p.repetitions.iter().take(2 * half).map(|r| Rhythm::of(r)).collect())
        .collect::<Result<_, _>>()?;
    let bench = Bench { keys: text.keys, half, folds, rhythms };
    let own = bench.trials(half, Impostors::First)?;
    let practised = bench.trials(half, Impostors::Practised)?;
    let mut sizes = Vec::new();
    for size in SIZES.into_iter().filter(|s| *s < half) {
        sizes.push(EnrolmentSize::new(size, &bench.trials(size, Impostors::First)?, subjects.len(), seed));
    }
    sizes.push(EnrolmentSize::new(half, &own, subjects.len(), seed));
    Ok(TextReport {
        name: text.name.clone(),
        keys: text.keys,
        people: subjects.iter().map(|s| (*s).to_owned()).collect(),
        least,
        n,
        dropped: text.dropped,
        own: Detected::new("stillyou", &own, subjects.len(), seed),
        practised: Detected::new("stillyou", &practised, subjects.len(), seed),
        pooled: report::pooled(&own, seed),
        sizes,
        classical: detectors,
    })
}

fn classical_trials(classical: Classical, text: &TypedText, half: usize) -> Vec<ScoredRepetition> {
    let times: Vec<Vec<Vec<f64>>> =
        text.people.iter().map(|p| p.repetitions.iter().take(2 * half).map(|r| classical.times(r)).collect()).collect();
    let mut trials = Vec::new();
    for (who, mine) in times.iter().enumerate() {
        let trained = classical.train(&mine[..half]);
        let mut add = |probe: usize, repetition: usize| {
            let score = trained.score(&times[probe][repetition]);
            trials.push(ScoredRepetition::new(who, probe, repetition, score, score));
        };
        (half..2 * half).for_each(|r| add(who, r));
        for other in (0..times.len()).filter(|o| *o != who) {
            (0..IMPOSTOR_REPETITIONS).for_each(|r| add(other, r));
        }
    }
    trials
}

/// Which repetitions of others are impostor trials.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Impostors {
    /// The first: they don't know the text.
    First,
    /// The last of the `n`: they know it as well as its owner.
    Practised,
}

/// The rhythms of a text's people.
struct Bench {
    keys: usize,
    half: usize,
    folds: Vec<usize>,
    /// The first `2 half` of each person.
    rhythms: Vec<Vec<Rhythm>>,
}

/// A repetition against a template: whose, which, and the template's log density.
struct Seen {
    who: usize,
    probe: usize,
    repetition: usize,
    density: [f64; KINDS.len()],
}

impl Bench {
    /// Every trial of every person, enrolled with their first `enrol` repetitions.
    fn trials(&self, enrol: usize, impostors: Impostors) -> Result<Vec<ScoredRepetition>, FixedError> {
        let people = self.folds.len();
        let habits = self.rhythms.iter().map(|r| Habit::of(&r[..FIRST.min(r.len())])).collect::<Result<Vec<_>, _>>()?;
        let templates = self.rhythms.iter().map(|r| Template::enrol(&r[..enrol])).collect::<Result<Vec<_>, _>>()?;
        let mut scored: Vec<Seen> = Vec::new();
        let mut taught: Vec<Seen> = Vec::new();
        for (who, template) in templates.iter().enumerate() {
            let see = |probe: usize, repetition: usize| {
                let density = template.log_density(&self.rhythms[probe][repetition]);
                Seen { who, probe, repetition, density }
            };
            scored.extend((self.half..2 * self.half).map(|r| see(who, r)));
            for other in (0..people).filter(|o| *o != who) {
                let first = if impostors == Impostors::First { 0 } else { 2 * self.half - IMPOSTOR_REPETITIONS };
                scored.extend((first..first + IMPOSTOR_REPETITIONS).map(|r| see(other, r)));
                taught.extend((0..IMPOSTOR_REPETITIONS).map(|r| see(other, r)));
            }
            taught.extend((self.half..2 * self.half).map(|r| see(who, r)));
        }
        let mut detectors = Vec::new();
        for one in 0..FOLDS {
            for other in one..FOLDS {
                let known: Vec<usize> =
                    (0..people).filter(|p| self.folds[*p] != one && self.folds[*p] != other).collect();
                detectors.push(((one, other), self.learn(&known, &habits, &taught)?));
            }
        }
        let mut trials = Vec::with_capacity(scored.len());
        for seen in &scored {
            let mine = self.folds[seen.who];
            let theirs = if seen.probe == seen.who { seen.repetition % FOLDS } else { self.folds[seen.probe] };
            let pair = (mine.min(theirs), mine.max(theirs));
            let Some((_, (population, weighing))) = detectors.iter().find(|(of, _)| *of == pair) else { continue };
            let llr = weighing.llr_nats(self.score(seen, population));
            trials.push(ScoredRepetition::new(seen.who, seen.probe, seen.repetition, llr, llr));
        }
        Ok(trials)
    }

    /// A population and a calibration from people who are `known`, each taking the owner's part in turn while the population
    /// comes from the rest of them.
    fn learn(&self, known: &[usize], habits: &[Habit], seen: &[Seen]) -> Result<(Population, Weighing), FixedError> {
        let population = self.population(known, habits, &[])?;
        let members: BTreeSet<usize> = known.iter().copied().collect();
        let mut examples: Vec<Example<1>> = Vec::new();
        for group in seen.chunk_by(|a, b| (a.who, a.probe) == (b.who, b.probe)) {
            let Some(first) = group.first() else { continue };
            if !members.contains(&first.who) || !members.contains(&first.probe) {
                continue;
            }
            let rest = self.population(known, habits, &[first.who, first.probe])?;
            examples.extend(group.iter().map(|s| Example {
                terms: [self.score(s, &rest)],
                genuine: s.who == s.probe,
                weight: 1.0 / group.len() as f64,
            }));
        }
        let fitted = if known.len() < FEW { None } else { logistic::fit(&examples, RIDGE) };
        let weighing = fitted.map_or(Weighing::TYPICAL, |(intercept, [slope])| Weighing { intercept, slope });
        Ok((population, weighing))
    }

    fn population(&self, of: &[usize], habits: &[Habit], without: &[usize]) -> Result<Population, FixedError> {
        let mut left = of.iter().filter(|p| !without.contains(p)).filter_map(|p| habits.get(*p)).peekable();
        if left.peek().is_none() { Population::typical(self.keys) } else { Population::learn(left) }
    }

    fn score(&self, seen: &Seen, population: &Population) -> f64 {
        let others = population.log_density(&self.rhythms[seen.probe][seen.repetition]);
        Detector::score(&seen.density, &others, self.keys)
    }
}

/// The fewest people that a calibration is learnt from.
const FEW: usize = 4;

/// Every person's own equal error rate.
pub fn rates(trials: &[ScoredRepetition], people: usize) -> Vec<f64> {
    let mut of: Vec<Vec<Trial>> = vec![Vec::new(); people];
    for t in trials {
        of[t.enrolled].push(Trial { enrolled: 0, genuine: t.genuine(), score: t.score, llr_nats: t.llr_nats });
    }
    of.iter().map(|trials| eer(trials)).collect()
}
