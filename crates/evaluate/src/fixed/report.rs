use super::compare::rates;
use crate::metrics::{Measures, RESAMPLES, Trial, percentile, resample};
use crate::{EvaluateError, Subjects};
use serde_json::{Map, Value, json};
use std::{fmt, io::Write};

/// One repetition against one person's training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoredRepetition {
    /// Who is enrolled, as a number of [`TextReport::people`].
    pub enrolled: usize,
    /// Who typed.
    pub probe: usize,
    /// Which of the typist's repetitions, from 0.
    pub repetition: usize,
    /// Higher is more genuine.
    pub score: f64,
    /// Our detector: the calibrated log-likelihood ratio; others: the score.
    pub llr_nats: f64,
}

/// What a detector came to on one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Detected {
    /// Its name.
    pub name: &'static str,
    /// The mean of the people's own equal error rates.
    pub eer: f64,
    /// Its 95 % interval, bootstrapped over people.
    pub interval: (f64, f64),
    /// Each person's own.
    pub rates: Vec<f64>,
    /// Every comparison.
    pub trials: Vec<ScoredRepetition>,
}

/// Our detector after so many repetitions.
#[derive(Clone, Debug, PartialEq)]
pub struct EnrolmentSize {
    /// The first so many enrol.
    pub repetitions: usize,
    /// The mean of the people's own equal error rates.
    pub eer: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
}

/// One text.
#[derive(Clone, Debug, PartialEq)]
pub struct TextReport {
    /// What the recording calls it.
    pub name: String,
    /// How many keys it has.
    pub keys: usize,
    /// Who is compared.
    pub people: Vec<String>,
    /// The fewest repetitions a person had to have.
    pub least: usize,
    /// The smallest number of repetitions among them.
    pub n: usize,
    /// Repetitions that were not of the text, left out.
    pub dropped: usize,
    /// Our detector.
    pub own: Detected,
    /// The same against impostors who know the text: their last repetitions instead of their first.
    pub practised: Detected,
    /// Our detector's log-likelihood ratios under one threshold for all.
    pub pooled: Option<Measures>,
    /// Our detector after fewer repetitions.
    pub sizes: Vec<EnrolmentSize>,
    /// The detectors of the literature.
    pub classical: Vec<Detected>,
}

/// Error rates with all that is needed to make them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The sets, by the names of their folders.
    pub sets: Vec<String>,
    /// The share asked for.
    pub subjects: Subjects,
    /// What dealt the folds and drew the resamples.
    pub seed: u64,
    /// Every text that two people or more typed often enough.
    pub texts: Vec<TextReport>,
}

impl ScoredRepetition {
    pub(super) fn new(enrolled: usize, probe: usize, repetition: usize, score: f64, llr_nats: f64) -> Self {
        Self { enrolled, probe, repetition, score, llr_nats }
    }

    /// Whether the enrolled person typed it.
    pub fn genuine(&self) -> bool {
        self.enrolled == self.probe
    }
}

impl Detected {
    pub(super) fn new(name: &'static str, trials: &[ScoredRepetition], people: usize, seed: u64) -> Self {
        let rates = rates(trials, people);
        let interval = interval(&rates, seed);
        Self { name, eer: mean(&rates), interval, rates, trials: trials.to_vec() }
    }
}

impl EnrolmentSize {
    pub(super) fn new(repetitions: usize, trials: &[ScoredRepetition], people: usize, seed: u64) -> Self {
        let rates = rates(trials, people);
        Self { repetitions, eer: mean(&rates), interval: interval(&rates, seed) }
    }
}

/// All trials under one threshold.
pub(super) fn pooled(trials: &[ScoredRepetition], seed: u64) -> Option<Measures> {
    let one = |t: &ScoredRepetition| Trial {
        enrolled: t.enrolled as u32,
        genuine: t.genuine(),
        score: t.score,
        llr_nats: t.llr_nats,
    };
    Measures::of(&trials.iter().map(one).collect::<Vec<_>>(), seed)
}

impl TextReport {
    /// The best classical detector.
    pub fn best_classical(&self) -> Option<&Detected> {
        self.classical.iter().min_by(|a, b| a.eer.total_cmp(&b.eer))
    }

    fn to_json(&self) -> Value {
        let detectors: Map<String, Value> = self
            .classical
            .iter()
            .map(|d| (d.name.to_owned(), json!({ "eer": d.eer, "eer_ci": pair(d.interval) })))
            .collect();
        let sizes: Vec<Value> = self
            .sizes
            .iter()
            .map(|s| json!({ "repetitions": s.repetitions, "eer": s.eer, "eer_ci": pair(s.interval) }))
            .collect();
        let users: Map<String, Value> =
            self.people.iter().zip(&self.own.rates).map(|(who, rate)| (who.clone(), json!(rate))).collect();
        json!({
            "people": self.people.len(),
            "keys": self.keys,
            "least_repetitions": self.least,
            "n": self.n,
            "repetitions_dropped": self.dropped,
            "genuine": self.own.trials.iter().filter(|t| t.genuine()).count(),
            "impostor": self.own.trials.iter().filter(|t| !t.genuine()).count(),
            "eer": self.own.eer,
            "eer_ci": pair(self.own.interval),
            "eer_of_users": users,
            "detectors": detectors,
            "best_classical": self.best_classical().map(|d| d.name),
            "ratio_to_best_classical": self.best_classical().map(|d| self.own.eer / d.eer),
            "practised_impostors": { "eer": self.practised.eer, "eer_ci": pair(self.practised.interval) },
            "global_eer": self.pooled.map(|m| m.eer.value),
            "global_eer_ci": self.pooled.map(|m| pair(m.eer.interval)),
            "cllr": self.pooled.map(|m| m.cllr.value),
            "cllr_ci": self.pooled.map(|m| pair(m.cllr.interval)),
            "enrolment": sizes,
        })
    }
}

impl Report {
    /// The report without the trials as JSON; rates from 0 to 1, intervals as `[low, high]`. `texts` holds one object a
    /// text; `eer` and `detectors` beside it are means over texts.
    pub fn to_json(&self) -> Value {
        let texts: Map<String, Value> = self.texts.iter().map(|t| (t.name.clone(), t.to_json())).collect();
        let (eer, interval) = self.overall(|t| &t.own);
        let names = self.texts.first().map(|t| t.classical.iter().map(|d| d.name).collect::<Vec<_>>());
        let detectors: Map<String, Value> = names
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let (eer, interval) = self.overall(|t| &t.classical[at]);
                ((*name).to_owned(), json!({ "eer": eer, "eer_ci": pair(interval) }))
            })
            .collect();
        json!({
            "protocol": "fixed",
            "sets": self.sets,
            "share": self.subjects.to_string(),
            "seed": self.seed,
            "folds": super::folds::FOLDS,
            "resamples": RESAMPLES,
            "texts": texts,
            "eer": eer,
            "eer_ci": pair(interval),
            "detectors": detectors,
        })
    }

    /// Writes every trial of every detector as CSV: `text,detector,enrolled,probe,repetition,genuine,score`; repetitions
    /// are counted from 1.
    ///
    /// # Errors
    /// When `to` can't be written.
    pub fn write_scores(&self, to: impl Write) -> Result<(), EvaluateError> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(["text", "detector", "enrolled", "probe", "repetition", "genuine", "score"])?;
        for text in &self.texts {
            let name = |who: usize| text.people.get(who).map_or("", String::as_str);
            for detected in std::iter::once(&text.own).chain(&text.classical) {
                for t in &detected.trials {
                    let genuine = if t.genuine() { "1" } else { "0" };
                    let (repetition, score) = ((t.repetition + 1).to_string(), t.score.to_string());
                    let (enrolled, probe) = (name(t.enrolled), name(t.probe));
                    csv.write_record([&text.name, detected.name, enrolled, probe, &repetition, genuine, &score])?;
                }
            }
        }
        csv.flush().map_err(|e| EvaluateError::Scores(e.into()))
    }

    /// The mean over texts of a detector's rate, with an interval over people within texts.
    fn overall(&self, of: impl Fn(&TextReport) -> &Detected) -> (f64, (f64, f64)) {
        let texts = self.texts.len() as f64;
        let value = self.texts.iter().map(|t| of(t).eer).sum::<f64>() / texts;
        let mut sums = vec![0.0; RESAMPLES];
        for text in &self.texts {
            for (sum, drawn) in sums.iter_mut().zip(resampled(&of(text).rates, self.seed)) {
                *sum += drawn / texts;
            }
        }
        (value, (percentile(&mut sums, 0.025), percentile(&mut sums, 0.975)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sets = self.sets.join(", ");
        writeln!(f, "fixed text, one repetition against one person's training; mean of the people's own EER (95 %)")?;
        writeln!(f, "  data       {sets}, share: {}, seed {}", self.subjects, self.seed)?;
        for text in &self.texts {
            writeln!(
                f,
                "{}: {} keys, {} people with {} repetitions or more, n = {}",
                text.name,
                text.keys,
                text.people.len(),
                text.least,
                text.n
            )?;
            if text.dropped > 0 {
                writeln!(f, "  dropped    {} repetitions that were not of this text", text.dropped)?;
            }
            writeln!(f, "  {:<26} {}", "stillyou", Rate(text.own.eer, text.own.interval))?;
            for d in &text.classical {
                writeln!(f, "  {:<26} {}", d.name.replace('_', " "), Rate(d.eer, d.interval))?;
            }
            let practised = Rate(text.practised.eer, text.practised.interval);
            writeln!(f, "  {:<26} {practised}", "… impostors who know it")?;
            for s in &text.sizes {
                let what = format!("… {} repetitions enrol", s.repetitions);
                writeln!(f, "  {what:<26} {}", Rate(s.eer, s.interval))?;
            }
            if let Some(m) = &text.pooled {
                let (eer, cllr) = (Rate(m.eer.value, m.eer.interval), m.cllr.value);
                writeln!(f, "  {:<26} {eer}; Cllr {cllr:.3} bits", "… one threshold for all")?;
            }
        }
        let (eer, interval) = self.overall(|t| &t.own);
        write!(f, "mean over texts: stillyou {}", Rate(eer, interval))?;
        for at in 0..self.texts.first().map_or(0, |t| t.classical.len()) {
            let (eer, interval) = self.overall(|t| &t.classical[at]);
            let name = self.texts.first().map_or("", |t| t.classical[at].name).replace('_', " ");
            write!(f, "\n  {name} {}", Rate(eer, interval))?;
        }
        Ok(())
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn interval(rates: &[f64], seed: u64) -> (f64, f64) {
    let mut means = resampled(rates, seed);
    (percentile(&mut means, 0.025), percentile(&mut means, 0.975))
}

fn resampled(rates: &[f64], seed: u64) -> Vec<f64> {
    let mut means = Vec::with_capacity(RESAMPLES);
    resample(rates.len(), seed, |times| {
        let sum: f64 = rates.iter().zip(times).map(|(r, n)| r * f64::from(*n)).sum();
        means.push(sum / rates.len() as f64);
    });
    means
}

fn pair(of: (f64, f64)) -> Value {
    json!([of.0, of.1])
}

struct Rate(f64, (f64, f64));

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} % ({:.2} to {:.2} %)", 100.0 * self.0, 100.0 * self.1.0, 100.0 * self.1.1)
    }
}
