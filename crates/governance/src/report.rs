//! Repeated failure as telemetry: failures only, never activity, and no group of fewer people than policy says.

mod abuse;
mod advice;
mod groups;
mod page;
#[cfg(test)]
mod tests;

pub use abuse::Pattern;
pub use advice::{Advice, Change};
pub use groups::{Group, Groups};
pub use page::to_html;

use crate::{CaseRecord, Cause, on_one_line};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use stillyou_trust::Modality;

/// A verification that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// Whose: only to count people.
    pub person: String,
    /// Where.
    pub device: String,
    /// Which kind of sensor: a model, never a serial number.
    pub sensor: String,
    /// Which modality, if it was one.
    pub modality: Option<Modality>,
    /// The likeliest cause.
    pub cause: Cause,
    /// What it turned out to be.
    pub kind: Kind,
    /// Whether a lock-out was near.
    pub near_lockout: bool,
}

/// What a failure turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A step-up that the person answered: they had been rejected falsely.
    FalseReject,
    /// One that became a case: nobody answered, it came again and again, or the person asked for help.
    Unsettled,
}

/// A grant that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Granted {
    /// Where.
    pub device: String,
    /// Who approved.
    pub approvers: Vec<String>,
}

/// What a device counted: all that a report needs of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// Verifications that failed.
    pub failed: Vec<Failed>,
    /// Grants that were used.
    pub granted: Vec<Granted>,
}

impl Counted {
    /// This and another device's.
    ///
    /// # Errors
    /// When somebody's counts on one device are in both.
    pub fn and(mut self, other: Counted) -> Result<Self, CountedTwice> {
        let known: BTreeSet<_> = self.failed.iter().map(|one| (&one.person, &one.device)).collect();
        if let Some(twice) = other.failed.iter().find(|one| known.contains(&(&one.person, &one.device))) {
            return Err(CountedTwice { person: on_one_line(&twice.person), device: on_one_line(&twice.device) });
        }
        self.failed.extend(other.failed);
        self.granted.extend(other.granted);
        Ok(self)
    }
}

/// The same counts came twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what {person} counted on {device} is given twice; give each device's newest counts once")]
pub struct CountedTwice {
    person: String,
    device: String,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The fewest people a figure is about.
    pub smallest_group: u32,
    /// Failures and the people they were of; none where those are too few.
    pub all: Option<Group>,
    /// By modality.
    pub by_modality: Groups,
    /// By cause.
    pub by_cause: Groups,
    /// By kind of sensor.
    pub by_sensor: Groups,
    /// By what they turned out to be.
    pub by_kind: Groups,
    /// What to change: sensors, light, people who are not suited, thresholds. Nothing of it is from suspected abuse.
    pub advice: Vec<Advice>,
    /// Signs of abuse, apart from all that: for the security team.
    pub patterns: Vec<Pattern>,
}

impl Report {
    /// Counts. `approvers` and `devices` are how many there are, whether or not something was granted by or on them.
    pub fn of(failed: &[Failed], granted: &[Granted], approvers: usize, devices: usize, smallest_group: u32) -> Self {
        let least = smallest_group as usize;
        let modality = |one: &Failed| one.modality.map_or("none in particular", Modality::name).to_owned();
        let by_modality = groups::by(failed, least, modality);
        Self {
            smallest_group,
            all: groups::all(failed, least),
            by_cause: groups::by(failed, least, |one| one.cause.name().to_owned()),
            by_sensor: groups::by(failed, least, |one| one.sensor.clone()),
            by_kind: groups::by(failed, least, |one| one.kind.name().to_owned()),
            advice: advice::advice(failed, &by_modality, least),
            patterns: abuse::patterns(failed, granted, approvers, devices),
            by_modality,
        }
    }
}

impl Report {
    /// Its tables, by what they are grouped by.
    pub fn tables(&self) -> [(&'static str, &Groups); 4] {
        [
            ("modality", &self.by_modality),
            ("cause", &self.by_cause),
            ("sensor", &self.by_sensor),
            ("outcome", &self.by_kind),
        ]
    }
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::FalseReject => "false reject",
            Kind::Unsettled => "unsettled",
        }
    }
}

impl Failed {
    /// The failure that a case was opened for.
    pub fn of(record: &CaseRecord) -> Self {
        let case = &record.case;
        Self {
            person: case.identity.person().into(),
            device: case.identity.device().into(),
            sensor: case.measured.device_kind.clone().unwrap_or_else(|| "unknown".into()),
            modality: case.modality,
            cause: case.cause,
            kind: Kind::Unsettled,
            near_lockout: case.measured.tries_left.is_some_and(|left| left <= 1),
        }
    }
}

impl Granted {
    /// The grant that was used for a case, if any.
    pub fn of(record: &CaseRecord) -> Option<Self> {
        let used = record.used.as_ref()?;
        Some(Self { device: record.case.identity.device().into(), approvers: used.approvers.clone() })
    }
}
