//! Drills: the whole fallback in a sandbox, with a simulated person, approvers and clock.
//!
//! Each check plays something against the same [`Casebook`](crate::Casebook) and [`Desk`](crate::Desk) that devices and
//! approvers use, and says what it expected and what it saw.

mod attempts;
mod desks;
mod emergencies;
mod outage;
mod profiles;
mod reviews;
mod sandbox;
mod spoken;
mod standing;
#[cfg(test)]
mod tests;

use crate::jws::{self, JwsError, Kind};
use crate::{SigningKey, VerifyingKey};
use sandbox::Sandbox;
use serde::{Deserialize, Serialize};

/// The longest outage that is played, in hours.
pub const MOST_HOURS: u64 = 72;

/// How to run a drill.
#[derive(Clone, Debug)]
pub struct Config {
    /// How long biometrics are gone, 1 to [`MOST_HOURS`].
    pub hours: u64,
    /// Seed of everything random.
    pub seed: u64,
    /// Plays an honest grant in place of this attempt. A drill that still passes can't tell the difference.
    pub spoil: Option<String>,
    #[cfg(test)]
    pub(crate) blind_to: Option<&'static str>,
}

/// What a drill found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Which drill.
    pub drill: String,
    /// The version of this program.
    pub version: String,
    /// How long biometrics were gone, in hours of the simulated clock.
    pub hours: u64,
    /// Seed of everything random.
    pub seed: u64,
    /// The outage, minute by minute.
    pub outage: Outage,
    /// Every check.
    pub checks: Vec<Check>,
    /// Whether every check held.
    pub held: bool,
}

/// How the outage went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    /// Minutes of work under a grant.
    pub granted_minutes: u64,
    /// Minutes of work without any sensor, with factors alone: while an approver was asked, and when a day's grants were used.
    pub factor_minutes: u64,
    /// Grants that were used.
    pub grants: u64,
    /// Step-ups by factor.
    pub step_ups: u64,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What was tried.
    pub name: String,
    /// What had to come of it.
    pub expected: String,
    /// What came.
    pub seen: String,
    /// Whether they are the same.
    pub held: bool,
}

/// A drill that can't be run, or a report that can't be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DrillError {
    /// Too short or too long.
    #[error("{0} hours can't be played; a drill takes 1 to {MOST_HOURS}")]
    Hours(u64),
    /// There is no such attempt to spoil.
    #[error("there is no attempt {0:?}; there are {1}")]
    NoAttempt(String, String),
    /// A report that is not understood.
    #[error("this is not a drill's report: {0}")]
    NotAReport(JwsError),
    /// Edited, or signed with another key.
    #[error("the report is not signed with this key")]
    BadSignature,
}

impl Config {
    /// A drill with nothing spoilt.
    pub fn new(hours: u64, seed: u64) -> Self {
        Self {
            hours,
            seed,
            spoil: None,
            #[cfg(test)]
            blind_to: None,
        }
    }
}

/// Biometrics are gone for so many hours: work goes on, grants expire, reviews close, and every attempt at abuse fails.
///
/// # Errors
/// When the configuration can't be played. What does not hold is no error: it is in the report.
pub fn biometric_outage(config: &Config) -> Result<Report, DrillError> {
    if !(1..=MOST_HOURS).contains(&config.hours) {
        return Err(DrillError::Hours(config.hours));
    }
    if let Some(name) = config.spoil.as_ref().filter(|name| !attempts::ALL.iter().any(|one| one.name == **name)) {
        let known: Vec<&str> = attempts::ALL.iter().map(|one| one.name).collect();
        return Err(DrillError::NoAttempt(name.clone(), known.join(", ")));
    }
    let mut checks = Vec::new();
    let outage = outage::play(config, &mut checks);
    profiles::play(config, &mut checks);
    for attempt in &attempts::ALL {
        checks.push(attempt.play(config));
    }
    standing::play(config, &mut checks);
    desks::play(config, &mut checks);
    spoken::play(config, &mut checks);
    emergencies::play(config, &mut checks);
    reviews::play(config, &mut checks);
    Ok(Report {
        drill: "biometric-outage".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        hours: config.hours,
        seed: config.seed,
        outage,
        held: checks.iter().all(|check| check.held),
        checks,
    })
}

impl Check {
    fn new(name: &str, expected: &str, seen: impl Into<String>) -> Self {
        let seen = seen.into();
        Self { name: name.into(), expected: expected.into(), held: seen == expected, seen }
    }

    fn holds(name: &str, holds: bool) -> Self {
        Self::new(name, "yes", if holds { "yes" } else { "no" })
    }
}

impl Report {
    /// The report as a JWS, signed by whoever ran the drill; `signer` names their key.
    pub fn sign(&self, signer: &str, key: &SigningKey) -> String {
        jws::sign(Kind::Drill, signer, self, key)
    }

    /// Reads a signed report.
    ///
    /// # Errors
    /// When it is not understood, or not signed with this key.
    pub fn read(text: &str, key: &VerifyingKey) -> Result<Self, DrillError> {
        let report = jws::parse_long(Kind::Drill, text.trim()).map_err(DrillError::NotAReport)?;
        if !report.is_signed_with(key) {
            return Err(DrillError::BadSignature);
        }
        report.claims().map_err(DrillError::NotAReport)
    }
}
