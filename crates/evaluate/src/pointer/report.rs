use super::{Accounts, ENROL, PROBE, Report};
use crate::{
    EvaluateError, Subjects,
    metrics::{Measured, Measures, RESAMPLES, Trial},
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{fmt, io::Write};
use stillyou_models::keystroke::ModelVersion;

/// Error rates of sessions of people, with all that is needed to make them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Sessions {
    /// The set, by the name of its folder.
    pub set: String,
    /// The share asked for.
    pub subjects: Subjects,
    /// Subjects of that share.
    pub in_share: usize,
    /// Subjects enrolled and compared.
    pub evaluated: usize,
    /// The others, and why.
    pub left_out: LeftOut,
    /// What drew the resamples.
    pub seed: u64,
    /// Whether subjects seen in training or calibration are among them.
    pub include_seen: bool,
    /// The pack.
    pub pack: ModelVersion,
    /// The rates.
    pub measures: Measures,
    /// Every comparison, with the subjects enrolled and probing, in the order of enrolled subjects.
    pub trials: Vec<(Trial, String, String)>,
    /// Of each, the log-likelihood ratios in nats of the probe's windows, each by itself.
    pub windows: Vec<Vec<f64>>,
}

/// Who was left out, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The model was trained or calibrated on them.
    pub seen: usize,
    /// No session to enrol with, or one of too few strokes.
    pub too_few_to_enrol: usize,
    /// No session to probe with, or one of too few strokes.
    pub no_probe: usize,
}

impl Report {
    /// The report without the trials as JSON; rates from 0 to 1, intervals as `[low, high]`.
    pub fn to_json(&self) -> Value {
        match self {
            Report::Sessions(report) => report.to_json(),
            Report::Accounts(report) => report.to_json(),
        }
    }

    /// Writes every trial as CSV: `enrolled,probe,session,genuine,score,llr`. Whose a labelled probe is nobody says: it is
    /// then empty, or the account.
    ///
    /// # Errors
    /// When `to` can't be written.
    pub fn write_scores(&self, to: impl Write) -> Result<(), EvaluateError> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(["enrolled", "probe", "session", "genuine", "score", "llr"])?;
        let genuine = |t: &Trial| if t.genuine { "1" } else { "0" };
        match self {
            Report::Sessions(report) => {
                for (t, enrolled, probe) in &report.trials {
                    let (score, llr) = (t.score.to_string(), t.llr_nats.to_string());
                    csv.write_record([enrolled, probe, PROBE, genuine(t), &score, &llr])?;
                }
            }
            Report::Accounts(report) => {
                for (t, account, session) in &report.trials {
                    let (score, llr) = (t.score.to_string(), t.llr_nats.to_string());
                    let probe = if t.genuine { account.as_str() } else { "" };
                    csv.write_record([account, probe, session, genuine(t), &score, &llr])?;
                }
            }
        }
        csv.flush().map_err(|e| EvaluateError::Scores(e.into()))
    }
}

impl Sessions {
    fn to_json(&self) -> Value {
        let m = &self.measures;
        json!({
            "protocol": "pointer",
            "set": self.set,
            "share": self.subjects.to_string(),
            "subjects": self.evaluated,
            "subjects_in_share": self.in_share,
            "left_out": self.left_out,
            "enrol": ENROL,
            "probe": PROBE,
            "genuine": m.genuine,
            "impostor": m.impostor,
            "eer": m.eer.value,
            "eer_ci": interval(&m.eer),
            "eer_bound": m.eer.bound,
            "fnmr_at_fmr_1e-2": m.fnmr_at_fmr_1e_2.value,
            "fnmr_at_fmr_1e-2_ci": interval(&m.fnmr_at_fmr_1e_2),
            "cllr": m.cllr.value,
            "cllr_ci": interval(&m.cllr),
            "resamples": RESAMPLES,
            "seed": self.seed,
            "include_seen": self.include_seen,
            "pack": self.pack.name(),
            "pack_hash": pack_hash(&self.pack),
        })
    }
}

pub(super) fn pack_hash(pack: &ModelVersion) -> String {
    pack.hash().iter().map(|b| format!("{b:02x}")).collect()
}

fn interval(of: &Measured) -> Value {
    json!([of.interval.0, of.interval.1])
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Report::Sessions(report) => report.fmt(f),
            Report::Accounts(report) => Accounts::fmt(report, f),
        }
    }
}

impl fmt::Display for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let m = &self.measures;
        writeln!(f, "pointer verification, a session {PROBE} against one of {ENROL}")?;
        writeln!(f, "  pack       {}", self.pack)?;
        writeln!(f, "  data       {}, share: {}, seed {}", self.set, self.subjects, self.seed)?;
        writeln!(f, "  subjects   {} of {} in the share; {}", self.evaluated, self.in_share, self.left_out)?;
        if self.include_seen {
            writeln!(f, "  CAUTION    subjects seen in training or calibration are included: too rosy")?;
        }
        writeln!(f, "  trials     {} genuine, {} impostor, one threshold for all", m.genuine, m.impostor)?;
        for (name, rate) in [("EER", &m.eer), ("FNMR at FMR 1 %", &m.fnmr_at_fmr_1e_2)] {
            let (low, high) = rate.interval;
            let (value, low, high) = (100.0 * rate.value, 100.0 * low, 100.0 * high);
            write!(f, "  {name:<18} {value:.2} % (95 %: {low:.2} to {high:.2} %)")?;
            match rate.bound {
                Some(bound) => writeln!(f, "; no error seen, so at most {:.2} % (3/N)", 100.0 * bound)?,
                None => writeln!(f)?,
            }
        }
        let (low, high) = m.cllr.interval;
        write!(f, "  {:<18} {:.3} bits (95 %: {low:.3} to {high:.3})", "Cllr", m.cllr.value)
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "left out: {} seen in training or calibration, {} with too few strokes to enrol, {} without a probe",
            self.seen, self.too_few_to_enrol, self.no_probe
        )
    }
}
