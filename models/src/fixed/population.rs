use super::rhythm::kind;
use super::{FixedError, KINDS, Kind, Rhythm};

/// How one person types a text they don't know yet: the centre and the spread of every time.
#[derive(Clone, Debug, PartialEq)]
pub struct Habit {
    keys: usize,
    centre: Vec<f64>,
    spread: Vec<f64>,
}

impl Habit {
    /// The habit seen in a person's first repetitions.
    ///
    /// # Errors
    /// When there are none, or they are not of one text.
    pub fn of(repetitions: &[Rhythm]) -> Result<Self, FixedError> {
        let keys = repetitions.first().ok_or(FixedError::Nobody)?.keys();
        same_text(repetitions, keys)?;
        let (centre, spread) = (0..3 * keys - 2).map(|at| centre_and_spread(repetitions, at)).unzip();
        Ok(Self { keys, centre, spread })
    }
}

/// How people type a text they don't know: a Student density of every time, wide enough for the person and for the
/// differences between people.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    keys: usize,
    centre: Vec<f64>,
    spread: Vec<f64>,
}

impl Population {
    /// Of any text of `keys` keys, from sizes measured on `bksd` and `iiitbh`.
    ///
    /// # Errors
    /// When a text can't have so many keys.
    pub fn typical(keys: usize) -> Result<Self, FixedError> {
        if !(super::MIN_KEYS..=super::MAX_KEYS).contains(&keys) {
            return Err(FixedError::Length { keys });
        }
        let (centre, spread) = (0..3 * keys - 2).map(|at| typical(kind(at, keys))).unzip();
        Ok(Self { keys, centre, spread })
    }

    /// Of one text, from the habits of people who typed it; [`Population::typical`] counts as one more person, so that
    /// two or three people are enough.
    ///
    /// # Errors
    /// When there is nobody, or the texts differ.
    pub fn learn<'a>(people: impl IntoIterator<Item = &'a Habit>) -> Result<Self, FixedError> {
        let people: Vec<&Habit> = people.into_iter().collect();
        let keys = people.first().ok_or(FixedError::Nobody)?.keys;
        if let Some(other) = people.iter().find(|p| p.keys != keys) {
            return Err(FixedError::OtherText { keys: other.keys, expected: keys });
        }
        let prior = Self::typical(keys)?;
        let n = people.len() as f64;
        let (centre, spread) = (0..prior.centre.len())
            .map(|at| {
                let (m0, s0) = (prior.centre[at], prior.spread[at]);
                let centre = people.iter().map(|p| p.centre[at]).sum::<f64>() / n;
                let centre = (n * centre + PRIOR * m0) / (n + PRIOR);
                let square = |p: &&Habit| (p.centre[at] - centre).powi(2) + p.spread[at].powi(2);
                let variance = (people.iter().map(square).sum::<f64>() + PRIOR * s0 * s0) / (n + PRIOR);
                (centre, variance.sqrt() * (1.0 + 1.0 / (n + PRIOR)).sqrt())
            })
            .unzip();
        Ok(Self { keys, centre, spread })
    }

    /// How many keys its text has.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// The log density of the times of a rhythm of the same text, as if they were independent, summed for each of
    /// [`KINDS`].
    pub fn log_density(&self, rhythm: &Rhythm) -> [f64; KINDS.len()] {
        let mut sums = [0.0; KINDS.len()];
        for (at, x) in rhythm.values().iter().enumerate() {
            let z = (f64::from(*x) - self.centre[at]) / (WIDER * self.spread[at]);
            sums[kind(at, self.keys) as usize] +=
                STUDENT_3 - (WIDER * self.spread[at]).ln() - 2.0 * (z * z / 3.0).ln_1p();
        }
        sums
    }
}

/// That all are of a text of `keys` keys.
pub(super) fn same_text(repetitions: &[Rhythm], keys: usize) -> Result<(), FixedError> {
    match repetitions.iter().find(|r| r.keys() != keys) {
        Some(other) => Err(FixedError::OtherText { keys: other.keys(), expected: keys }),
        None => Ok(()),
    }
}

/// Median, and a spread that a few hesitations don't move much: between mean and median of the absolute deviations,
/// both scaled to the standard deviation of a normal distribution.
pub(super) fn centre_and_spread(repetitions: &[Rhythm], at: usize) -> (f64, f64) {
    let mut values: Vec<f64> = repetitions.iter().map(|r| f64::from(r.values()[at])).collect();
    let centre = median(&mut values);
    values.iter_mut().for_each(|v| *v = (*v - centre).abs());
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (centre, 0.5 * (1.2533 * mean + 1.4826 * median(&mut values)))
}

/// How much a person's times vary once they know the text: the median over people and places.
pub(super) fn typical_within(kind: Kind) -> f64 {
    match kind {
        Kind::Hold => 0.17,
        Kind::PressToPress => 0.19,
        Kind::ReleaseToPress => 0.26,
    }
}

/// Centre and spread of first repetitions over people and places.
fn typical(kind: Kind) -> (f64, f64) {
    match kind {
        Kind::Hold => (-2.43, 0.35),
        Kind::PressToPress => (1.76, 0.79),
        Kind::ReleaseToPress => (1.39, 1.05),
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 { values[half] } else { 0.5 * (values[half - 1] + values[half]) }
}

/// How many people the typical population counts for.
const PRIOR: f64 = 1.0;

/// Whoever tries a text they have seen typed is less like the first-timers than these are like each other.
const WIDER: f64 = 1.5;

/// `ln Γ(2) − ln Γ(3/2) − ½ ln(3π)`: the constant of Student's density with 3 degrees of freedom.
const STUDENT_3: f64 = -1.000_888_849_623_509_5;
