use crate::jws::{self, JwsError, Kind, Unchecked};
use crate::{CaseId, EvidenceHash};
use serde::{Deserialize, Serialize};

/// What a reviewer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The override was right.
    Justified,
    /// It was not needed, or too wide.
    NotJustified,
    /// It was misused.
    Abuse,
}

/// A reviewer's signed word on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Which case.
    pub case: CaseId,
    /// What they found.
    pub verdict: Verdict,
    /// The evidence they had before them, as exported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceHash>,
    /// In their words.
    pub note: String,
    /// Signed then, in seconds since 1970.
    #[serde(rename = "iat")]
    pub issued_s: u64,
}

/// Why a review does not close a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReviewRefused {
    /// It is not understood.
    #[error("this is not a review: {0}")]
    NotAReview(JwsError),
    /// Nobody of that name may review.
    #[error("{0} is not an approver in policy")]
    UnknownReviewer(String),
    /// The signature does not fit.
    #[error("the signature is not {0}'s: the review was edited, or signed with another key")]
    BadSignature(String),
    /// There is no such case here.
    #[error("it is for another case")]
    WrongCase,
    /// No grant was used, it goes on, or it was reviewed before.
    #[error("there is nothing to review: {0}")]
    Nothing(&'static str),
    /// It is the reviewer's own.
    #[error("nobody reviews their own case")]
    OwnCase,
    /// The reviewer approved it.
    #[error("{0} approved this case; its review needs somebody else")]
    Approver(String),
    /// The reviewer's roles are not those policy names.
    #[error("{0} has none of the roles that may review this case")]
    RoleMissing(String),
    /// The evidence was not looked at, or it was other evidence.
    #[error("a case is closed by a reviewer who had its evidence before them: its hash is not the review's")]
    EvidenceNotSeen,
}

impl ReviewRefused {
    /// Its name in records.
    pub fn name(&self) -> &'static str {
        match self {
            ReviewRefused::NotAReview(_) => "not-a-review",
            ReviewRefused::UnknownReviewer(_) => "unknown-reviewer",
            ReviewRefused::BadSignature(_) => "bad-signature",
            ReviewRefused::WrongCase => "wrong-case",
            ReviewRefused::Nothing(_) => "nothing-to-review",
            ReviewRefused::OwnCase => "own-case",
            ReviewRefused::Approver(_) => "approver-reviews",
            ReviewRefused::RoleMissing(_) => "role-missing",
            ReviewRefused::EvidenceNotSeen => "evidence-not-seen",
        }
    }
}

impl Verdict {
    /// In words.
    pub fn in_words(self) -> &'static str {
        match self {
            Verdict::Justified => "justified",
            Verdict::NotJustified => "not justified",
            Verdict::Abuse => "abuse",
        }
    }
}

pub(crate) fn parse(text: &str) -> Result<(Review, Unchecked), JwsError> {
    let unchecked = jws::parse(Kind::Review, text.trim())?;
    let review: Review = unchecked.claims()?;
    jws::all_plain([("note", &*review.note)])?;
    Ok((review, unchecked))
}
