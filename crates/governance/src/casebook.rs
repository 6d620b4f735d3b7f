mod accept;
mod checks;
mod emergency;
mod event;
mod force;
mod record;
mod refused;
mod reviewed;
mod revoked;
#[cfg(test)]
mod tests;
mod tick;
mod voice;

pub use emergency::Proof;
pub use event::{Decided, DoesNotFit, Entry, Event};
pub use force::{InForce, Unsuitable};
pub use record::{CaseRecord, CaseState, End, How, Use};
pub use refused::Refused;

use crate::tries::Tries;
use crate::{Case, CaseId, Failure, GrantId, Identity, Moment, PolicyId};
use std::collections::{BTreeMap, BTreeSet};
use stillyou_trust::policy::{GovernancePolicy, Profile, ProfilePolicy};

/// The cases of one person on one device, and what was granted for them.
///
/// Everything it decides is an [`Event`] that changes nothing until it is [applied](Self::apply): record it first.
#[derive(Clone, Debug)]
pub struct Casebook {
    policy: GovernancePolicy,
    policy_id: PolicyId,
    identity: Identity,
    cases: BTreeMap<CaseId, CaseRecord>,
    used: BTreeSet<GrantId>,
    revoked: BTreeSet<GrantId>,
    tries: Tries,
    remote: bool,
    /// A check that is left out, to see that the drill notices.
    #[cfg(test)]
    pub(crate) blind_to: Option<&'static str>,
}

impl Casebook {
    /// An empty one. `policy` is the policy in force, `policy_id` that of the administrator's: they differ where the user has
    /// tightened theirs.
    pub fn new(policy: GovernancePolicy, policy_id: PolicyId, identity: Identity) -> Self {
        Self {
            policy,
            policy_id,
            identity,
            cases: BTreeMap::new(),
            used: BTreeSet::new(),
            revoked: BTreeSet::new(),
            tries: Tries::default(),
            remote: false,
            #[cfg(test)]
            blind_to: None,
        }
    }

    #[cfg(test)]
    pub(crate) fn blind_to(self, check: Option<&'static str>) -> Self {
        Self { blind_to: check, ..self }
    }

    /// The same one after a restart, from what was recorded.
    ///
    /// # Errors
    /// When the events are not those of one casebook, in order.
    pub fn rebuild(
        policy: GovernancePolicy,
        policy_id: PolicyId,
        identity: Identity,
        events: impl IntoIterator<Item = Event>,
    ) -> Result<Self, DoesNotFit> {
        let mut casebook = Self::new(policy, policy_id, identity);
        events.into_iter().try_for_each(|event| casebook.apply(&event))?;
        Ok(casebook)
    }

    /// A new case, for a failure that the person can't settle. `id` is 16 random bytes.
    pub fn open(&self, id: CaseId, failure: Failure, now: Moment) -> Event {
        let (cause, because) = failure.measured.cause(failure.modality);
        let profile = match failure.declare_unsuitable && failure.modality.is_some() {
            true => Profile::Accessibility,
            false => self.policy.profile_of(self.identity.person(), failure.remote_session),
        };
        Event::Opened {
            case: Box::new(Case {
                id,
                identity: self.identity.clone(),
                policy: self.policy_id,
                profile,
                remote: failure.remote_session,
                opened: now,
                modality: failure.modality,
                cause,
                because,
                measured: failure.measured,
                tried: failure.tried,
                network: failure.network,
            }),
        }
    }

    /// Whether the session is a remote one now. What was granted in the office does not hold then, where other limits do.
    pub fn session_is_remote(&mut self, remote: bool) {
        self.remote = remote;
    }

    /// The same rules without any case.
    pub fn emptied(&self) -> Self {
        Self { remote: self.remote, ..Self::new(self.policy.clone(), self.policy_id, self.identity.clone()) }
    }

    /// One case.
    pub fn case(&self, id: CaseId) -> Option<&CaseRecord> {
        self.cases.get(&id)
    }

    /// Every case.
    pub fn cases(&self) -> impl Iterator<Item = &CaseRecord> {
        self.cases.values()
    }

    /// Whose it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// What holds for a grant for this case.
    fn limits(&self, case: &Case) -> ProfilePolicy {
        self.policy.limits_for(case.profile, self.identity.person(), case.remote)
    }

    /// Cases whose grant was used and is not over.
    fn granted(&self) -> impl Iterator<Item = (&CaseRecord, &Use)> {
        let granted = |record: &&CaseRecord| record.state == CaseState::Granted;
        self.cases.values().filter(granted).filter_map(|record| record.used.as_ref().map(|used| (record, used)))
    }
}
