use super::embedded::{Embedded, Sort};
use super::{Normalisation, Options};
use crate::EvaluateError;
use crate::metrics::{Measured, Measures, RESAMPLES, Trial};
use serde::Serialize;
use serde_json::{Value, json};
use std::{fmt, io::Write};
use stillyou_models::face::{Chip, ModelVersion};

/// Error rates with all that is needed to make them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The set's name: that of its folder.
    pub set: String,
    /// What was asked for.
    pub options: Options,
    /// How many people and pictures.
    pub counts: Counts,
    /// Which model.
    pub model: ModelVersion,
    /// How faces were aligned for it, and whether their mirror image counted too.
    pub preparation: (Chip, bool),
    /// Whether log-likelihood ratios are calibrated; Cllr means nothing otherwise.
    pub calibrated: bool,
    /// The rates.
    pub measures: Measures,
    /// Every comparison, in the order of enrolled people.
    pub trials: Vec<Trial>,
    /// Of each: whose template, whose probe, and its number from 1.
    pub(super) names: Vec<[String; 3]>,
}

/// How many people and pictures there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// People enrolled and compared.
    pub identities: usize,
    /// People who were impostors only.
    pub impostors_only: usize,
    /// People left out: fewer than 3 usable pictures to enrol.
    pub too_few_to_enrol: usize,
    /// Pictures.
    pub pictures: usize,
    /// Those that can't be read.
    pub unreadable: usize,
    /// Those without a face.
    pub faceless: usize,
    /// Those with a face too poor for the product to say anything; here they are compared all the same.
    pub poor: usize,
    /// People that similarities are normalised by.
    pub cohort: usize,
}

impl Counts {
    pub(super) fn of(people: &[Embedded]) -> Self {
        let sum = |of: fn(&Embedded) -> usize| people.iter().map(of).sum();
        Self {
            identities: 0,
            impostors_only: people.iter().filter(|p| p.sort == Sort::Impostor).count(),
            too_few_to_enrol: 0,
            pictures: sum(|p| p.pictures),
            unreadable: sum(|p| p.unreadable),
            faceless: sum(|p| p.faceless),
            poor: sum(|p| p.poor),
            cohort: 0,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} impostors only, {} left out with too few usable pictures to enrol; of {} pictures {} can't be read, {} show \
             no face, {} are poor",
            self.impostors_only, self.too_few_to_enrol, self.pictures, self.unreadable, self.faceless, self.poor
        )
    }
}

impl Report {
    /// The report without the trials as JSON; rates from 0 to 1, intervals as `[low, high]`, `…_bound` (3/N) where no
    /// error was seen, else null; `cllr` is null where nothing is calibrated.
    pub fn to_json(&self) -> Value {
        let m = &self.measures;
        let mut json = json!({
            "protocol": "face",
            "set": self.set,
            "share": self.options.part.to_string(),
            "enrol": self.options.enrol,
            "probes": self.options.probes,
            "normalised": self.options.normalise.to_string(),
            "identities": self.counts.identities,
            "counts": self.counts,
            "genuine": m.genuine,
            "impostor": m.impostor,
            "smallest_fmr_shown": m.smallest_fmr(),
            "calibrated": self.calibrated,
            "cllr": self.calibrated.then_some(m.cllr.value),
            "cllr_ci": self.calibrated.then(|| interval(&m.cllr)),
            "alignment": self.preparation.0.to_string(),
            "mirror": self.preparation.1,
            "seed": self.options.seed,
            "resamples": RESAMPLES,
            "pack": self.model.name(),
            "pack_hash": self.model.hash().iter().map(|b| format!("{b:02x}")).collect::<String>(),
        });
        if let Some(fields) = json.as_object_mut() {
            for (_, name, rate) in self.rates() {
                fields.insert(name.to_owned(), json!(rate.value));
                fields.insert(format!("{name}_ci"), interval(rate));
                fields.insert(format!("{name}_bound"), json!(rate.bound));
            }
        }
        json
    }

    /// Writes every trial as CSV: `enrolled,probe,session,genuine,score,llr`; the session is the probe's number.
    ///
    /// # Errors
    /// When `to` can't be written.
    pub fn write_scores(&self, to: impl Write) -> Result<(), EvaluateError> {
        let mut csv = csv::Writer::from_writer(to);
        csv.write_record(["enrolled", "probe", "session", "genuine", "score", "llr"])?;
        for (t, [enrolled, probe, session]) in self.trials.iter().zip(&self.names) {
            let (genuine, score, llr) = (u8::from(t.genuine).to_string(), t.score.to_string(), t.llr_nats.to_string());
            csv.write_record([enrolled, probe, session, &genuine, &score, &llr])?;
        }
        csv.flush().map_err(|e| EvaluateError::Scores(e.into()))
    }

    /// Every comparison with whose template, whose probe, and its number.
    pub fn compared(&self) -> impl Iterator<Item = (&Trial, &[String; 3])> {
        self.trials.iter().zip(&self.names)
    }

    fn rates(&self) -> [(&'static str, &'static str, &Measured); 3] {
        let m = &self.measures;
        [
            ("EER", "eer", &m.eer),
            ("FNMR at FMR 0.1 %", "fnmr_at_fmr_1e-3", &m.fnmr_at_fmr_1e_3),
            ("FNMR at FMR 0.01 %", "fnmr_at_fmr_1e-4", &m.fnmr_at_fmr_1e_4),
        ]
    }
}

fn interval(of: &Measured) -> Value {
    json!([of.interval.0, of.interval.1])
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (m, options) = (&self.measures, &self.options);
        writeln!(f, "face verification, {} picture(s) against {} enrolled", options.probes, options.enrol)?;
        let (chip, mirror) = self.preparation;
        let mirror = if mirror { "with" } else { "without" };
        writeln!(f, "  model      {}, aligned as for {chip}, {mirror} the mirror image", self.model)?;
        writeln!(f, "  data       {}, share: {}, seed {}", self.set, options.part, options.seed)?;
        writeln!(f, "  people     {} enrolled; {}", self.counts.identities, self.counts)?;
        writeln!(f, "  trials     {} genuine, {} impostor, one threshold for all", m.genuine, m.impostor)?;
        let missed = self.trials.iter().filter(|t| t.genuine && t.score == options.normalise.no_face()).count();
        if missed > 0 {
            writeln!(f, "             {missed} of the genuine ones without a face: non-matches")?;
        }
        for (name, _, rate) in self.rates() {
            let (low, high) = rate.interval;
            write!(f, "  {name:<18} {:.2} % (95 %: {:.2} to {:.2} %)", 100.0 * rate.value, 100.0 * low, 100.0 * high)?;
            match rate.bound {
                Some(bound) => writeln!(f, "; no error seen, so at most {:.2} % (3/N)", 100.0 * bound)?,
                None => writeln!(f)?,
            }
        }
        if m.smallest_fmr() > 1e-4 {
            let least = 100.0 * m.smallest_fmr();
            writeln!(f, "  CAUTION    {} impostor trials can't show an FMR below {least:.3} % (3/N)", m.impostor)?;
        }
        if options.normalise != Normalisation::None {
            let people = self.counts.cohort;
            writeln!(f, "  CAUTION    normalised ({}) by {people} people of choices", options.normalise)?;
        }
        if !self.calibrated {
            return write!(f, "  CAUTION    not calibrated: no Cllr");
        }
        let (low, high) = m.cllr.interval;
        write!(f, "  {:<18} {:.3} bits (95 %: {low:.3} to {high:.3})", "Cllr", m.cllr.value)
    }
}
