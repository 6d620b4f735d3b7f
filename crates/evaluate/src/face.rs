//! Pictures of faces against templates.
//!
//! A folder of folders, one a person, pictures sorted by file name: the first enrol, the others probe, each a trial against
//! everybody's template. People with too few pictures for both, and each picture in `_single`, are impostors only. A probe
//! without a face, or that can't be read, is a non-match: similarity −1, and no evidence (a log-likelihood ratio of 0).
//! People with fewer than [`MIN_IMAGES`] usable pictures among those that enrol are left out, as impostors too.
//!
//! Sets of faces are small: unlike everywhere else, people are divided into two halves, [`Part`].

mod cohort;
mod embedded;
pub mod occlusion;
pub(crate) mod pictures;
mod report;
#[cfg(test)]
mod tests;

pub use cohort::Normalisation;
pub use report::{Counts, Report};

use crate::metrics::{Measures, Trial};
use crate::{EvaluateError, Progress};
use cohort::{Beside, Cohort};
use embedded::{Embedded, Sort};
use sha2::{Digest, Sha256};
use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};
use stillyou_models::face::{Embedding, MIN_IMAGES, Model, ModelError, Template};

/// Which people of a set are evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// All.
    #[default]
    All,
    /// Those that calibrations are fitted on and choices made with: the first byte of `sha256("<set>:<person>:stillyou")`
    /// is even.
    Choices,
    /// The others, for final tables only.
    Test,
}

impl Part {
    /// Whether it has a person of a set.
    pub fn holds(self, set: &str, person: &str) -> bool {
        let even = Sha256::digest(format!("{set}:{person}:stillyou").as_bytes())[0].is_multiple_of(2);
        match self {
            Part::All => true,
            Part::Choices => even,
            Part::Test => !even,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::All => "all",
            Part::Choices => "choices",
            Part::Test => "test",
        })
    }
}

impl FromStr for Part {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        let all = [Part::All, Part::Choices, Part::Test];
        all.into_iter()
            .find(|part| part.to_string() == word)
            .ok_or_else(|| "it must be all, choices or test".to_owned())
    }
}

/// What to evaluate on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// A folder of folders of pictures.
    pub data: PathBuf,
    /// Which of its people.
    pub part: Part,
    /// Pictures that enrol; at least [`MIN_IMAGES`].
    pub enrol: usize,
    /// Pictures of a probe, joined: 1 for each by itself. A person's last probe may have fewer.
    pub probes: usize,
    /// What is made of a similarity by those of others, the people of [`Part::Choices`] but the two compared. What comes of
    /// it is not calibrated.
    pub normalise: Normalisation,
    /// Resamples.
    pub seed: u64,
}

/// Evaluates a model by the protocol of this module. The same options and model give the same report.
///
/// # Errors
/// When there are no pictures, fewer than 2 people are left, an option is out of its range, or the model fails.
pub fn evaluate(options: &Options, model: &Model, progress: Progress) -> Result<Report, EvaluateError> {
    let option = |option, value: usize, want| EvaluateError::Option { option, value: value.to_string(), want };
    if options.enrol < MIN_IMAGES {
        return Err(option("enrol", options.enrol, "3 or more"));
    }
    if options.probes == 0 {
        return Err(option("probes", options.probes, "1 or more"));
    }
    let set = set_name(&options.data);
    let everybody = pictures::people(&options.data)?;
    let of = |part: Part| -> Vec<_> { everybody.iter().filter(|p| part.holds(&set, &p.name)).cloned().collect() };
    let embedded = embedded::embed(&of(options.part), options.enrol, model, progress)?;
    let cohort = match options.normalise {
        Normalisation::None => None,
        _ if options.part == Part::Choices => Some(Cohort::of(&embedded, model)?),
        _ => Some(Cohort::of(&embedded::embed(&of(Part::Choices), options.enrol, model, progress)?, model)?),
    };
    let mut counts = Counts::of(&embedded);
    let mut enrolled: Vec<(&Embedded, Template)> = Vec::new();
    let mut compared: Vec<&Embedded> = Vec::new();
    for person in &embedded {
        if person.sort == Sort::Enrolled {
            if person.enrol.len() < MIN_IMAGES {
                counts.too_few_to_enrol += 1;
                continue;
            }
            enrolled.push((person, Template::from_embeddings(model.version(), &person.enrol)?));
        }
        compared.push(person);
    }
    if enrolled.len() < 2 {
        let (left, share) = (enrolled.len(), options.part.to_string());
        return Err(EvaluateError::TooFew { left, share, why: counts.to_string() });
    }
    counts.identities = enrolled.len();
    counts.cohort = cohort.as_ref().map_or(0, Cohort::len);
    let (mut trials, mut names) = (Vec::new(), Vec::new());
    let probes: Vec<_> = compared.iter().map(|p| p.probes(options.probes, model)).collect::<Result<_, ModelError>>()?;
    let beside = |probe: &Option<Embedding>| Some(cohort.as_ref()?.beside_probe(probe.as_ref()?));
    let beside: Vec<Vec<Option<Beside>>> = probes.iter().map(|of| of.iter().map(beside).collect()).collect();
    for (at, (owner, template)) in enrolled.iter().enumerate() {
        let others = cohort.as_ref().map(|cohort| cohort.beside_template(template, model)).transpose()?;
        for ((person, probes), beside) in compared.iter().zip(&probes).zip(&beside) {
            for (number, (probe, beside)) in probes.iter().zip(beside).enumerate() {
                let (score, llr_nats) = match probe {
                    Some(embedding) => {
                        let similarity = model.similarity(template, embedding).map_err(ModelError::from)?;
                        match (&cohort, &others, beside) {
                            (Some(cohort), Some(others), Some(beside)) => {
                                let compared = [owner.name.as_str(), person.name.as_str()];
                                let score = cohort.normalised(options.normalise, similarity, others, beside, compared);
                                (score, score)
                            }
                            _ => (similarity, model.calibration().llr_nats(similarity)),
                        }
                    }
                    None => (options.normalise.no_face(), 0.0),
                };
                let genuine = owner.name == person.name;
                trials.push(Trial { enrolled: at as u32, genuine, score, llr_nats });
                names.push([owner.name.clone(), person.name.clone(), (number + 1).to_string()]);
            }
        }
    }
    let missing =
        || EvaluateError::TooFew { left: 0, share: options.part.to_string(), why: "no probe is left".to_owned() };
    let measures = Measures::of(&trials, options.seed).ok_or_else(missing)?;
    Ok(Report {
        set,
        options: options.clone(),
        counts,
        model: model.version().clone(),
        preparation: model.preparation(),
        calibrated: model.is_calibrated() && options.normalise == Normalisation::None,
        measures,
        trials,
        names,
    })
}

/// The name of a set: its folder's.
fn set_name(data: &Path) -> String {
    let name = data.canonicalize().ok().and_then(|p| Some(p.file_name()?.to_string_lossy().into_owned()));
    name.unwrap_or_default()
}
