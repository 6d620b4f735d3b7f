use crate::eye::Wanted;
use serde::{Deserialize, Serialize};
use stillyou_governance::report::{Failed, Granted};
use stillyou_governance::{CaseId, CaseState, Cause};
use stillyou_trust::policy::Profile;
use stillyou_trust::{Factor, Modality};

/// What is asked about cases: verifications that failed, and the ways to go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CaseRequest {
    /// The person's cases. Free while proof is asked for, else it needs a fresh step-up; so do the next two.
    List {},
    /// One of them.
    Show {
        /// Which.
        case: CaseId,
    },
    /// Get help: open a case, or show the one that this failure has. Few an hour.
    Open {
        /// What failed; what the open step-up was forced by when absent.
        modality: Option<Modality>,
        /// The person says that they can't use it: a bandage, a splint, a disability.
        cannot_use: bool,
        /// It is to be declared unsuitable for them, for as long as policy allows.
        unsuitable: bool,
    },
    /// A grant, a revocation or a review as it was pasted. It carries its own authority.
    Enter {
        /// The text.
        text: String,
    },
    /// Read a code through the camera, where that is on. A document is then taken as if it had been pasted; a request
    /// comes back. Few an hour; answered when it is over.
    Scan {
        /// What to look for.
        wanted: Wanted,
    },
    /// A grant said on the telephone, with what was said beside it.
    Code {
        /// For this case.
        case: CaseId,
        /// Who said it.
        approver: String,
        /// For so many minutes.
        minutes: u64,
        /// The digits.
        said: String,
    },
    /// Close a case, or end its grant. Needs a fresh step-up.
    Close {
        /// Which.
        case: CaseId,
    },
    /// Break the glass: go on at once without an approver, loudly. Needs a fresh step-up by a factor without a sensor.
    BreakGlass {
        /// For this case.
        case: CaseId,
        /// Why.
        reason: String,
    },
    /// The whole record of a case. Needs a fresh step-up.
    Export {
        /// Which.
        case: CaseId,
        /// As a page to read and print; else as JSON.
        html: bool,
    },
    /// What a report counts: failures and grants, never activity. Needs a fresh step-up.
    Failures {},
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CaseReply {
    /// Cases, newest first.
    Cases {
        /// They.
        cases: Vec<CaseShown>,
    },
    /// One case, as it stands now.
    Case {
        /// It.
        case: Box<CaseShown>,
    },
    /// What was entered is taken.
    Entered {
        /// What it was.
        what: Entered,
        /// The case that it was for, as it stands now; none for a grant that is not in use.
        case: Option<Box<CaseShown>>,
    },
    /// Another person's case, as it was read through the camera.
    Scanned {
        /// The request's text.
        request: String,
    },
    /// A case's whole record.
    Exported {
        /// As JSON or HTML.
        text: String,
    },
    /// What a report counts.
    Failures {
        /// Verifications that failed.
        failed: Vec<Failed>,
        /// Grants that were used.
        granted: Vec<Granted>,
    },
}

/// What somebody entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Entered {
    /// A grant, which is in force now.
    Grant,
    /// A grant that was taken back.
    Revocation,
    /// A reviewer's word.
    Review,
}

/// A case as the person, or whoever sits there while proof is asked for, may see it: what its request says, and where it
/// stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CaseShown {
    /// Its name, 32 hexadecimal digits.
    pub id: String,
    /// Its name for the telephone.
    pub code: String,
    /// Where it stands.
    pub state: CaseState,
    /// The limits it stands under.
    pub profile: Profile,
    /// Which modality failed, if it was one.
    pub modality: Option<Modality>,
    /// The likeliest cause.
    pub cause: Cause,
    /// The numbers that say so.
    pub because: Vec<String>,
    /// When it was opened: milliseconds since 1970-01-01 UTC.
    pub opened_ms: i64,
    /// When its grant ends, or ended.
    pub until_ms: Option<i64>,
    /// Who approved that.
    pub approvers: Vec<String>,
    /// By when it must be reviewed.
    pub review_due_ms: Option<i64>,
    /// What replaces the modality, where the grant declared it unsuitable for the person.
    pub instead: Option<Factor>,
    /// What to show an approver, as QR or text.
    pub request: String,
}

/// A grant in force, for display.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct UnderGrant {
    /// Until then: milliseconds since 1970-01-01 UTC.
    pub until_ms: i64,
    /// What counts for nothing meanwhile.
    pub set_aside: Vec<Modality>,
    /// A step-up at least so often, in minutes.
    pub reverify_minutes: u64,
    /// Whether the glass was broken.
    pub emergency: bool,
    /// Why it does not hold at the moment, if it doesn't.
    pub suspended: Option<String>,
}

/// A modality that is declared unsuitable for the person, for display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    /// Which.
    pub modality: Modality,
    /// By what.
    pub instead: Factor,
    /// Until then: milliseconds since 1970-01-01 UTC.
    pub until_ms: i64,
}
