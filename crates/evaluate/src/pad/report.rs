use super::judged::Judged;
use super::{IN_A_ROW, Options};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use stillyou_models::face::liveness::Cue;
use stillyou_models::face::{Model, Passive};

/// What was measured, with all that is needed to measure it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    options: Options,
    networks: Vec<String>,
    passive: bool,
    /// By folder: people before the camera and each kind of attack.
    pub kinds: Vec<Kind>,
}

/// Errors on one kind of presentation: people taken for attacks, or attacks taken for people.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kind {
    /// Its folder.
    pub name: String,
    /// Whether these are people before the camera.
    pub real: bool,
    /// Of single pictures, by the passive networks.
    pub pictures: Share,
    /// Of means of ten in a row.
    pub in_a_row: Share,
    /// Of looks at clips, by every cue.
    pub looks: Share,
    /// How often each cue was given in looks.
    pub cues: BTreeMap<&'static str, usize>,
    /// Single pictures without a found face.
    pub no_face: usize,
    #[serde(skip)]
    scores: Vec<f64>,
}

/// A share of errors with its 95 % interval (Wilson, 1927).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Errors.
    pub errors: usize,
    /// Of so many.
    pub of: usize,
    /// Their share; `null` of none.
    pub share: Option<f64>,
    /// Its interval, as if all were independent.
    pub interval: Option<(f64, f64)>,
}

impl Share {
    /// The share of `true` among `errors`.
    pub fn of(errors: impl Iterator<Item = bool>) -> Self {
        let (mut wrong, mut of) = (0, 0);
        for error in errors {
            wrong += usize::from(error);
            of += 1;
        }
        if of == 0 {
            return Self { errors: 0, of, share: None, interval: None };
        }
        let (p, n, z) = (wrong as f64 / of as f64, of as f64, 1.959_964);
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
        let interval = ((middle - half).max(0.0), (middle + half).min(1.0));
        Self { errors: wrong, of, share: Some(p), interval: Some(interval) }
    }
}

impl Kind {
    pub(super) fn of(name: &str, real: bool, judged: &Judged, threshold: f64) -> Self {
        let wrong = |taken_for_real: bool| taken_for_real != real;
        let scores: Vec<f64> = judged.pictures.iter().flatten().copied().collect();
        let means = scores.chunks_exact(IN_A_ROW).map(|row| row.iter().sum::<f64>() / IN_A_ROW as f64);
        let left = |cues: &Vec<Cue>| cues.iter().map(Cue::factor).product::<f64>();
        let mut cues = BTreeMap::new();
        for cue in judged.looks.iter().flatten().flatten() {
            *cues.entry(cue.words()).or_insert(0) += 1;
        }
        Self {
            name: name.to_owned(),
            real,
            pictures: Share::of(scores.iter().map(|s| wrong(*s >= threshold))),
            in_a_row: Share::of(means.map(|s| wrong(s >= threshold))),
            looks: Share::of(judged.looks.iter().flatten().map(|cues| wrong(left(cues) >= 0.5))),
            cues,
            no_face: judged.pictures.len() - scores.len(),
            scores,
        }
    }

    /// What its errors are called.
    fn rate(&self) -> &'static str {
        if self.real { "BPCER" } else { "APCER" }
    }
}

impl Report {
    pub(super) fn new(options: &Options, model: &Model, passive: Option<&Passive>, kinds: Vec<Kind>) -> Self {
        let networks = passive.iter().flat_map(|p| p.versions()).map(ToString::to_string);
        let networks = [model.version().to_string()].into_iter().chain(networks).collect();
        Self { options: options.clone(), networks, passive: passive.is_some(), kinds }
    }

    /// The area under the curve of single pictures: how often a person's looks more real than an attack's. Nothing where
    /// either is missing.
    pub fn auc(&self) -> Option<f64> {
        let scores = |real: bool| -> Vec<f64> {
            self.kinds.iter().filter(|k| k.real == real).flat_map(|k| k.scores.iter().copied()).collect()
        };
        let (real, attacks) = (scores(true), scores(false));
        let pairs = real.len() * attacks.len();
        let above = |r: &f64, a: &f64| {
            if r > a {
                1.0
            } else if r == a {
                0.5
            } else {
                0.0
            }
        };
        let sum: f64 = real.iter().flat_map(|r| attacks.iter().map(move |a| above(r, a))).sum();
        (pairs > 0).then(|| sum / pairs as f64)
    }

    /// The worst kind of attack by means of ten in a row: what ISO/IEC 30107-3 reports.
    pub fn worst(&self) -> Option<&Kind> {
        let attacks = self.kinds.iter().filter(|k| !k.real && k.in_a_row.of > 0);
        attacks.max_by(|a, b| a.in_a_row.share.unwrap_or(0.0).total_cmp(&b.in_a_row.share.unwrap_or(0.0)))
    }

    /// The report as JSON; `apcer` is that of the worst kind.
    pub fn to_json(&self) -> Value {
        let bpcer = self.kinds.iter().find(|k| k.real).and_then(|k| k.in_a_row.share);
        json!({
            "protocol": "pad",
            "data": self.options.data.file_name().map(|n| n.to_string_lossy()),
            "threshold": self.options.threshold,
            "networks": self.networks,
            "passive": self.passive,
            "kinds": self.kinds,
            "apcer": self.worst().and_then(|k| k.in_a_row.share),
            "apcer_of": self.worst().map(|k| &k.name),
            "bpcer": bpcer,
            "auc": self.auc(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "presentation attack detection, a face is real from {} on", self.options.threshold)?;
        writeln!(f, "  networks   {}", self.networks.join(", "))?;
        if !self.passive {
            writeln!(
                f,
                "  CAUTION    the passive networks are not here (./x models --pad): single pictures say nothing"
            )?;
        }
        for kind in &self.kinds {
            writeln!(f, "  {:<10} {} of single pictures     {}", kind.name, kind.rate(), kind.pictures)?;
            writeln!(f, "             {} of ten in a row        {}", kind.rate(), kind.in_a_row)?;
            if kind.looks.of > 0 {
                writeln!(f, "             {} of looks, all cues     {}", kind.rate(), kind.looks)?;
                for (cue, times) in &kind.cues {
                    writeln!(f, "               {times} times: {cue}")?;
                }
            }
            if kind.no_face > 0 {
                writeln!(f, "             {} pictures without a face", kind.no_face)?;
            }
        }
        if let Some(auc) = self.auc() {
            writeln!(f, "  AUC        {auc:.3} of single pictures")?;
        }
        write!(
            f,
            "  CAUTION    pictures of few people, clips and screens are not independent: the intervals are too narrow"
        )
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.share, self.interval) {
            (Some(share), Some((low, high))) => write!(
                f,
                "{:.1} % (95 %: {:.1} to {:.1} %), {} of {}",
                100.0 * share,
                100.0 * low,
                100.0 * high,
                self.errors,
                self.of
            ),
            _ => f.write_str("none"),
        }
    }
}
