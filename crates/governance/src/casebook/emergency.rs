use super::accept::refused;
use super::{CaseState, Casebook, Decided, Entry, Event, How, Refused, Use};
use crate::{CaseId, Controls, GrantId, Moment, Scope};
use stillyou_trust::policy::{Profile, Situation};
use stillyou_trust::{Factor, TrustTime};

/// A proof holds for so many seconds.
const FRESH_S: u64 = 60;

/// The person proved who they are, by something that is not biometric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// With this.
    pub factor: Factor,
    /// Then.
    pub at: TrustTime,
}

impl Casebook {
    /// Breaks the glass: the case is granted at once, without an approver, until policy's emergency limit. Everybody whom
    /// policy names is to be told, and it must be reviewed.
    pub fn break_glass(&self, id: GrantId, case: CaseId, proof: Proof, reason: &str, now: Moment) -> Decided<Refused> {
        let record = self.case(case);
        let limits = &self.policy.emergency;
        let scope = Scope::NonBiometric {};
        let may = self.may_break_glass(case, proof, &now).and_then(|()| self.only_one(&scope, &now));
        if let Err(why) = may.and_then(|()| self.not_one_too_many(Profile::Emergency, limits, &now)) {
            return refused(Entry::Emergency, record, why, now);
        }
        let used = Use {
            grant: id,
            profile: Profile::Emergency,
            scope,
            from: now,
            end_s: now.wall_s + 60 * limits.longest_minutes,
            controls: Controls::of(limits, record.and_then(|record| record.case.modality)),
            approvers: Vec::new(),
            network: None,
            reason: reason.to_owned(),
            how: How::Emergency { factor: proof.factor },
        };
        Decided { event: Event::Granted { case, used: Box::new(used) }, outcome: Ok(()) }
    }

    fn may_break_glass(&self, case: CaseId, proof: Proof, now: &Moment) -> Result<(), Refused> {
        if !self.policy.emergency_allowed {
            return Err(Refused::NoEmergency);
        }
        let record = self.case(case).ok_or(Refused::WrongCase)?;
        if record.state != CaseState::Open {
            return Err(Refused::CaseClosed);
        }
        if record.clock_set_back(now) {
            return Err(Refused::ClockSetBack);
        }
        let allowed = self.policy.factors_after(Situation::Emergency, record.case.modality);
        let fresh = proof.at <= now.up && now.up.since(proof.at).as_secs() <= FRESH_S;
        if !fresh || proof.factor.modality().is_some() || !allowed.contains(&proof.factor) {
            return Err(Refused::NotProven(FRESH_S));
        }
        let overdue = |record: &&crate::CaseRecord| {
            let emergency = record.used.as_ref().is_some_and(|used| used.profile == Profile::Emergency);
            emergency && self.due(record).is_some_and(|due| now.wall_s > due)
        };
        if self.cases.values().any(|record| overdue(&record)) { Err(Refused::ReviewOverdue) } else { Ok(()) }
    }
}
