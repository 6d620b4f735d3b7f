use crate::{Case, Controls, EvidenceHash, GrantId, Moment, Review, Scope};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stillyou_trust::Factor;
use stillyou_trust::policy::{Approver, GovernancePolicy, Profile, ProfilePolicy};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// It waits for a grant.
    Open,
    /// A grant for it was used, and is not over.
    Granted,
    /// The grant is over, and waits for its review.
    Ended,
    /// It was closed without a grant.
    Closed,
    /// It was reviewed.
    Reviewed,
}

/// Why a grant, or a case without one, is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Its time is over.
    Expired,
    /// An approver took it back.
    Revoked,
    /// The person does not need it any more.
    GivenUp,
    /// Nobody answered in time.
    Lapsed,
}

/// How a grant came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
pub enum How {
    /// Signed, as this text.
    Signature {
        /// The grant as it arrived, for anybody to check later.
        text: String,
    },
    /// By telephone.
    Voice {},
    /// The glass was broken.
    Emergency {
        /// After proving who one is, with this.
        factor: Factor,
        /// And with these, where policy wants more than one.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<Factor>,
    },
}

/// A grant that was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Use {
    /// Which.
    pub grant: GrantId,
    /// Within these limits.
    pub profile: Profile,
    /// What it lets the person do.
    pub scope: Scope,
    /// Used then.
    pub from: Moment,
    /// Over then, exclusive: seconds since 1970.
    pub end_s: u64,
    /// What makes up for the missing proof.
    pub controls: Controls,
    /// Who approved.
    pub approvers: Vec<String>,
    /// On this network only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Why.
    pub reason: String,
    /// How it came.
    pub how: How,
}

/// A case and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRecord {
    /// The case.
    pub case: Case,
    /// Where it stands.
    pub state: CaseState,
    /// The grant that was used for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Use>,
    /// When and why that was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<(End, u64)>,
    /// Who reviewed it, and what they found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<(String, Review)>,
    /// When its review was given to somebody else for being late: seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated_s: Option<u64>,
    /// Wrong spoken codes.
    pub wrong_codes: u32,
    /// The last time it was seen that the clock had not been set back.
    pub seen: Moment,
}

impl CaseRecord {
    /// What holds for its grant and the review of that; before there is one, for the grant that it waits for.
    pub fn limits(&self, policy: &GovernancePolicy) -> ProfilePolicy {
        let profile = self.used.as_ref().map_or(self.case.profile, |used| used.profile);
        policy.limits_for(profile, self.case.identity.person(), self.case.remote)
    }

    /// By when it must be reviewed, in seconds since 1970; none without a grant.
    pub fn review_due_s(&self, limits: &ProfilePolicy) -> Option<u64> {
        let used = self.used.as_ref()?;
        let from = match used.profile {
            Profile::Emergency | Profile::Accessibility => used.from.wall_s,
            _ => self.ended.map_or(used.end_s, |(_, at)| at),
        };
        Some(from.saturating_add(3600 * limits.review_hours))
    }

    /// Whether this reviewer approved its grant, and the review is therefore somebody else's: always where the evidence must be
    /// looked at, and wherever policy has somebody else for it.
    pub fn needs_another_reviewer(&self, reviewer: &str, policy: &GovernancePolicy) -> bool {
        let approved = self.used.as_ref().map(|used| &used.approvers[..]).unwrap_or_default();
        let limits = self.limits(policy);
        let somebody_else = |other: &Approver| {
            let approves = approved.contains(&other.id) || other.id == self.case.identity.person();
            !approves && other.has_one_of(&limits.roles)
        };
        approved.iter().any(|id| id == reviewer)
            && (limits.evidence_review || policy.approvers.iter().any(somebody_else))
    }

    /// Since when nothing more is to come, in seconds since 1970: it was closed without a grant, or its grant is over
    /// and reviewed.
    pub fn over_since_s(&self) -> Option<u64> {
        let settled = matches!(self.state, CaseState::Closed | CaseState::Reviewed);
        let reviewed = self.review.as_ref().map_or(0, |(_, review)| review.issued_s);
        self.ended.filter(|_| settled).map(|(_, at)| at.max(reviewed))
    }

    /// SHA-256 of what a reviewer must have before them: the case, the grant and its end.
    pub fn evidence(&self) -> EvidenceHash {
        let evidence = serde_json::to_vec(&(&self.case, &self.used, &self.ended)).unwrap_or_default();
        EvidenceHash::new(Sha256::digest(evidence).into())
    }

    /// What the wall clock must show at `now` at least.
    pub(super) fn least_wall_s(&self, now: &Moment) -> u64 {
        self.seen.least_wall_s(now).max(self.case.opened.least_wall_s(now))
    }

    /// Whether the wall clock was set back since this case was opened.
    pub(super) fn clock_set_back(&self, now: &Moment) -> bool {
        self.seen.was_set_back(now) || self.case.opened.was_set_back(now)
    }
}

impl Use {
    /// For how many more seconds, by whichever clock says less; zero when it is over.
    pub(super) fn left_s(&self, record: &CaseRecord, now: &Moment) -> u64 {
        self.end_s.saturating_sub(now.wall_s.max(record.least_wall_s(now)))
    }
}

impl CaseState {
    /// The name used in messages.
    pub fn name(self) -> &'static str {
        match self {
            CaseState::Open => "open",
            CaseState::Granted => "granted",
            CaseState::Ended => "ended",
            CaseState::Closed => "closed",
            CaseState::Reviewed => "reviewed",
        }
    }
}

impl End {
    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            End::Expired => "its time was over",
            End::Revoked => "it was revoked",
            End::GivenUp => "it was not needed any more",
            End::Lapsed => "nobody answered in time",
        }
    }
}
