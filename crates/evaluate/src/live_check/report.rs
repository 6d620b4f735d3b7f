use super::Options;
use crate::metrics::{percentile, resample};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use stillyou_models::face::Model;
use stillyou_models::face::challenge::Progress as Check;

/// What was measured, with all that is needed to measure it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    options: Options,
    networks: String,
    /// Every clip, by folder and name.
    pub clips: Vec<Clip>,
}

/// How the checks of one clip ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clip {
    /// Its folder's folder.
    pub kind: String,
    /// Its folder.
    pub name: String,
    /// Its frames.
    pub frames: usize,
    /// Checks that it met.
    pub checks: usize,
    /// Those that it passed.
    pub passed: usize,
    /// Those that it failed, by why.
    pub failed: BTreeMap<String, usize>,
}

impl Clip {
    pub(super) fn of(kind: &str, name: &str, frames: usize, ends: &[Check]) -> Self {
        let mut failed = BTreeMap::new();
        for end in ends {
            if let Check::Failed { why } = end {
                *failed.entry(why.to_string()).or_insert(0) += 1;
            }
        }
        let passed = ends.iter().filter(|end| **end == Check::Passed).count();
        Self { kind: kind.to_owned(), name: name.to_owned(), frames, checks: ends.len(), passed, failed }
    }
}

impl Report {
    pub(super) fn new(options: &Options, model: &Model, clips: Vec<Clip>) -> Self {
        Self { options: options.clone(), networks: model.version().to_string(), clips }
    }

    /// The share of checks that a clip passed, and its 95 % interval from resamples of the clips; where none passed, its
    /// upper end is the rule of 3's for clips.
    pub fn passed(&self) -> (f64, (f64, f64)) {
        let share = |times: &[u32]| {
            let sum = |of: fn(&Clip) -> usize| -> f64 {
                self.clips.iter().zip(times).map(|(clip, n)| of(clip) as f64 * f64::from(*n)).sum()
            };
            sum(|clip| clip.passed) / sum(|clip| clip.checks)
        };
        let value = share(&vec![1; self.clips.len()]);
        if value == 0.0 {
            return (value, (0.0, (3.0 / self.clips.len() as f64).min(1.0)));
        }
        let mut resamples = Vec::new();
        resample(self.clips.len(), self.options.seed, |times| resamples.push(share(times)));
        (value, (percentile(&mut resamples, 0.025), percentile(&mut resamples, 0.975)))
    }

    /// The report as JSON.
    pub fn to_json(&self) -> Value {
        let (passed, interval) = self.passed();
        json!({
            "protocol": "live-check",
            "data": self.options.data.file_name().map(|n| n.to_string_lossy()),
            "networks": self.networks,
            "checks": self.options.checks,
            "frames_per_second": self.options.frames_per_second,
            "act_seconds": self.options.act_seconds,
            "seed": self.options.seed,
            "clips": self.clips,
            "passed": passed,
            "passed_ci": [interval.0, interval.1],
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = &self.options;
        writeln!(f, "recordings before a live check, each taken for the owner's, no cue of an attack heeded")?;
        writeln!(f, "  networks   {}", self.networks)?;
        write!(f, "  checks     {} of each clip, {} s an act, ", how.checks, how.act_seconds)?;
        writeln!(f, "{} frames a second, seed {}", how.frames_per_second, how.seed)?;
        for clip in &self.clips {
            let share = 100.0 * clip.passed as f64 / clip.checks as f64;
            let name = format!("{}/{}", clip.kind, clip.name);
            write!(f, "  {name:<34} {share:5.1} % passed; {} frames", clip.frames)?;
            for (why, times) in &clip.failed {
                write!(f, ", {times} times {why}")?;
            }
            writeln!(f)?;
        }
        let (passed, (low, high)) = self.passed();
        let clips = self.clips.len();
        writeln!(
            f,
            "  passed     {:.2} % of checks (95 %: {:.2} to {:.2} %, by clips, of which there are {clips})",
            100.0 * passed,
            100.0 * low,
            100.0 * high
        )?;
        write!(f, "  CAUTION    how often people pass who do what is asked is another question: no clip here does")
    }
}
