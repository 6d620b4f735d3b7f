use super::groups::people;
use super::{Failed, Groups, groups};
use crate::Cause;
use serde::{Deserialize, Serialize};
use stillyou_trust::Modality;

/// The share of a modality's failures from which a cause is worth a change.
const SHARE: f64 = 0.3;

/// What to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Other sensors.
    Sensor,
    /// Light.
    Environment,
    /// Another modality for the people it does not suit.
    Modality,
    /// Enrol anew.
    Enrolment,
    /// How far the modality is believed, or when it asks.
    Threshold,
}

/// A change, with the numbers that speak for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// For this modality.
    pub modality: Modality,
    /// What.
    pub change: Change,
    /// So many of its failures had that cause.
    pub failures: usize,
    /// Of so many whose cause was looked for.
    pub of: usize,
    /// Of so many people.
    pub people: usize,
    /// Which sensors they were at.
    pub sensors: Groups,
}

/// A change wherever a cause makes up a good part of a modality's failures, and is about enough people.
pub(super) fn advice(failed: &[Failed], shown: &Groups, least: usize) -> Vec<Advice> {
    let mut all = Vec::new();
    for modality in Modality::ALL.into_iter().filter(|m| shown.shown.iter().any(|group| group.name == m.name())) {
        let of: Vec<&Failed> = failed.iter().filter(|one| one.modality == Some(modality)).collect();
        // What somebody else brought about says nothing on sensors or thresholds, nor does what nobody measured. A few
        // people who are left out could be found by subtraction.
        let few = |cause: Cause| (1..least).contains(&people(of.iter().copied().filter(|one| one.cause == cause)));
        if LEFT_OUT.into_iter().any(few) {
            continue;
        }
        let own: Vec<Failed> = of.into_iter().filter(|one| !LEFT_OUT.contains(&one.cause)).cloned().collect();
        for (cause, change) in CHANGES {
            let because: Vec<Failed> = own.iter().filter(|one| one.cause == cause).cloned().collect();
            let (people, share) = (people(&because), because.len() as f64 / own.len().max(1) as f64);
            // The rest must be about enough people as well, or be nothing: else it could be found by subtraction.
            let rest = people_beside(&own, cause);
            if people >= least && share >= SHARE && (rest == 0 || rest >= least) {
                let sensors = groups::by(&because, least, |one| one.sensor.clone());
                all.push(Advice { modality, change, failures: because.len(), of: own.len(), people, sensors });
            }
        }
    }
    all
}

/// Causes that are no reason to change anything.
const LEFT_OUT: [Cause; 2] = [Cause::SuspectedAbuse, Cause::NotMeasured];

const CHANGES: [(Cause, Change); 5] = [
    (Cause::Sensor, Change::Sensor),
    (Cause::Environment, Change::Environment),
    (Cause::Accessibility, Change::Modality),
    (Cause::Drift, Change::Enrolment),
    (Cause::Unknown, Change::Threshold),
];

fn people_beside(own: &[Failed], cause: Cause) -> usize {
    people(own.iter().filter(|one| one.cause != cause))
}

impl Advice {
    /// In words.
    pub fn in_words(&self) -> String {
        let what = match self.change {
            Change::Sensor => "change or repair the sensor",
            Change::Environment => "change the light",
            Change::Modality => "declare it unsuitable and replace it",
            Change::Enrolment => "enrol anew",
            Change::Threshold => "believe it less, or ask later: nothing measured explains them",
        };
        let share = 100.0 * self.failures as f64 / self.of as f64;
        let of = format!("{} of {} measured failures ({share:.0} %) of {} people", self.failures, self.of, self.people);
        let sensors: Vec<String> =
            self.sensors.shown.iter().map(|one| format!("{} {}", one.failures, one.name)).collect();
        let at = if sensors.is_empty() { String::new() } else { format!("; at {}", sensors.join(", ")) };
        format!("{}: {what}: {of}{at}", self.modality)
    }
}
