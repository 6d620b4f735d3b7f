//! Who may help when verification fails, how far, and what must follow.

mod approver;
mod check;
mod factors;
mod fields;
mod joined;
mod profile;

use crate::Modality;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use approver::{Approver, Role};
pub use factors::{FactorsPolicy, KeyProof, Situation, SituationPolicy};
pub(super) use fields::fields;
pub use profile::{Profile, ProfilePolicy};

/// The governed ways to keep working when verification fails.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GovernancePolicy {
    /// Who may grant an override, and in which role. Default nobody: then step-up factors and, where it is allowed, emergency are
    /// all there is.
    pub approvers: Vec<Approver>,
    /// The profile of everybody who is not in `assigned`.
    pub profile: Profile,
    /// Who has another profile.
    pub assigned: Vec<Assigned>,
    /// Who hears of a review that is late.
    pub escalate_to: Role,
    /// So many step-ups forced by one modality within `case_window_minutes` open a case, whatever came of them.
    pub case_after_step_ups: u32,
    /// The window for `case_after_step_ups`, in minutes.
    pub case_window_minutes: u64,
    /// How long a case waits for a grant, in hours; a grant that comes later needs another case.
    pub case_waits_hours: u64,
    /// How long a case is kept after it is over and reviewed, in days: then it is taken out of the record.
    pub keep_cases_days: u64,
    /// Wrong or refused grants that may be entered in a row before each further one must wait.
    pub grant_tries: u32,
    /// How long each further grant waits, in seconds.
    pub grant_wait_seconds: u64,
    /// The longest grant by telephone, in minutes.
    pub voice_minutes: u64,
    /// How long a spoken code holds, in minutes.
    pub voice_code_minutes: u64,
    /// Whether a person may break the glass: keep working at once without an approver, loudly, to be reviewed.
    pub emergency_allowed: bool,
    /// The fewest people a figure in a report may be about.
    pub smallest_group: u32,
    /// Which factors count, and how many of them, for what.
    pub factors: FactorsPolicy,
    /// Working without any sensor.
    pub non_biometric: NonBiometricPolicy,
    /// Ordinary work in the office.
    #[serde(deserialize_with = "profile::standard")]
    #[schemars(with = "ProfilePolicy")]
    pub standard: ProfilePolicy,
    /// Work from elsewhere: bound to the network, and confirmed over a second trusted channel.
    #[serde(deserialize_with = "profile::remote")]
    #[schemars(with = "ProfilePolicy")]
    pub remote: ProfilePolicy,
    /// Regulated work: two approvers, and a look at the evidence before a case is closed.
    #[serde(deserialize_with = "profile::regulated")]
    #[schemars(with = "ProfilePolicy")]
    pub regulated: ProfilePolicy,
    /// Administrators and others who can do much harm: short and watched.
    #[serde(deserialize_with = "profile::privileged")]
    #[schemars(with = "ProfilePolicy")]
    pub privileged: ProfilePolicy,
    /// A modality that doesn't suit a person is declared so, and replaced.
    #[serde(deserialize_with = "profile::accessibility")]
    #[schemars(with = "ProfilePolicy")]
    pub accessibility: ProfilePolicy,
    /// Breaking the glass.
    #[serde(deserialize_with = "profile::emergency")]
    #[schemars(with = "ProfilePolicy")]
    pub emergency: ProfilePolicy,
}

/// A person and the profile they have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// The name of their account.
    pub person: String,
    /// Their profile.
    pub profile: Profile,
}

/// Working without any sensor: the score falls with time alone, and a factor is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NonBiometricPolicy {
    /// A step-up at least so often, in minutes.
    pub interval_minutes: u64,
    /// And after so long without input, in minutes.
    pub idle_minutes: u64,
}

impl GovernancePolicy {
    /// The approver of that name.
    pub fn approver(&self, id: &str) -> Option<&Approver> {
        self.approvers.iter().find(|approver| approver.id == id)
    }

    /// The limits of a profile.
    pub fn of(&self, profile: Profile) -> &ProfilePolicy {
        match profile {
            Profile::Standard => &self.standard,
            Profile::Remote => &self.remote,
            Profile::Regulated => &self.regulated,
            Profile::Privileged => &self.privileged,
            Profile::Accessibility => &self.accessibility,
            Profile::Emergency => &self.emergency,
        }
    }

    /// The profile a person works under. Whoever has the standard one has the remote one in a remote session.
    pub fn profile_of(&self, person: &str, remote_session: bool) -> Profile {
        let assigned = self.assigned.iter().find(|assigned| assigned.person == person);
        match assigned.map_or(self.profile, |assigned| assigned.profile) {
            Profile::Standard if remote_session => Profile::Remote,
            profile => profile,
        }
    }

    /// The factors to offer in a situation after `failed` did not verify: never that modality again.
    pub fn factors_after(&self, situation: Situation, failed: Option<Modality>) -> Vec<crate::Factor> {
        self.factors
            .of(situation)
            .any_of
            .iter()
            .copied()
            .filter(|f| failed.is_none() || f.modality() != failed)
            .collect()
    }
}

impl Default for GovernancePolicy {
    fn default() -> Self {
        Self {
            approvers: Vec::new(),
            profile: Profile::Standard,
            assigned: Vec::new(),
            escalate_to: Role::Security,
            case_after_step_ups: 3,
            case_window_minutes: 30,
            case_waits_hours: 24,
            // The 90 days that a report counts, and as long again to ask about them.
            keep_cases_days: 180,
            grant_tries: 5,
            grant_wait_seconds: 30,
            voice_minutes: 60,
            voice_code_minutes: 10,
            emergency_allowed: true,
            smallest_group: 5,
            factors: FactorsPolicy::default(),
            non_biometric: NonBiometricPolicy::default(),
            standard: Profile::Standard.limits(),
            remote: Profile::Remote.limits(),
            regulated: Profile::Regulated.limits(),
            privileged: Profile::Privileged.limits(),
            accessibility: Profile::Accessibility.limits(),
            emergency: Profile::Emergency.limits(),
        }
    }
}

impl Default for NonBiometricPolicy {
    fn default() -> Self {
        Self { interval_minutes: 60, idle_minutes: 5 }
    }
}

#[cfg(test)]
mod tests;
