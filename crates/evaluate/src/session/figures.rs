use super::{Caught, Turn};
use crate::metrics::{percentile, resample};

/// Genuine keystrokes of 8 hours of active use.
pub const PER_8H: f64 = 20_000.0;

/// An estimate with its 95 % interval from resamples of the owners.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// From all owners. Keystrokes until something are infinite where it did not happen.
    pub value: f64,
    /// Percentiles 2.5 and 97.5 of the resamples; where nothing happened, its upper end is the rule of 3's.
    pub interval: (f64, f64),
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Owners, each an impostor to others as well.
    pub subjects: usize,
    /// Keystrokes the owners typed.
    pub genuine_keystrokes: usize,
    /// How many of them are no repetition: the N of 3/N.
    pub distinct_keystrokes: usize,
    /// Impostors met.
    pub impostors: usize,
    /// False alarms seen.
    pub false_stepups: usize,
    /// False alarms per 8 hours.
    pub false_stepups_per_8h: Rate,
    /// What that rate lies below in 80 % of the resamples; without an alarm, ln 5 / N.
    pub false_stepups_upper_80: f64,
    /// False alarms that locked at once, per 8 hours.
    pub false_locks_per_8h: Rate,
    /// Average number of genuine actions: keystrokes from one false alarm to the next.
    pub anga_keystrokes: Rate,
    /// The impostors' keystrokes until step-up.
    pub stepup_keystrokes_median: Rate,
    /// Those that all but one in twenty need at most.
    pub stepup_keystrokes_p95: Rate,
    /// Until the lock, nobody answering.
    pub lock_keystrokes_median: Rate,
    /// The share of impostors that were not asked before their recording ended.
    pub never_detected: Rate,
    /// Looks through the camera at owners, per 8 hours.
    pub looks_per_8h: Rate,
}

/// The figures without their intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glance {
    /// False alarms per 8 hours.
    pub false_stepups_per_8h: f64,
    /// The impostors' keystrokes until step-up; infinite where it did not happen.
    pub stepup_keystrokes_median: f64,
    /// Those that all but one in twenty need at most.
    pub stepup_keystrokes_p95: f64,
    /// The share of impostors that were not asked before their recording ended.
    pub never_detected: f64,
}

impl Glance {
    pub(crate) fn of(turns: &[Turn]) -> Self {
        let everybody = vec![1; turns.len()];
        let total = |of: &dyn Fn(&Turn) -> usize| turns.iter().map(of).sum::<usize>() as f64;
        let step_ups = Ordered::new(turns, |c| c.step_up);
        let missed = total(&|t| t.impostors.iter().filter(|c| c.step_up.is_none()).count());
        Self {
            false_stepups_per_8h: PER_8H * total(&|t| t.alarms) / total(&|t| t.keystrokes),
            stepup_keystrokes_median: step_ups.quantile(0.5, &everybody),
            stepup_keystrokes_p95: step_ups.quantile(0.95, &everybody),
            never_detected: missed / total(&|t| t.impostors.len()),
        }
    }
}

impl Figures {
    pub(crate) fn of(turns: &[Turn], seed: u64) -> Self {
        let step_ups = Ordered::new(turns, |c| c.step_up);
        let locks = Ordered::new(turns, |c| c.lock);
        let estimate = |times: &[u32]| {
            let sum = |of: &dyn Fn(&Turn) -> usize| {
                turns.iter().zip(times).map(|(t, n)| of(t) as f64 * f64::from(*n)).sum::<f64>()
            };
            let (keystrokes, alarms) = (sum(&|t| t.keystrokes), sum(&|t| t.alarms));
            let missed = sum(&|t| t.impostors.iter().filter(|c| c.step_up.is_none()).count());
            [
                PER_8H * alarms / keystrokes,
                PER_8H * sum(&|t| t.locks) / keystrokes,
                keystrokes / alarms,
                step_ups.quantile(0.5, times),
                step_ups.quantile(0.95, times),
                locks.quantile(0.5, times),
                missed / sum(&|t| t.impostors.len()),
                PER_8H * sum(&|t| t.looks) / keystrokes,
            ]
        };
        let values = estimate(&vec![1; turns.len()]);
        let mut resamples: [Vec<f64>; 8] = Default::default();
        resample(turns.len(), seed, |times| {
            resamples.iter_mut().zip(estimate(times)).for_each(|(all, value)| all.push(value));
        });
        let total = |of: &dyn Fn(&Turn) -> usize| turns.iter().map(of).sum::<usize>();
        let distinct_keystrokes = total(&|t| t.distinct);
        let impostors = total(&|t| t.impostors.len());
        let (per_n, none) = (PER_8H / distinct_keystrokes as f64, values[0] == 0.0);
        let upper_80 = if none { 5f64.ln() * per_n } else { percentile(&mut resamples[0], 0.8) };
        let mut rate = |at: usize| Rate {
            value: values[at],
            interval: (percentile(&mut resamples[at], 0.025), percentile(&mut resamples[at], 0.975)),
        };
        let none_seen = |rate: Rate, most: f64| match rate.value == 0.0 {
            true => Rate { value: 0.0, interval: (0.0, most) },
            false => rate,
        };
        let mut anga_keystrokes = rate(2);
        if none {
            anga_keystrokes.interval = (distinct_keystrokes as f64 / 3.0, f64::INFINITY);
        }
        Self {
            subjects: turns.len(),
            genuine_keystrokes: total(&|t| t.keystrokes),
            distinct_keystrokes,
            impostors,
            false_stepups: total(&|t| t.alarms),
            false_stepups_per_8h: none_seen(rate(0), 3.0 * per_n),
            false_stepups_upper_80: upper_80,
            false_locks_per_8h: none_seen(rate(1), 3.0 * per_n),
            anga_keystrokes,
            stepup_keystrokes_median: rate(3),
            stepup_keystrokes_p95: rate(4),
            lock_keystrokes_median: rate(5),
            never_detected: none_seen(rate(6), (3.0 / impostors as f64).min(1.0)),
            looks_per_8h: rate(7),
        }
    }
}

/// Impostors in the order of the keystrokes they took, those that never got there last.
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

    /// The least keystrokes that the share `p` of the impostors needed at most, owners counted as `times` says.
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
