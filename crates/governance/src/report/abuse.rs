use super::{Failed, Granted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many failures near a lock-out on one device are a pattern.
const NEAR_LOCKOUTS: usize = 3;
/// Fewer grants in all say nothing about who gave them, or where.
const FEWEST_GRANTS: usize = 10;
/// A cluster is told when chance alone would bring one, anywhere, in fewer than one of a hundred reports.
const CHANCE: f64 = 0.01;

/// A sign of abuse. It proves nothing: it says where to look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "pattern", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Pattern {
    /// Somebody guesses up to the lock-out, again and again.
    NearLockouts {
        /// On this device.
        device: String,
        /// So often.
        times: usize,
    },
    /// One approver gives far more than their share.
    OneApprover {
        /// Who.
        approver: String,
        /// So many grants.
        grants: usize,
        /// Of so many.
        of: usize,
        /// Chance that any approver would have so many, if each were equally likely to be asked.
        chance: f64,
    },
    /// Grants cluster on one device.
    OneDevice {
        /// Which.
        device: String,
        /// So many grants.
        grants: usize,
        /// Of so many.
        of: usize,
        /// Chance that any device would have so many, if each were equally likely to fail.
        chance: f64,
    },
}

pub(super) fn patterns(failed: &[Failed], granted: &[Granted], approvers: usize, devices: usize) -> Vec<Pattern> {
    let near = counts(failed.iter().filter(|one| one.near_lockout).map(|one| one.device.as_str()));
    let near = near.into_iter().filter(|(_, times)| *times >= NEAR_LOCKOUTS);
    let mut all: Vec<Pattern> =
        near.map(|(device, times)| Pattern::NearLockouts { device: device.into(), times }).collect();
    let by = clusters(granted.iter().flat_map(|one| one.approvers.iter().map(String::as_str)), approvers);
    all.extend(by.map(|(name, grants, of, chance)| Pattern::OneApprover { approver: name.into(), grants, of, chance }));
    let on = clusters(granted.iter().map(|one| one.device.as_str()), devices);
    all.extend(on.map(|(name, grants, of, chance)| Pattern::OneDevice { device: name.into(), grants, of, chance }));
    all
}

/// Names that come more often than equal shares over `among` would bring: exact binomial tail, times `among` (Bonferroni).
fn clusters<'a>(
    names: impl Iterator<Item = &'a str>,
    among: usize,
) -> impl Iterator<Item = (&'a str, usize, usize, f64)> {
    let counted = counts(names);
    let (of, among) = (counted.values().sum::<usize>(), among.max(counted.len()));
    let enough = of >= FEWEST_GRANTS && among > 1;
    counted.into_iter().filter(move |_| enough).filter_map(move |(name, times)| {
        let chance = (at_least(times, of, 1.0 / among as f64) * among as f64).min(1.0);
        (chance < CHANCE).then_some((name, times, of, chance))
    })
}

fn counts<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counted = BTreeMap::new();
    names.for_each(|name| *counted.entry(name).or_default() += 1);
    counted
}

/// P(X ≥ `times`) for X binomial over `of` trials, 0 < `share` < 1.
fn at_least(times: usize, of: usize, share: f64) -> f64 {
    let (yes, no) = (share.ln(), (1.0 - share).ln());
    let mut ln_choose = 0.0;
    let mut sum = 0.0;
    for k in 0..=of {
        if k > 0 {
            ln_choose += ((of - k + 1) as f64).ln() - (k as f64).ln();
        }
        if k >= times {
            sum += (ln_choose + k as f64 * yes + (of - k) as f64 * no).exp();
        }
    }
    sum.min(1.0)
}

impl Pattern {
    /// In words.
    pub fn in_words(&self) -> String {
        match self {
            Pattern::NearLockouts { device, times } => format!("{device}: {times} failures just before a lock-out"),
            Pattern::OneApprover { approver, grants, of, chance } => {
                format!("{approver} gave {grants} of {of} approvals (by chance: {chance:.2e})")
            }
            Pattern::OneDevice { device, grants, of, chance } => {
                format!("{device} has {grants} of {of} grants (by chance: {chance:.2e})")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::at_least;

    #[test]
    fn the_tail_is_the_binomials() {
        assert!((at_least(0, 10, 0.3) - 1.0).abs() < 1e-12);
        assert!((at_least(10, 10, 0.5) - 0.5f64.powi(10)).abs() < 1e-15);
        // 1 − (1 − 1/6)^4: de Méré's first bet.
        assert!((at_least(1, 4, 1.0 / 6.0) - 671.0 / 1296.0).abs() < 1e-12);
    }
}
