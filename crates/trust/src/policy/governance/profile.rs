use super::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// Which limits hold for somebody's overrides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Ordinary work in the office.
    Standard,
    /// Work from elsewhere.
    Remote,
    /// Regulated work.
    Regulated,
    /// Administrators.
    Privileged,
    /// A modality that doesn't suit a person.
    Accessibility,
    /// Breaking the glass.
    Emergency,
}

/// The limits of one profile.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfilePolicy {
    /// The longest grant, in minutes.
    pub longest_minutes: u64,
    /// How many approvers a grant needs; none but in an emergency.
    pub approvers: u32,
    /// The roles an approver, and a reviewer, must have one of.
    #[schemars(length(min = 1))]
    pub roles: Vec<Role>,
    /// How many grants a person may use in 24 hours.
    pub grants_per_day: u32,
    /// Hours after a grant's end by which it must be reviewed; after its begin in an emergency and for a modality declared unsuitable.
    pub review_hours: u64,
    /// Whether a reviewer must have the case's evidence before them, and be none of its approvers.
    pub evidence_review: bool,
    /// Whether the approver must name the second trusted channel on which they knew the person.
    pub second_channel: bool,
    /// Whether a grant holds on one network only: the one on which its case was opened.
    pub same_network: bool,
    /// Whether a grant may be given by telephone.
    pub voice: bool,
    /// A step-up by factor at least so often during a grant, in minutes.
    pub reverify_minutes: u64,
    /// What the hazard is multiplied by during a grant.
    pub hazard_factor: f64,
    /// Camera audits an hour during a grant, unless it is the camera that failed.
    pub audits_per_hour: u32,
    /// Roles that are told as soon as a grant begins.
    pub tell: Vec<Role>,
}

impl Profile {
    /// Every profile, in a fixed order.
    pub const ALL: [Profile; 6] = [
        Profile::Standard,
        Profile::Remote,
        Profile::Regulated,
        Profile::Privileged,
        Profile::Accessibility,
        Profile::Emergency,
    ];

    /// The name used in policy, records and messages.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Standard => "standard",
            Profile::Remote => "remote",
            Profile::Regulated => "regulated",
            Profile::Privileged => "privileged",
            Profile::Accessibility => "accessibility",
            Profile::Emergency => "emergency",
        }
    }

    /// Its limits by default.
    pub fn limits(self) -> ProfilePolicy {
        let standard = ProfilePolicy::default();
        match self {
            Profile::Standard => standard,
            Profile::Remote => ProfilePolicy {
                longest_minutes: 120,
                second_channel: true,
                same_network: true,
                voice: false,
                ..standard
            },
            Profile::Regulated => ProfilePolicy {
                longest_minutes: 120,
                approvers: 2,
                roles: vec![Role::Security, Role::Manager],
                evidence_review: true,
                voice: false,
                tell: vec![Role::Security],
                ..standard
            },
            Profile::Privileged => ProfilePolicy {
                longest_minutes: 30,
                roles: vec![Role::Security],
                review_hours: 8,
                evidence_review: true,
                second_channel: true,
                voice: false,
                reverify_minutes: 10,
                hazard_factor: 5.0,
                audits_per_hour: 12,
                tell: vec![Role::Security],
                ..standard
            },
            Profile::Accessibility => ProfilePolicy {
                longest_minutes: 60 * 24 * 90,
                roles: vec![Role::Manager, Role::Security],
                review_hours: 24 * 7,
                voice: false,
                reverify_minutes: 60,
                hazard_factor: 1.0,
                audits_per_hour: 0,
                ..standard
            },
            Profile::Emergency => ProfilePolicy {
                longest_minutes: 60,
                approvers: 0,
                roles: vec![Role::Security],
                grants_per_day: 1,
                review_hours: 4,
                evidence_review: true,
                voice: false,
                reverify_minutes: 15,
                hazard_factor: 5.0,
                audits_per_hour: 12,
                tell: vec![Role::Security, Role::Manager],
                ..standard
            },
        }
    }
}

impl Default for ProfilePolicy {
    fn default() -> Self {
        Self {
            longest_minutes: 240,
            approvers: 1,
            roles: vec![Role::ServiceDesk, Role::Security, Role::Manager],
            grants_per_day: 4,
            review_hours: 72,
            evidence_review: false,
            second_channel: false,
            same_network: false,
            voice: true,
            reverify_minutes: 30,
            hazard_factor: 2.0,
            audits_per_hour: 4,
            tell: Vec::new(),
        }
    }
}

/// What a document says of a profile: the rest is that profile's default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    longest_minutes: Option<u64>,
    approvers: Option<u32>,
    roles: Option<Vec<Role>>,
    grants_per_day: Option<u32>,
    review_hours: Option<u64>,
    evidence_review: Option<bool>,
    second_channel: Option<bool>,
    same_network: Option<bool>,
    voice: Option<bool>,
    reverify_minutes: Option<u64>,
    hazard_factor: Option<f64>,
    audits_per_hour: Option<u32>,
    tell: Option<Vec<Role>>,
}

fn read<'de, D: Deserializer<'de>>(document: D, profile: Profile) -> Result<ProfilePolicy, D::Error> {
    let (said, otherwise) = (Said::deserialize(document)?, profile.limits());
    Ok(ProfilePolicy {
        longest_minutes: said.longest_minutes.unwrap_or(otherwise.longest_minutes),
        approvers: said.approvers.unwrap_or(otherwise.approvers),
        roles: said.roles.unwrap_or(otherwise.roles),
        grants_per_day: said.grants_per_day.unwrap_or(otherwise.grants_per_day),
        review_hours: said.review_hours.unwrap_or(otherwise.review_hours),
        evidence_review: said.evidence_review.unwrap_or(otherwise.evidence_review),
        second_channel: said.second_channel.unwrap_or(otherwise.second_channel),
        same_network: said.same_network.unwrap_or(otherwise.same_network),
        voice: said.voice.unwrap_or(otherwise.voice),
        reverify_minutes: said.reverify_minutes.unwrap_or(otherwise.reverify_minutes),
        hazard_factor: said.hazard_factor.unwrap_or(otherwise.hazard_factor),
        audits_per_hour: said.audits_per_hour.unwrap_or(otherwise.audits_per_hour),
        tell: said.tell.unwrap_or(otherwise.tell),
    })
}

/// One reader for each profile, as each has defaults of its own.
macro_rules! readers {
    ($($reader:ident: $profile:ident),*) => { $(
        pub(super) fn $reader<'de, D: Deserializer<'de>>(document: D) -> Result<ProfilePolicy, D::Error> {
            read(document, Profile::$profile)
        }
    )* };
}
readers!(
    standard: Standard, remote: Remote, regulated: Regulated, privileged: Privileged, accessibility: Accessibility,
    emergency: Emergency
);
