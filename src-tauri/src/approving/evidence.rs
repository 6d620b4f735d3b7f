use super::granted::{TermsView, unix_ms};
use serde::Serialize;
use stillyou_governance::{CaseRecord, CaseState, Cause, End, How, Use, Verdict, on_one_line};
use stillyou_trust::policy::{GovernancePolicy, Profile};
use stillyou_trust::{Contribution, Modality};
use ts_rs::TS;

/// A case's record, as its reviewer has to have it before them.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RecordView {
    /// The case's name for the telephone.
    pub code: String,
    /// Whose.
    pub person: String,
    /// Where.
    pub device: String,
    /// When it was opened: milliseconds since 1970-01-01 UTC.
    pub opened_ms: i64,
    /// What failed.
    pub modality: Option<Modality>,
    /// The likeliest cause.
    pub cause: Cause,
    /// The numbers that say so.
    pub because: Vec<String>,
    /// What was tried, in words.
    pub tried: Vec<String>,
    /// What was measured, in words.
    pub measured: Vec<String>,
    /// What spoke against the person.
    pub against: Vec<Contribution>,
    /// Under which limits it was opened.
    pub profile: Profile,
    /// Where it stands.
    pub state: CaseState,
    /// What was granted.
    pub used: Option<UsedView>,
    /// By when it must be reviewed.
    pub review_due_ms: Option<i64>,
    /// When it was told that it was not.
    pub late_ms: Option<i64>,
    /// What somebody else has found already.
    pub reviewed: Option<ReviewedView>,
    /// Wrong spoken codes.
    pub wrong_codes: u32,
    /// Hash of what a review is signed over.
    pub evidence: String,
}

/// A grant that was used.
#[derive(Clone, Debug, Serialize, TS)]
pub struct UsedView {
    /// What it allowed.
    pub terms: TermsView,
    /// Under which limits.
    pub profile: Profile,
    /// How it came.
    pub how: HowView,
    /// Who approved.
    pub approvers: Vec<String>,
    /// Why it is over, and since when.
    pub ended: Option<EndedView>,
}

/// How a grant came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum HowView {
    /// As a signed text.
    Signature,
    /// By telephone.
    Voice,
    /// The glass was broken.
    Emergency,
}

/// The end of a grant.
#[derive(Clone, Debug, Serialize, TS)]
pub struct EndedView {
    /// Why.
    pub why: End,
    /// When.
    pub at_ms: i64,
}

/// What a reviewer found.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReviewedView {
    /// Who.
    pub by: String,
    /// What.
    pub verdict: Verdict,
    /// In their words.
    pub note: String,
}

impl RecordView {
    /// Under this machine's policy.
    pub fn of(record: &CaseRecord, policy: &GovernancePolicy) -> Self {
        let case = &record.case;
        let limits = record.limits(policy);
        let against = case.measured.attribution.iter();
        Self {
            code: case.short_code().to_string(),
            person: case.identity.person().into(),
            device: case.identity.device().into(),
            opened_ms: unix_ms(case.opened.wall_s),
            modality: case.modality,
            cause: case.cause,
            because: lines(&case.because),
            tried: lines(&super::tried_in_words(&case.tried)),
            measured: lines(&case.measured.in_words()),
            against: against.map(|part| Contribution { cause: on_one_line(&part.feature), nats: part.nats }).collect(),
            profile: case.profile,
            state: record.state,
            used: record.used.as_ref().map(|used| used_view(record, used)),
            review_due_ms: record.review_due_s(&limits).map(unix_ms),
            late_ms: record.escalated_s.map(unix_ms),
            reviewed: record.review.as_ref().map(|(by, review)| ReviewedView {
                by: on_one_line(by),
                verdict: review.verdict,
                note: on_one_line(&review.note),
            }),
            wrong_codes: record.wrong_codes,
            evidence: record.evidence().to_string(),
        }
    }
}

fn used_view(record: &CaseRecord, used: &Use) -> UsedView {
    UsedView {
        terms: TermsView {
            scope: used.scope,
            from_ms: unix_ms(used.from.wall_s),
            until_ms: unix_ms(used.end_s),
            controls: used.controls,
            channel: used.channel(),
            network: used.network.as_deref().map(on_one_line),
            reason: on_one_line(&used.reason),
        },
        profile: used.profile,
        how: match used.how {
            How::Signature { .. } => HowView::Signature,
            How::Voice {} => HowView::Voice,
            How::Emergency { .. } => HowView::Emergency,
        },
        approvers: lines(&used.approvers),
        ended: record.ended.map(|(why, at_s)| EndedView { why, at_ms: unix_ms(at_s) }),
    }
}

/// Nobody has signed what stands in a record.
fn lines(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| on_one_line(text)).collect()
}
