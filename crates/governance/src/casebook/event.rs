use super::{CaseRecord, CaseState, Casebook, End, Use};
use crate::{Case, CaseId, GrantId, Moment, Review};
use serde::{Deserialize, Serialize};
use stillyou_trust::policy::Role;

/// Names of refusals that are counted apart.
pub(super) const WRONG_CODE: &str = "wrong-code";
pub(super) const TOO_SOON: &str = "too-soon";

/// What happened: an entry of the ledger. The same events in the same order give the same casebook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Event {
    /// A case was opened.
    Opened {
        /// It.
        case: Box<Case>,
    },
    /// A grant was used for a case.
    Granted {
        /// Which case.
        case: CaseId,
        /// The grant.
        used: Box<Use>,
    },
    /// What was entered was refused.
    Refused {
        /// What it was.
        what: Entry,
        /// For this case, where that was known.
        case: Option<CaseId>,
        /// What was wrong, by its name.
        why: String,
        /// When.
        at: Moment,
    },
    /// An approver took a grant back.
    Revoked {
        /// Which.
        grant: GrantId,
        /// Who.
        by: String,
        /// Why.
        reason: String,
        /// When that was seen.
        at: Moment,
    },
    /// A grant, or a case without one, is over.
    Ended {
        /// Which case.
        case: CaseId,
        /// Why.
        why: End,
        /// When, in seconds since 1970.
        at_s: u64,
    },
    /// A case was reviewed.
    Reviewed {
        /// What was found.
        review: Review,
        /// By whom.
        by: String,
    },
    /// A review is late: somebody else is told.
    Escalated {
        /// Which case.
        case: CaseId,
        /// Who is told.
        to: Role,
        /// When it was due, in seconds since 1970.
        due_s: u64,
        /// When that was seen, in seconds since 1970.
        at_s: u64,
    },
    /// The clock had not been set back.
    Seen {
        /// The case that waits for it.
        case: CaseId,
        /// When.
        at: Moment,
    },
}

impl Event {
    /// The case that it is about; none where it names none, or only its grant.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            Event::Opened { case } => Some(case.id),
            Event::Granted { case, .. }
            | Event::Ended { case, .. }
            | Event::Escalated { case, .. }
            | Event::Seen { case, .. } => Some(*case),
            Event::Refused { case, .. } => *case,
            Event::Revoked { .. } => None,
            Event::Reviewed { review, .. } => Some(review.case),
        }
    }

    /// Whether it is a refusal of something that nobody looked at, because it came too soon.
    pub fn is_too_soon(&self) -> bool {
        matches!(self, Event::Refused { why, .. } if why == TOO_SOON)
    }
}

/// What somebody enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// A signed grant.
    Grant,
    /// Digits from the telephone.
    Code,
    /// A wish to break the glass.
    Emergency,
    /// A revocation.
    Revocation,
    /// A review.
    Review,
}

/// A decision: what to record, and whether the person got what they asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided<E> {
    /// To record, then to apply.
    pub event: Event,
    /// Why not.
    pub outcome: Result<(), E>,
}

/// An event that can't have happened to this casebook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record does not fit: {0}")]
pub struct DoesNotFit(pub(super) &'static str);

impl Casebook {
    /// Takes an event over, as it was decided.
    ///
    /// # Errors
    /// When it can't have happened here: then nothing changes.
    pub fn apply(&mut self, event: &Event) -> Result<(), DoesNotFit> {
        match event {
            Event::Opened { case } => self.opened(case)?,
            Event::Granted { case, used } => {
                let record = self.record(*case)?;
                if record.state != CaseState::Open {
                    return Err(DoesNotFit("a case that is not open was granted"));
                }
                (record.state, record.seen) = (CaseState::Granted, used.from);
                record.used = Some((**used).clone());
                self.used.insert(used.grant);
                self.tries.accepted();
            }
            Event::Refused { what, case, why, at } => {
                if let Some(record) = case.and_then(|case| self.cases.get_mut(&case)) {
                    record.wrong_codes += u32::from(why == WRONG_CODE);
                }
                // What came too soon was not looked at.
                if matches!(what, Entry::Grant | Entry::Code) && why != TOO_SOON {
                    self.tries.refused(*at);
                }
            }
            Event::Revoked { grant, at, .. } => {
                self.revoked.insert(*grant);
                let revoked = |record: &&mut CaseRecord| record.used.as_ref().is_some_and(|used| used.grant == *grant);
                let record = self.cases.values_mut().find(revoked);
                if let Some(record) = record.filter(|record| record.state == CaseState::Granted) {
                    record.state = if record.review.is_some() { CaseState::Reviewed } else { CaseState::Ended };
                    record.ended = Some((End::Revoked, at.wall_s));
                }
            }
            Event::Ended { case, why, at_s } => {
                let record = self.record(*case)?;
                record.state = match record.state {
                    CaseState::Granted if record.review.is_some() => CaseState::Reviewed,
                    CaseState::Granted => CaseState::Ended,
                    CaseState::Open => CaseState::Closed,
                    other => other,
                };
                record.ended = record.ended.or(Some((*why, *at_s)));
            }
            Event::Reviewed { review, by } => {
                let record = self.record(review.case)?;
                record.review = Some((by.clone(), review.clone()));
                // A modality stays declared unsuitable, and an emergency goes on to its end.
                if record.state == CaseState::Ended {
                    record.state = CaseState::Reviewed;
                }
            }
            Event::Escalated { case, at_s, .. } => self.record(*case)?.escalated_s = Some(*at_s),
            Event::Seen { case, at } => self.record(*case)?.seen = *at,
        }
        Ok(())
    }

    fn opened(&mut self, case: &Case) -> Result<(), DoesNotFit> {
        if case.identity != self.identity {
            return Err(DoesNotFit("a case of somebody else, or of another device"));
        }
        if self.cases.contains_key(&case.id) {
            return Err(DoesNotFit("a case was opened twice"));
        }
        let record = CaseRecord {
            case: case.clone(),
            state: CaseState::Open,
            used: None,
            ended: None,
            review: None,
            escalated_s: None,
            wrong_codes: 0,
            seen: case.opened,
        };
        self.cases.insert(case.id, record);
        Ok(())
    }

    fn record(&mut self, case: CaseId) -> Result<&mut CaseRecord, DoesNotFit> {
        self.cases.get_mut(&case).ok_or(DoesNotFit("it names a case that was never opened"))
    }
}
