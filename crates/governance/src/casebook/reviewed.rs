use super::accept::refused;
use super::{CaseRecord, CaseState, Casebook, Decided, Entry, Event};
use crate::review::parse;
use crate::{Moment, Review, ReviewRefused, VerifyingKey};
use stillyou_trust::policy::{Approver, Profile};

impl Casebook {
    /// A reviewer's signed word on a case.
    pub fn review(&self, text: &str, now: Moment) -> Decided<ReviewRefused> {
        match self.reviewed_by(text) {
            Ok(event) => Decided { event, outcome: Ok(()) },
            Err(why) => refused(Entry::Review, None, why, now),
        }
    }

    fn reviewed_by(&self, text: &str) -> Result<Event, ReviewRefused> {
        let (review, signature) = parse(text).map_err(ReviewRefused::NotAReview)?;
        let unknown = || ReviewRefused::UnknownReviewer(signature.signer.chars().take(64).collect());
        let reviewer = self.policy.approver(&signature.signer).ok_or_else(unknown)?;
        let key: VerifyingKey = reviewer.key.parse().map_err(|_| unknown())?;
        if !signature.is_signed_with(&key) {
            return Err(ReviewRefused::BadSignature(reviewer.id.clone()));
        }
        let record = self.case(review.case).ok_or(ReviewRefused::WrongCase)?;
        self.may_close(record, reviewer, &review)?;
        Ok(Event::Reviewed { review, by: reviewer.id.clone() })
    }

    fn may_close(&self, record: &CaseRecord, reviewer: &Approver, review: &Review) -> Result<(), ReviewRefused> {
        let used = record.used.as_ref().ok_or(ReviewRefused::Nothing("no grant was used"))?;
        if record.review.is_some() {
            return Err(ReviewRefused::Nothing("it was reviewed before"));
        }
        let early = matches!(used.profile, Profile::Emergency | Profile::Accessibility);
        if record.state == CaseState::Granted && !early {
            return Err(ReviewRefused::Nothing("the grant goes on"));
        }
        if reviewer.id == self.identity.person() {
            return Err(ReviewRefused::OwnCase);
        }
        let limits = record.limits(&self.policy);
        if !reviewer.has_one_of(&limits.roles) {
            return Err(ReviewRefused::RoleMissing(reviewer.id.clone()));
        }
        if record.needs_another_reviewer(&reviewer.id, &self.policy) {
            return Err(ReviewRefused::Approver(reviewer.id.clone()));
        }
        // Whoever names other evidence looked at something else.
        match review.evidence {
            Some(evidence) if evidence == record.evidence() => Ok(()),
            None if !limits.evidence_review => Ok(()),
            _ => Err(ReviewRefused::EvidenceNotSeen),
        }
    }
}
