use super::{Caught, HORIZON, Turn};
use crate::{LeftOut, Subjects, metrics::percentile, metrics::resample};
use serde_json::{Value, json};
use std::fmt;

/// Genuine keystrokes that false step-ups are counted on: about a working day's.
const PER_KEYSTROKES: f64 = 20_000.0;

/// An estimate with its 95 % interval from resamples of the owners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// From all owners.
    pub value: f64,
    /// Percentiles 2.5 and 97.5 of the resamples.
    pub interval: (f64, f64),
}

/// Keystrokes until something happened; infinite where it did not happen for that part of the impostors.
pub type Keystrokes = Rate;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    keystrokes: usize,
    false_step_ups: usize,
    per_20000: Rate,
    /// 3/N where there was none.
    bound: Option<f64>,
    trials: usize,
    ended_early: usize,
    step_up_median: Keystrokes,
    step_up_p95: Keystrokes,
    not_caught: Rate,
    lock_median: Keystrokes,
    passes: Rate,
}

/// What continuous use looks like, with all that is needed to measure it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The sets, by the names of their folders.
    pub sets: Vec<String>,
    /// The share asked for.
    pub subjects: Subjects,
    /// Subjects of that share.
    pub in_share: usize,
    /// Subjects who were owners and impostors.
    pub owners: usize,
    /// The others, and why.
    pub left_out: LeftOut,
    /// Sentences in each template.
    pub enrol: usize,
    /// What drew impostors and resamples.
    pub seed: u64,
    /// Whether subjects seen in training or calibration are among them.
    pub include_seen: bool,
    /// The pack's name.
    pub pack: String,
    /// The pack's hash in hexadecimal.
    pub pack_hash: String,
    pub(crate) figures: Figures,
}

impl Figures {
    pub fn of(turns: &[Turn], seed: u64) -> Self {
        let keystrokes = turns.iter().map(|t| t.keystrokes).sum();
        let false_step_ups = turns.iter().map(|t| t.false_step_ups).sum();
        let all = || turns.iter().flat_map(|t| &t.impostors);
        let step_ups = Ordered::new(turns, |c| c.step_up);
        let locks = Ordered::new(turns, |c| c.lock);
        let estimate = |times: &[u32]| {
            let sum = |of: &dyn Fn(&Turn) -> usize| {
                turns.iter().zip(times).map(|(t, n)| of(t) as f64 * f64::from(*n)).sum::<f64>()
            };
            let trials = sum(&|t| t.impostors.len());
            [
                PER_KEYSTROKES * sum(&|t| t.false_step_ups) / sum(&|t| t.keystrokes),
                step_ups.quantile(0.5, times),
                step_ups.quantile(0.95, times),
                sum(&|t| t.impostors.iter().filter(|c| c.step_up.is_none()).count()) / trials,
                locks.quantile(0.5, times),
                sum(&|t| t.impostors.iter().filter(|c| c.passes).count()) / trials,
            ]
        };
        let values = estimate(&vec![1; turns.len()]);
        let mut resamples: [Vec<f64>; 6] = Default::default();
        resample(turns.len(), seed, |times| {
            resamples.iter_mut().zip(estimate(times)).for_each(|(all, value)| all.push(value));
        });
        let mut rates = values.iter().zip(&mut resamples).map(|(value, resampled)| Rate {
            value: *value,
            interval: (percentile(resampled, 0.025), percentile(resampled, 0.975)),
        });
        let mut next = || rates.next().unwrap_or(Rate { value: f64::NAN, interval: (f64::NAN, f64::NAN) });
        Self {
            keystrokes,
            false_step_ups,
            per_20000: next(),
            bound: (false_step_ups == 0).then(|| 3.0 / keystrokes as f64 * PER_KEYSTROKES),
            trials: all().count(),
            ended_early: all().filter(|c| c.step_up.is_none() && c.watched < HORIZON).count(),
            step_up_median: next(),
            step_up_p95: next(),
            not_caught: next(),
            lock_median: next(),
            passes: next(),
        }
    }
}

/// Impostor trials in the order of what they took, those that never got there last.
struct Ordered(Vec<(Option<usize>, usize)>);

impl Ordered {
    fn new(turns: &[Turn], of: impl Fn(&Caught) -> Option<usize>) -> Self {
        let mut all = Vec::new();
        for (owner, turn) in turns.iter().enumerate() {
            all.extend(turn.impostors.iter().map(|c| (of(c), owner)));
        }
        all.sort_by_key(|(keys, owner)| (keys.unwrap_or(usize::MAX), *owner));
        Self(all)
    }

    /// The least keystrokes that the share `p` of the trials needed at most, owners counted as `times` says.
    fn quantile(&self, p: f64, times: &[u32]) -> f64 {
        let weight = |owner: &usize| u64::from(times.get(*owner).copied().unwrap_or(0));
        let total: u64 = self.0.iter().map(|(_, owner)| weight(owner)).sum();
        let mut passed = 0;
        for (keys, owner) in &self.0 {
            passed += weight(owner);
            if passed > 0 && passed as f64 >= p * total as f64 {
                return keys.map_or(f64::INFINITY, |k| k as f64);
            }
        }
        f64::NAN
    }
}

impl Report {
    /// False step-ups per 20,000 genuine keystrokes.
    pub fn false_step_ups_per_20000(&self) -> Rate {
        self.figures.per_20000
    }

    /// Median and 95th percentile of an impostor's keystrokes until step-up.
    pub fn keystrokes_to_step_up(&self) -> (Keystrokes, Keystrokes) {
        (self.figures.step_up_median, self.figures.step_up_p95)
    }

    /// The share of impostors that did not come to step-up within 500 keystrokes, or their recording.
    pub fn not_caught(&self) -> Rate {
        self.figures.not_caught
    }

    /// The report as JSON; keystrokes that are infinite are null.
    pub fn to_json(&self) -> Value {
        let f = &self.figures;
        let ci = |r: &Rate| json!([r.interval.0, r.interval.1]);
        json!({
            "protocol": "stream",
            "sets": self.sets,
            "share": self.subjects.to_string(),
            "subjects": self.owners,
            "subjects_in_share": self.in_share,
            "left_out": self.left_out,
            "enrol": self.enrol,
            "seed": self.seed,
            "include_seen": self.include_seen,
            "pack": self.pack,
            "pack_hash": self.pack_hash,
            "genuine_keystrokes": f.keystrokes,
            "false_step_ups": f.false_step_ups,
            "false_step_ups_per_20000": f.per_20000.value,
            "false_step_ups_per_20000_ci": ci(&f.per_20000),
            "false_step_ups_per_20000_bound": f.bound,
            "impostor": f.trials,
            "keystrokes_to_step_up_median": f.step_up_median.value,
            "keystrokes_to_step_up_median_ci": ci(&f.step_up_median),
            "keystrokes_to_step_up_p95": f.step_up_p95.value,
            "keystrokes_to_step_up_p95_ci": ci(&f.step_up_p95),
            "keystrokes_to_lock_unanswered_median": f.lock_median.value,
            "keystrokes_to_lock_unanswered_median_ci": ci(&f.lock_median),
            "not_caught_within_500": f.not_caught.value,
            "not_caught_within_500_ci": ci(&f.not_caught),
            "not_caught_recording_shorter": f.ended_early,
            "impostors_passing_on_the_whole": f.passes.value,
            "impostors_passing_on_the_whole_ci": ci(&f.passes),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let g = &self.figures;
        writeln!(f, "continuous use, template of {} sentences, then an impostor at the same keyboard", self.enrol)?;
        writeln!(f, "  pack       {} {}", self.pack, self.pack_hash.get(..8).unwrap_or(&self.pack_hash))?;
        writeln!(f, "  data       {}, share: {}, seed {}", self.sets.join(", "), self.subjects, self.seed)?;
        writeln!(f, "  subjects   {} of {} in the share; {}", self.owners, self.in_share, self.left_out)?;
        if self.include_seen {
            writeln!(f, "  CAUTION    subjects seen in training or calibration are included: too rosy")?;
        }
        write!(f, "  false step-ups       {} in {} genuine keystrokes", g.false_step_ups, g.keystrokes)?;
        match g.bound {
            Some(bound) => writeln!(f, ": at most {bound:.2} per 20,000 (3/N)")?,
            None => writeln!(f, ": {}", Plain(&g.per_20000, "per 20,000", 2))?,
        }
        writeln!(f, "  impostors            {}, watched for up to {HORIZON} keystrokes", g.trials)?;
        writeln!(f, "  … to step-up         median {}", Plain(&g.step_up_median, "keystrokes", 0))?;
        writeln!(f, "                       p95 {}", Plain(&g.step_up_p95, "keystrokes", 0))?;
        writeln!(f, "  … to lock unanswered median {}", Plain(&g.lock_median, "keystrokes", 0))?;
        write!(f, "  … not caught         {}", Percent(&g.not_caught))?;
        writeln!(f, ", {} of them with a shorter recording", g.ended_early)?;
        write!(f, "  … passing on the whole (never caught in the end) {}", Percent(&g.passes))
    }
}

struct Plain<'a>(&'a Rate, &'static str, usize);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plain(Rate { value, interval: (low, high) }, unit, digits) = self;
        let number = |x: &f64| if x.is_finite() { format!("{x:.digits$}") } else { format!("over {HORIZON}") };
        write!(f, "{} {unit} (95 %: {} to {})", number(value), number(low), number(high))
    }
}

struct Percent<'a>(&'a Rate);

impl fmt::Display for Percent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rate { value, interval: (low, high) } = self.0;
        write!(f, "{:.2} % (95 %: {:.2} to {:.2} %)", 100.0 * value, 100.0 * low, 100.0 * high)
    }
}
