use super::Protocol;
use crate::{
    EvaluateError, LeftOut, Subjects,
    metrics::{Measured, Measures, RESAMPLES, Trial},
};
use serde_json::{Value, json};
use std::{fmt, io::Write};

/// A trial with the names of those compared.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoredTrial {
    /// Numbers for the arithmetic.
    pub trial: Trial,
    /// Whose template.
    pub enrolled: String,
    /// Who typed the probe.
    pub probe: String,
    /// The probe's sentence; of a stream, its window, from 1.
    pub session: u32,
}

impl ScoredTrial {
    pub(super) fn new(
        (at, enrolled): (usize, &str),
        (who, probe): (usize, &str),
        session: u32,
        score: f64,
        llr_nats: f64,
    ) -> Self {
        let trial = Trial { enrolled: at as u32, genuine: at == who, score, llr_nats };
        Self { trial, enrolled: enrolled.to_owned(), probe: probe.to_owned(), session }
    }
}

/// Error rates with all that is needed to make them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The sets, by the names of their folders.
    pub sets: Vec<String>,
    /// The share asked for.
    pub subjects: Subjects,
    /// Subjects of that share.
    pub in_share: usize,
    /// Subjects enrolled and compared.
    pub evaluated: usize,
    /// The others, and why.
    pub left_out: LeftOut,
    /// Sentences of under 20 keystrokes, dropped.
    pub dropped_short: usize,
    /// How typing was cut into samples.
    pub protocol: Protocol,
    /// What drew impostors and resamples.
    pub seed: u64,
    /// Whether subjects seen in training or calibration are among them.
    pub include_seen: bool,
    /// The pack's name.
    pub pack: String,
    /// The pack's hash in hexadecimal.
    pub pack_hash: String,
    /// The rates.
    pub measures: Measures,
    /// Every comparison, in the order of enrolled subjects.
    pub trials: Vec<ScoredTrial>,
}

impl Report {
    /// The report without the trials as JSON; rates from 0 to 1, intervals as `[low, high]`, `…_bound` (3/N) where no
    /// error was seen, else null.
    pub fn to_json(&self) -> Value {
        let m = &self.measures;
        let mut json = json!({
            "sets": self.sets,
            "share": self.subjects.to_string(),
            "subjects": self.evaluated,
            "subjects_in_share": self.in_share,
            "left_out": self.left_out,
            "genuine": m.genuine,
            "impostor": m.impostor,
            "smallest_fmr_shown": m.smallest_fmr(),
            "seed": self.seed,
            "resamples": RESAMPLES,
            "include_seen": self.include_seen,
            "pack": self.pack,
            "pack_hash": self.pack_hash,
            "cllr": m.cllr.value,
            "cllr_ci": interval(&m.cllr),
        });
        if let Some(fields) = json.as_object_mut() {
            let of_protocol = match self.protocol {
                Protocol::Sentences { enrol } => {
                    json!({ "protocol": "keystroke", "enrol": enrol, "sentences_dropped_short": self.dropped_short })
                }
                Protocol::Stream { enrol_keys, window } => {
                    json!({ "protocol": "keystroke stream", "enrol_keys": enrol_keys, "window": window })
                }
            };
            fields.extend(of_protocol.as_object().cloned().unwrap_or_default());
            for (name, rate) in self.rates() {
                fields.insert(name.to_owned(), json!(rate.value));
                fields.insert(format!("{name}_ci"), interval(rate));
                fields.insert(format!("{name}_bound"), json!(rate.bound));
            }
        }
        json
    }

    /// Writes every trial as CSV: `enrolled,probe,session,genuine,score,llr`.
    ///
    /// # Errors
    /// When `to` can't be written.
    pub fn write_scores(&self, to: impl Write) -> Result<(), EvaluateError> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(["enrolled", "probe", "session", "genuine", "score", "llr"])?;
        for t in &self.trials {
            let genuine = if t.trial.genuine { "1" } else { "0" };
            let (session, score, llr) =
                (t.session.to_string(), t.trial.score.to_string(), t.trial.llr_nats.to_string());
            csv.write_record([t.enrolled.as_str(), &t.probe, &session, genuine, &score, &llr])?;
        }
        csv.flush().map_err(|e| EvaluateError::Scores(e.into()))
    }

    fn rates(&self) -> [(&'static str, &Measured); 3] {
        let m = &self.measures;
        [("eer", &m.eer), ("fnmr_at_fmr_1e-2", &m.fnmr_at_fmr_1e_2), ("fnmr_at_fmr_1e-3", &m.fnmr_at_fmr_1e_3)]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let m = &self.measures;
        match self.protocol {
            Protocol::Sentences { enrol } => {
                writeln!(f, "keystroke verification, one sentence of up to 50 keys against {enrol} enrolled")?;
            }
            Protocol::Stream { enrol_keys, window } => {
                writeln!(f, "keystroke verification, {window} keys of free text against {enrol_keys} enrolled")?;
            }
        }
        writeln!(f, "  pack       {} {}", self.pack, self.pack_hash.get(..8).unwrap_or(&self.pack_hash))?;
        writeln!(f, "  data       {}, share: {}, seed {}", self.sets.join(", "), self.subjects, self.seed)?;
        writeln!(f, "  subjects   {} of {} in the share; {}", self.evaluated, self.in_share, self.left_out)?;
        if self.include_seen {
            writeln!(f, "  CAUTION    subjects seen in training or calibration are included: too rosy")?;
        }
        if self.dropped_short > 0 {
            writeln!(f, "  dropped    {} sentences of under 20 keys", self.dropped_short)?;
        }
        writeln!(f, "  trials     {} genuine, {} impostor, one threshold for all", m.genuine, m.impostor)?;
        let names = ["EER", "FNMR at FMR 1 %", "FNMR at FMR 0.1 %"];
        for (name, (_, rate)) in names.iter().zip(self.rates()) {
            write!(f, "  {name:<18} {}", Percent(rate))?;
            writeln!(f)?;
        }
        if m.smallest_fmr() > 1e-3 {
            let least = 100.0 * m.smallest_fmr();
            writeln!(f, "  CAUTION    {} impostor trials can't show an FMR below {least:.2} % (3/N)", m.impostor)?;
        }
        let (low, high) = m.cllr.interval;
        write!(f, "  {:<18} {:.3} bits (95 %: {low:.3} to {high:.3})", "Cllr", m.cllr.value)
    }
}

fn interval(of: &Measured) -> Value {
    json!([of.interval.0, of.interval.1])
}

struct Percent<'a>(&'a Measured);

impl fmt::Display for Percent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.0.interval;
        write!(f, "{:.2} % (95 %: {:.2} to {:.2} %)", 100.0 * self.0.value, 100.0 * low, 100.0 * high)?;
        match self.0.bound {
            Some(bound) => write!(f, "; no error seen, so at most {:.2} % (3/N)", 100.0 * bound),
            None => Ok(()),
        }
    }
}
