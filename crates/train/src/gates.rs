use anyhow::Result;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::{collections::BTreeMap, path::Path};
use stillyou_models::keystroke::{Enrolment, EnrolmentProblem, EnrolmentRules, MIN_WINDOW, Model, WINDOW};
use stillyou_recordings::{Person, Share, discover};
use stillyou_sense::keyboard::Keystroke;

/// Tells how the enrolment's gates do on people of a recorded set's share: alone with 10 and with all sentences, and
/// two people mixed at 3 to 7, 5 to 5 and 7 to 7 sentences.
pub fn gates(model: &Model, data: &Path, share: Share) -> Result<()> {
    let rules = EnrolmentRules { min_keystrokes: 250, max_self_rejects: 1.0 };
    let mut people: Vec<Person> = Vec::new();
    for source in discover(data)? {
        let set = source.load()?;
        people.extend(set.people.into_iter().filter(|p| Share::of(&set.name, &p.subject) == share));
    }
    for sentences in [10, 15] {
        let mut outcomes = Outcomes::default();
        for person in &people {
            outcomes.add(enrol(model, &windows(person, 0, sentences), &rules)?);
        }
        outcomes.tell(&format!("{} people alone, {sentences} sentences", people.len()));
    }
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (first, second) in [(7, 3), (5, 5), (7, 7)] {
        let mut outcomes = Outcomes::default();
        for (at, person) in people.iter().enumerate() {
            let other = &people[(at + rng.random_range(1..people.len())) % people.len()];
            let mixed = [windows(person, 0, first), windows(other, 0, second)].concat();
            outcomes.add(enrol(model, &mixed, &rules)?);
        }
        outcomes.tell(&format!("{} pairs, {first} and {second} sentences", people.len()));
    }
    Ok(())
}

fn windows(person: &Person, from: usize, count: usize) -> Vec<&[Keystroke]> {
    let sentences = person.sessions.iter().skip(from).take(count).map(|s| s.keystrokes.as_slice());
    sentences.map(|k| &k[..k.len().min(WINDOW)]).filter(|k| k.len() >= MIN_WINDOW).collect()
}

type Outcome = Result<(f64, f64), EnrolmentProblem>;

fn enrol(model: &Model, windows: &[&[Keystroke]], rules: &EnrolmentRules) -> Result<Outcome> {
    let mut enrolment = Enrolment::new(model);
    for window in windows {
        enrolment.push(model, window)?;
    }
    let mean = |llrs: &[f64]| llrs.iter().sum::<f64>() / llrs.len().max(1) as f64;
    Ok(enrolment.finish(model, rules).map(|e| (e.self_rejects, mean(&e.self_llrs_nats))))
}

#[derive(Default)]
struct Outcomes {
    named: BTreeMap<&'static str, usize>,
    self_rejects: Vec<f64>,
}

impl Outcomes {
    fn add(&mut self, outcome: Outcome) {
        let name = match outcome {
            Ok((rejects, _)) => {
                self.self_rejects.push(rejects);
                "template"
            }
            Err(EnrolmentProblem::TooFew { .. }) => "too few",
            Err(EnrolmentProblem::TooUniform { .. }) => "too uniform",
            Err(EnrolmentProblem::TwoPeople { .. }) => "two people",
            Err(_) => "other",
        };
        *self.named.entry(name).or_default() += 1;
    }

    fn tell(&mut self, what: &str) {
        self.self_rejects.sort_by(f64::total_cmp);
        let at =
            |q: f64| self.self_rejects.get((self.self_rejects.len() as f64 * q) as usize).copied().unwrap_or(f64::NAN);
        let mean = self.self_rejects.iter().sum::<f64>() / self.self_rejects.len().max(1) as f64;
        let (named, p90, p95) = (&self.named, at(0.9), at(0.95));
        println!("{what}: {named:?}; own windows refused: mean {mean:.3}, p90 {p90:.2}, p95 {p95:.2}");
    }
}
