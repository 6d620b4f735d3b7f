use super::accept::refused;
use super::{CaseState, Casebook, Decided, Entry, Event, How, Refused, Use};
use crate::{CaseId, CaseRecord, Controls, GrantId, Moment, Scope};
use std::collections::BTreeSet;
use stillyou_trust::policy::{Profile, Situation};
use stillyou_trust::{Factor, Modality, TrustTime};

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
    /// Breaks the glass: the case is granted at once, without an approver, until policy's emergency limit. `proofs` are
    /// those since the last step-up. Everybody whom policy names is to be told, and it must be reviewed.
    pub fn break_glass(
        &self,
        id: GrantId,
        case: CaseId,
        proofs: &[Proof],
        reason: &str,
        now: Moment,
    ) -> Decided<Refused> {
        let record = self.case(case);
        let limits = &self.policy.emergency;
        let scope = Scope::NonBiometric {};
        let may = self.may_break_glass(case, proofs, &now);
        let may = may.and_then(|factors| self.only_one(&scope, &now).map(|()| factors));
        let may = may.and_then(|f| self.not_one_too_many(Profile::Emergency, limits, &now).map(|()| f));
        let (factor, also) = match may {
            Ok(factors) => factors,
            Err(why) => return refused(Entry::Emergency, record, why, now),
        };
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
            how: How::Emergency { factor, also },
        };
        Decided { event: Event::Granted { case, used: Box::new(used) }, outcome: Ok(()) }
    }

    /// By which factors it may be.
    fn may_break_glass(&self, case: CaseId, proofs: &[Proof], now: &Moment) -> Result<(Factor, Vec<Factor>), Refused> {
        if !self.policy.emergency_allowed {
            return Err(Refused::NoEmergency);
        }
        let record = self.case(case).ok_or(Refused::WrongCase)?;
        if record.state != CaseState::Open {
            return Err(Refused::CaseClosed);
        }
        // A review that is due is not put off so.
        let mut unreviewed = self.cases.values().filter(|record| self.due(record).is_some());
        if record.clock_set_back(now) || unreviewed.any(|record| record.clock_set_back(now)) {
            return Err(Refused::ClockSetBack);
        }
        let factors = self.proven(proofs, record.case.modality, now)?;
        let overdue = |record: &CaseRecord| {
            let emergency = record.used.as_ref().is_some_and(|used| used.profile == Profile::Emergency);
            emergency && self.is_overdue(record, now)
        };
        if self.cases.values().any(overdue) { Err(Refused::ReviewOverdue) } else { Ok(factors) }
    }

    /// The different factors that were proven freshly, where they are enough.
    fn proven(
        &self,
        proofs: &[Proof],
        failed: Option<Modality>,
        now: &Moment,
    ) -> Result<(Factor, Vec<Factor>), Refused> {
        let mut of = self.policy.factors_after(Situation::Emergency, failed);
        of.retain(|factor| factor.modality().is_none());
        let fresh = |proof: &&Proof| proof.at <= now.up && now.up.since(proof.at).as_secs() <= FRESH_S;
        let proven: BTreeSet<Factor> = proofs.iter().filter(fresh).map(|proof| proof.factor).collect();
        let mut proven = proven.into_iter().filter(|factor| of.contains(factor));
        let needed = self.policy.factors.emergency.count;
        if let Some(factor) = proven.next() {
            let also: Vec<Factor> = proven.collect();
            if also.len() + 1 >= needed as usize {
                return Ok((factor, also));
            }
        }
        let of = of.into_iter().map(Factor::name).collect::<Vec<_>>().join(", ");
        Err(Refused::NotProven { needed, of, seconds: FRESH_S })
    }
}
