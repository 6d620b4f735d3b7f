use super::accept::refused;
use super::{Casebook, Decided, Entry, Event, Refused};
use crate::revocation::parse;
use crate::{Moment, VerifyingKey};

impl Casebook {
    /// A revocation that was pasted, scanned or fetched. It counts for a grant that was not used yet, too.
    pub fn revoke(&self, text: &str, now: Moment) -> Decided<Refused> {
        match self.revoked_by(text, now) {
            Ok(event) => Decided { event, outcome: Ok(()) },
            Err(why) => refused(Entry::Revocation, None, why, now),
        }
    }

    fn revoked_by(&self, text: &str, at: Moment) -> Result<Event, Refused> {
        let (revocation, signature) = parse(text).map_err(Refused::NotAGrant)?;
        let unknown = || Refused::UnknownApprover(signature.signer.chars().take(64).collect());
        let approver = self.policy.approver(&signature.signer).ok_or_else(unknown)?;
        let key: VerifyingKey = approver.key.parse().map_err(|_| unknown())?;
        if !signature.is_signed_with(&key) {
            return Err(Refused::BadSignature(approver.id.clone()));
        }
        if revocation.identity.person() != self.identity.person() {
            return Err(Refused::WrongPerson(revocation.identity.person().into()));
        }
        if revocation.identity.device() != self.identity.device() {
            return Err(Refused::WrongDevice(revocation.identity.device().into()));
        }
        // Any approver may: taking back can't harm as granting can.
        let by = approver.id.clone();
        Ok(Event::Revoked { grant: revocation.grant, by, reason: revocation.reason, at })
    }
}
