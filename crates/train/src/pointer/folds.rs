use super::{
    encoder::{self, Recipe},
    packing,
    people::Person,
};
use crate::calibrate::{cllr, regress};
use anyhow::{Result, ensure};
use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::path::Path;
use stillyou_evaluate::{
    metrics::{Measured, Measures, Trial},
    pointer::{Embedded, strokes},
};
use stillyou_models::pointer::{Calibration, MIN_WINDOW, Model, PackSource, Template, WINDOW};

/// Scores of people by networks that never saw them.
#[derive(Default)]
pub struct Scored {
    /// Whole sessions.
    sessions: Vec<Scores>,
    /// Windows of several lengths.
    windows: Vec<Scores>,
}

#[derive(Clone, Copy)]
struct Scores {
    fold: usize,
    enrolled: usize,
    genuine: bool,
    score: f64,
    strokes: usize,
}

/// Divides people into folds by the seed, and scores each with a network trained on the others. Impostors are the others
/// of a fold: nobody in a trial was trained on.
pub fn cross_validate(people: &[Person], folds: usize, recipe: &Recipe, out: &Path) -> Result<Scored> {
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(recipe.seed));
    let mut scored = Scored::default();
    for fold in 0..folds {
        let fold_of = |at: usize| at % folds == fold;
        let pick =
            |inside: bool| order.iter().enumerate().filter(move |(at, _)| fold_of(*at) == inside).map(|(_, p)| *p);
        let train: Vec<&Person> = pick(false).map(|p| &people[p]).collect();
        let network = encoder::train(&train, recipe)?;
        let folder = out.join(format!("fold-{fold}"));
        packing::write(&folder, &network, &train, recipe, NEUTRAL)?;
        let model = Model::load(&PackSource::Directory(folder))?;
        scored.add(fold, &model, people, &pick(true).collect::<Vec<_>>())?;
        let so_far = scored.measures(0).map_or(f64::NAN, |m| m.eer.value);
        println!("fold {} of {folds}: {} people scored so far, EER {:.2} %", fold + 1, scored.people(), so_far * 100.0);
    }
    Ok(scored)
}

/// Scores as they are.
const NEUTRAL: Calibration = Calibration { intercept: 0.0, slope: 1.0, length_intercept: 0.0, length_slope: 0.0 };

impl Scored {
    fn add(&mut self, fold: usize, model: &Model, people: &[Person], chosen: &[usize]) -> Result<()> {
        let mut templates: Vec<(usize, Template)> = Vec::new();
        let mut probes = Vec::new();
        for at in chosen {
            let (enrol, probe) = (Embedded::of(model, &people[*at].enrol)?, Embedded::of(model, &people[*at].probe)?);
            if let (Some(enrol), Some(probe)) = (enrol, probe) {
                templates.push((*at, Embedded::template(model, &[enrol])?));
                probes.push((*at, probe, windows(model, &people[*at])?));
            }
        }
        ensure!(templates.len() >= 2, "a fold with {} people; 2 are needed", templates.len());
        for (enrolled, template) in &templates {
            for (who, session, windows) in &probes {
                let genuine = who == enrolled;
                let of = |score, strokes| Scores { fold, enrolled: *enrolled, genuine, score, strokes };
                self.sessions.push(of(session.score(model, template)?.0, session.strokes()));
                for (window, strokes) in windows {
                    self.windows.push(of(window.score(model, template)?.0, *strokes));
                }
            }
        }
        Ok(())
    }

    fn people(&self) -> usize {
        self.sessions.iter().filter(|s| s.genuine).count()
    }

    /// From scores of windows and sessions to log-likelihood ratios.
    pub fn calibration(&self) -> Calibration {
        calibrate(self.sessions.iter().chain(&self.windows))
    }

    /// Rates of whole sessions; each fold calibrated on the others.
    fn measures(&self, seed: u64) -> Option<Measures> {
        let folds = self.sessions.iter().map(|s| s.fold).max()? + 1;
        let calibrations: Vec<Calibration> = (0..folds)
            .map(|fold| calibrate(self.sessions.iter().chain(&self.windows).filter(|s| s.fold != fold || folds == 1)))
            .collect();
        let mut subjects: Vec<usize> = self.sessions.iter().map(|s| s.enrolled).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let trial = |s: &Scores| Trial {
            enrolled: subjects.binary_search(&s.enrolled).unwrap_or(0) as u32,
            genuine: s.genuine,
            score: s.score,
            llr_nats: calibrations[s.fold].llr_nats(s.score, s.strokes),
        };
        Measures::of(&self.sessions.iter().map(trial).collect::<Vec<_>>(), seed)
    }

    /// Prints the rates of whole sessions and of single windows.
    pub fn tell(&self, seed: u64) {
        if let Some(m) = self.measures(seed) {
            println!("{} people, {} genuine and {} impostor trials, seed {seed}", self.people(), m.genuine, m.impostor);
            let percent = |what: &str, r: &Measured| {
                let (low, high) = r.interval;
                println!("  {what} {:.2} % (95 %: {:.2} to {:.2})", r.value * 100.0, low * 100.0, high * 100.0);
            };
            percent("EER, 1 minute against 3:", &m.eer);
            percent("FNMR at FMR 1 %:", &m.fnmr_at_fmr_1e_2);
            println!("  Cllr {:.3} (95 %: {:.3} to {:.3})", m.cllr.value, m.cllr.interval.0, m.cllr.interval.1);
        }
        let calibration = self.calibration();
        for length in LENGTHS {
            let of: Vec<&Scores> = self.windows.iter().filter(|s| s.strokes == length).collect();
            let trials: Vec<Trial> = of
                .iter()
                .map(|s| Trial {
                    enrolled: s.enrolled as u32,
                    genuine: s.genuine,
                    score: s.score,
                    llr_nats: calibration.llr_nats(s.score, s.strokes),
                })
                .collect();
            if let Some(m) = Measures::of(&trials, seed) {
                let cost = cllr(trials.iter().map(|t| (t.llr_nats, t.genuine)));
                println!("  windows of {length} strokes: EER {:.2} %, Cllr {cost:.3}", m.eer.value * 100.0);
            }
        }
        println!("  {calibration:?}");
    }
}

const LENGTHS: [usize; 3] = [MIN_WINDOW, 25, WINDOW];

fn calibrate<'a>(scores: impl Iterator<Item = &'a Scores>) -> Calibration {
    let terms: Vec<_> = scores.map(|s| (Calibration::terms(s.score, s.strokes), s.genuine)).collect();
    let [intercept, slope, length_intercept, length_slope] = regress(&terms);
    Calibration { intercept, slope, length_intercept, length_slope }
}

/// Windows of each of the lengths, one after another, from a person's probing session.
fn windows(model: &Model, person: &Person) -> Result<Vec<(Embedded, usize)>> {
    let strokes = strokes(&person.probe);
    let mut all = Vec::new();
    for length in LENGTHS {
        for window in strokes.chunks_exact(length) {
            all.push((Embedded::of_windows(model, &[window])?, length));
        }
    }
    Ok(all)
}
