use super::{CaseRecord, Casebook, Decided, Entry, Event, How, Refused, Use};
use crate::{Controls, Grant, Moment};
use std::time::Duration;
use stillyou_trust::policy::ProfilePolicy;

/// A grant beside the case it names, for one check.
pub(super) struct Entered<'a> {
    pub grant: &'a Grant,
    pub record: &'a CaseRecord,
    pub limits: &'a ProfilePolicy,
    pub now: &'a Moment,
    pub network: Option<&'a str>,
}

impl Casebook {
    /// A grant that was pasted or scanned. `network` is the one that the device is on.
    pub fn accept(&self, text: &str, now: Moment, network: Option<&str>) -> Decided<Refused> {
        let grant = match self.wait(&now) {
            Duration::ZERO => Grant::parse(text).map_err(Refused::NotAGrant),
            left => Err(Refused::TooSoon(left)),
        };
        let grant = match grant {
            Ok(grant) => grant,
            Err(why) => return refused(Entry::Grant, None, why, now),
        };
        match self.fits(&grant, &now, network) {
            Ok(record) => self.granted_by(&grant, record, text, now),
            Err(why) => refused(Entry::Grant, self.case(grant.claims.case), why, now),
        }
    }

    /// How long the next grant must wait.
    pub fn wait(&self, now: &Moment) -> Duration {
        let wait = Duration::from_secs(self.policy.grant_wait_seconds);
        self.tries.wait(self.policy.grant_tries, wait, now)
    }

    /// Every check in its order: who signed it, for whom and what it is, whether it may be used now. Gives its case.
    fn fits(&self, grant: &Grant, now: &Moment, network: Option<&str>) -> Result<&CaseRecord, Refused> {
        for check in Self::BEFORE_THE_CASE {
            self.unless_blind(check(self, grant))?;
        }
        let record = self.case(grant.claims.case).ok_or(Refused::WrongCase)?;
        let limits = &self.limits(&record.case);
        let entered = Entered { grant, record, limits, now, network };
        for check in Self::OF_THE_CASE {
            self.unless_blind(check(self, &entered))?;
        }
        Ok(record)
    }

    /// The outcome of a check; in tests of the drill, that of a blind one.
    fn unless_blind(&self, outcome: Result<(), Refused>) -> Result<(), Refused> {
        #[cfg(test)]
        if outcome.as_ref().is_err_and(|why| Some(why.name()) == self.blind_to) {
            return Ok(());
        }
        outcome
    }

    fn granted_by(&self, grant: &Grant, record: &CaseRecord, text: &str, now: Moment) -> Decided<Refused> {
        let claims = &grant.claims;
        let least = Controls::of(&self.limits(&record.case), record.case.modality);
        let used = Use {
            grant: claims.id,
            profile: claims.profile,
            scope: claims.scope,
            from: now,
            end_s: claims.end_s,
            controls: claims.controls.and(least),
            approvers: grant.signers(),
            network: claims.network.clone(),
            reason: claims.reason.clone(),
            how: How::Signature { text: text.trim().to_owned() },
        };
        Decided { event: Event::Granted { case: claims.case, used: Box::new(used) }, outcome: Ok(()) }
    }
}

pub(super) fn refused<E: Named>(what: Entry, record: Option<&CaseRecord>, why: E, at: Moment) -> Decided<E> {
    let case = record.map(|record| record.case.id);
    Decided { event: Event::Refused { what, case, why: why.name().into(), at }, outcome: Err(why) }
}

/// What a record calls a refusal.
pub(super) trait Named {
    fn name(&self) -> &'static str;
}

impl Named for Refused {
    fn name(&self) -> &'static str {
        Refused::name(self)
    }
}

impl Named for crate::ReviewRefused {
    fn name(&self) -> &'static str {
        crate::ReviewRefused::name(self)
    }
}
