use super::{FixedError, KINDS, Population, Rhythm, Template};

/// From a score to a log-likelihood ratio, by logistic regression on people who were recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighing {
    /// Nats at score 0.
    pub intercept: f64,
    /// Nats per unit of score.
    pub slope: f64,
}

/// Weighs a template against a population.
#[derive(Clone, Debug, PartialEq)]
pub struct Detector {
    population: Population,
    weighing: Weighing,
}

impl Detector {
    /// A detector for one text.
    pub fn new(population: Population, weighing: Weighing) -> Self {
        Self { population, weighing }
    }

    /// A detector for any text of `keys` keys.
    ///
    /// # Errors
    /// When a text can't have so many keys.
    pub fn typical(keys: usize) -> Result<Self, FixedError> {
        Ok(Self::new(Population::typical(keys)?, Weighing::TYPICAL))
    }

    /// The calibrated log-likelihood ratio of a repetition in nats: positive speaks for the owner of the template.
    ///
    /// # Errors
    /// When repetition, template and population are not of one text.
    pub fn llr_nats(&self, template: &Template, repetition: &Rhythm) -> Result<f64, FixedError> {
        let expected = template.keys();
        for keys in [repetition.keys(), self.population.keys()] {
            if keys != expected {
                return Err(FixedError::OtherText { keys, expected });
            }
        }
        let (own, others) = (template.log_density(repetition), self.population.log_density(repetition));
        Ok(self.weighing.llr_nats(Self::score(&own, &others, expected)))
    }

    /// Higher is more genuine: for each of [`KINDS`], the log-likelihood ratio of its `n` times as if they were
    /// independent, divided by `√n` because they are not; their sum. From the log densities of template and population for
    /// a text of `keys` keys, at least 2.
    pub fn score(own: &[f64; KINDS.len()], others: &[f64; KINDS.len()], keys: usize) -> f64 {
        let times = [keys, keys - 1, keys - 1];
        (0..KINDS.len()).map(|k| (own[k] - others[k]) / (times[k] as f64).sqrt()).sum()
    }
}

impl Weighing {
    /// Of people of `bksd` and `iiitbh`, after all the repetitions that train there.
    pub const TYPICAL: Weighing = Weighing { intercept: 0.0, slope: 0.5 };

    /// The log-likelihood ratio of a score in nats.
    pub fn llr_nats(&self, score: f64) -> f64 {
        self.intercept + self.slope * score
    }
}
