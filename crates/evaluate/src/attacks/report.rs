use super::play::{Outcome, Played};
use super::{Attack, ENROL, KEYSTROKES};
use crate::metrics::{percentile, resample};
use crate::{LeftOut, Subjects};
use serde_json::{Value, json};
use std::fmt;

/// A share with its 95 % interval from resamples of the people attacked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Of all, 0 to 1.
    pub value: f64,
    /// Percentiles 2.5 and 97.5 of the resamples.
    pub interval: (f64, f64),
    /// Where it is 0: 3/N, which N independent trials can rule out at 95 %.
    pub bound: Option<f64>,
}

/// How one attack fared against everybody.
#[derive(Clone, Debug, PartialEq)]
pub struct Fared {
    /// Which.
    pub attack: Attack,
    played: Vec<Played>,
}

impl Fared {
    pub(super) fn new(attack: Attack) -> Self {
        Self { attack, played: Vec::new() }
    }

    pub(super) fn add(&mut self, played: Played) {
        self.played.push(played);
    }

    /// The share of full windows whose evidence spoke for the owner, with or without the signal.
    pub fn accepted(&self, with: bool, seed: u64) -> Share {
        self.share(seed, |p| (side(p, with).accepted, p.windows))
    }

    /// The share of attacks that never came to step-up, with or without the signal.
    pub fn never_asked(&self, with: bool, seed: u64) -> Share {
        self.share(seed, |p| (usize::from(side(p, with).step_up.is_none()), 1))
    }

    /// The median of the keystrokes until step-up; `None` where half of the attacks never came to it.
    pub fn keystrokes_median(&self, with: bool) -> Option<usize> {
        let mut all: Vec<usize> = self.played.iter().map(|p| side(p, with).step_up.unwrap_or(usize::MAX)).collect();
        all.sort_unstable();
        all.get(all.len().saturating_sub(1) / 2).copied().filter(|k| *k < usize::MAX)
    }

    fn share(&self, seed: u64, count: impl Fn(&Played) -> (usize, usize)) -> Share {
        let counts: Vec<(f64, f64)> =
            self.played.iter().map(count).map(|(some, all)| (some as f64, all as f64)).collect();
        let of = |times: &[u32]| {
            let sum = |part: fn(&(f64, f64)) -> f64| {
                counts.iter().zip(times).map(|(c, n)| part(c) * f64::from(*n)).sum::<f64>()
            };
            sum(|c| c.0) / sum(|c| c.1).max(1.0)
        };
        let value = of(&vec![1; counts.len()]);
        let mut resampled = Vec::new();
        resample(counts.len(), seed, |times| resampled.push(of(times)));
        let interval = (percentile(&mut resampled, 0.025), percentile(&mut resampled, 0.975));
        // People are independent of each other, windows of one person are not.
        Share { value, interval, bound: (value == 0.0).then(|| (3.0 / counts.len() as f64).min(1.0)) }
    }
}

/// What was tried on whom.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct About {
    pub sets: Vec<String>,
    pub subjects: Subjects,
    pub in_share: usize,
    pub people: usize,
    pub left_out: LeftOut,
    pub seed: u64,
    pub include_seen: bool,
    pub pack: String,
    pub pack_hash: String,
}

/// What attackers get, with all that is needed to measure it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    about: About,
    /// Each attack.
    pub fared: Vec<Fared>,
    genuine_keystrokes: usize,
    false_findings: usize,
    people_found: usize,
}

impl Report {
    pub(super) fn of(about: About, owners: &[(Played, usize)], fared: Vec<Fared>) -> Self {
        Self {
            about,
            fared,
            genuine_keystrokes: owners.iter().map(|(_, keys)| keys).sum(),
            false_findings: owners.iter().map(|(p, _)| p.found).sum(),
            people_found: owners.iter().filter(|(p, _)| p.found > 0).count(),
        }
    }

    /// Findings of the signal in the owners' own sentences 11 to 15, and the keystrokes of those.
    pub fn false_findings(&self) -> (usize, usize) {
        (self.false_findings, self.genuine_keystrokes)
    }

    /// The report as JSON.
    pub fn to_json(&self) -> Value {
        let a = &self.about;
        let share = |s: Share| json!({ "value": s.value, "ci": [s.interval.0, s.interval.1], "bound": s.bound });
        let attacks = self.fared.iter().map(|f| {
            let side = |with| {
                json!({
                    "windows_accepted": share(f.accepted(with, a.seed)),
                    "never_asked": share(f.never_asked(with, a.seed)),
                    "keystrokes_to_step_up_median": f.keystrokes_median(with),
                })
            };
            json!({ "attack": f.attack.to_string(), "without_signal": side(false), "with_signal": side(true) })
        });
        json!({
            "protocol": "attacks",
            "sets": a.sets,
            "share": a.subjects.to_string(),
            "subjects": a.people,
            "subjects_in_share": a.in_share,
            "left_out": a.left_out,
            "enrol": ENROL,
            "keystrokes": KEYSTROKES,
            "seed": a.seed,
            "include_seen": a.include_seen,
            "pack": a.pack,
            "pack_hash": a.pack_hash,
            "genuine_keystrokes": self.genuine_keystrokes,
            "false_findings": self.false_findings,
            "false_findings_people": self.people_found,
            "attacks": attacks.collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let a = &self.about;
        writeln!(f, "attacks of {KEYSTROKES} keystrokes on a session at its best, template of {ENROL} sentences")?;
        writeln!(f, "  pack       {} {}", a.pack, a.pack_hash.get(..8).unwrap_or(&a.pack_hash))?;
        writeln!(f, "  data       {}, share: {}, seed {}", a.sets.join(", "), a.subjects, a.seed)?;
        writeln!(f, "  subjects   {} of {} in the share; {}", a.people, a.in_share, a.left_out)?;
        if a.include_seen {
            writeln!(f, "  CAUTION    subjects seen in training or calibration are included: too rosy")?;
        }
        let per = self.genuine_keystrokes;
        write!(f, "  the signal \"a person at this keyboard\" on the owners: {} findings", self.false_findings)?;
        write!(f, " in {per} keystrokes, {} people", self.people_found)?;
        match self.false_findings {
            0 => writeln!(f, " (at most {:.2} per 20,000: 3/N)", 3.0 / per as f64 * 20_000.0)?,
            n => writeln!(f, " ({:.2} per 20,000)", n as f64 / per as f64 * 20_000.0)?,
        }
        writeln!(f, "  share in % (95 %), without → with the signal")?;
        write!(f, "  {:<36} {:<44} {:<44} median keys", "attack", "windows accepted", "never asked")?;
        for fared in &self.fared {
            let both = |of: &dyn Fn(bool) -> Share| format!("{} → {}", Percent(of(false)), Percent(of(true)));
            let keys = |with| fared.keystrokes_median(with).map_or("never".to_owned(), |k| k.to_string());
            write!(
                f,
                "\n  {:<36} {:<44} {:<44} {} → {}",
                fared.attack.to_string(),
                both(&|with| fared.accepted(with, a.seed)),
                both(&|with| fared.never_asked(with, a.seed)),
                keys(false),
                keys(true)
            )?;
        }
        Ok(())
    }
}

struct Percent(Share);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Share { value, interval: (low, high), bound } = self.0;
        match bound {
            Some(bound) => write!(f, "0 (at most {:.1})", 100.0 * bound),
            None => write!(f, "{:.1} ({:.1} to {:.1})", 100.0 * value, 100.0 * low, 100.0 * high),
        }
    }
}

fn side(played: &Played, with: bool) -> &Outcome {
    if with { &played.with } else { &played.without }
}
