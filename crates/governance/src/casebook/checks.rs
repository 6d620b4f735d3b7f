use super::accept::Entered;
use super::{CaseState, Casebook, Refused};
use crate::moment::SLACK_S;
use crate::{Case, Grant, Moment, Scope, VerifyingKey};
use std::collections::BTreeSet;
use stillyou_trust::policy::{Approver, Profile, ProfilePolicy};

/// The window in which grants are counted.
const DAY_S: u64 = 24 * 3600;

type Outcome = Result<(), Refused>;

impl Casebook {
    /// What can be said of a grant without its case.
    pub(super) const BEFORE_THE_CASE: [fn(&Self, &Grant) -> Outcome; 4] =
        [Self::is_signed, Self::is_of_this_policy, Self::is_for_this_person, Self::is_for_this_device];

    /// And with it.
    pub(super) const OF_THE_CASE: [fn(&Self, &Entered<'_>) -> Outcome; 19] = [
        Self::is_new,
        Self::is_not_revoked,
        Self::case_is_open,
        Self::has_its_limits,
        Self::allows_what_was_asked,
        Self::replaces_by_a_factor,
        Self::is_not_the_persons_own,
        Self::has_different_approvers,
        Self::has_enough_approvers,
        Self::has_approvers_with_roles,
        Self::has_a_second_channel,
        Self::is_on_its_network,
        Self::is_for_this_session,
        Self::is_not_over_long,
        Self::clock_is_right,
        Self::has_begun,
        Self::is_not_over,
        Self::is_the_only_one,
        Self::is_not_one_too_many,
    ];

    fn is_signed(&self, grant: &Grant) -> Outcome {
        for signature in &grant.signatures {
            let unknown = || Refused::UnknownApprover(signature.signer.chars().take(64).collect());
            let approver = self.policy.approver(&signature.signer).ok_or_else(unknown)?;
            let key: VerifyingKey = approver.key.parse().map_err(|_| unknown())?;
            if !signature.is_signed_with(&key) {
                return Err(Refused::BadSignature(approver.id.clone()));
            }
        }
        Ok(())
    }

    fn is_of_this_policy(&self, grant: &Grant) -> Outcome {
        if grant.claims.policy == self.policy_id { Ok(()) } else { Err(Refused::OtherPolicy) }
    }

    fn is_for_this_person(&self, grant: &Grant) -> Outcome {
        match grant.claims.person == self.identity.person() {
            true => Ok(()),
            false => Err(Refused::WrongPerson(grant.claims.person.clone())),
        }
    }

    fn is_for_this_device(&self, grant: &Grant) -> Outcome {
        match grant.claims.device == self.identity.device() {
            true => Ok(()),
            false => Err(Refused::WrongDevice(grant.claims.device.clone())),
        }
    }

    fn is_new(&self, entered: &Entered<'_>) -> Outcome {
        if self.used.contains(&entered.grant.claims.id) { Err(Refused::Replayed) } else { Ok(()) }
    }

    fn is_not_revoked(&self, entered: &Entered<'_>) -> Outcome {
        if self.revoked.contains(&entered.grant.claims.id) { Err(Refused::Revoked) } else { Ok(()) }
    }

    fn case_is_open(&self, entered: &Entered<'_>) -> Outcome {
        let waits = 3600 * self.policy.case_waits_hours;
        let waited = entered.now.wall_s.saturating_sub(entered.record.case.opened.wall_s);
        let open = entered.record.state == CaseState::Open && waited <= waits;
        if open { Ok(()) } else { Err(Refused::CaseClosed) }
    }

    fn has_its_limits(&self, entered: &Entered<'_>) -> Outcome {
        let (found, wanted) = (entered.grant.claims.profile, entered.record.case.profile);
        match found == wanted {
            true => Ok(()),
            false => Err(Refused::WrongProfile { found: found.name(), wanted: wanted.name() }),
        }
    }

    fn allows_what_was_asked(&self, entered: &Entered<'_>) -> Outcome {
        let (scope, case) = (&entered.grant.claims.scope, &entered.record.case);
        if scope.fits(case.profile, case.modality) { Ok(()) } else { Err(Refused::WrongScope(scope.in_words())) }
    }

    fn replaces_by_a_factor(&self, entered: &Entered<'_>) -> Outcome {
        match entered.grant.claims.scope.not_named(&self.policy) {
            Some(factor) => Err(Refused::NotAFactor(factor.name())),
            None => Ok(()),
        }
    }

    fn is_not_the_persons_own(&self, entered: &Entered<'_>) -> Outcome {
        let own = entered.grant.signers().iter().any(|signer| signer == self.identity.person());
        if own { Err(Refused::SelfApproved) } else { Ok(()) }
    }

    fn has_different_approvers(&self, entered: &Entered<'_>) -> Outcome {
        let mut seen = BTreeSet::new();
        match entered.grant.signers().into_iter().find(|signer| !seen.insert(signer.clone())) {
            Some(twice) => Err(Refused::SameApprover(twice)),
            None => Ok(()),
        }
    }

    fn has_enough_approvers(&self, entered: &Entered<'_>) -> Outcome {
        let needed = entered.limits.approvers;
        let found = u32::try_from(entered.grant.signatures.len()).unwrap_or(u32::MAX);
        if found >= needed { Ok(()) } else { Err(Refused::TooFewApprovers { found, needed }) }
    }

    fn has_approvers_with_roles(&self, entered: &Entered<'_>) -> Outcome {
        let signers = entered.grant.signers();
        let mut known = signers.iter().filter_map(|id| self.policy.approver(id));
        known.try_for_each(|approver| has_role(approver, entered.limits))
    }

    fn has_a_second_channel(&self, entered: &Entered<'_>) -> Outcome {
        match entered.limits.second_channel && entered.grant.claims.channel.is_none() {
            true => Err(Refused::NoSecondChannel),
            false => Ok(()),
        }
    }

    fn is_on_its_network(&self, entered: &Entered<'_>) -> Outcome {
        let (case, claims) = (&entered.record.case, &entered.grant.claims);
        let bound = entered.limits.same_network || claims.network.is_some();
        let same =
            case.network.is_some() && claims.network == case.network && entered.network == case.network.as_deref();
        if !bound || same { Ok(()) } else { Err(Refused::WrongNetwork) }
    }

    fn is_for_this_session(&self, entered: &Entered<'_>) -> Outcome {
        self.of_this_session(&entered.record.case)
    }

    /// Whether a case is one of a session like this one: what is granted for work in the office is nothing for a remote session,
    /// where other limits hold.
    ///
    /// # Errors
    /// When it is not.
    pub fn of_this_session(&self, case: &Case) -> Outcome {
        let other = |remote| self.policy.profile_of(self.identity.person(), remote);
        match self.remote && !case.remote && other(true) != other(false) {
            true => Err(Refused::RemoteSession),
            false => Ok(()),
        }
    }

    fn is_not_over_long(&self, entered: &Entered<'_>) -> Outcome {
        let (claims, longest) = (&entered.grant.claims, entered.limits.longest_minutes);
        // A grant that ends before it begins is for no time at all: it is over.
        let seconds = claims.end_s.saturating_sub(claims.start_s);
        match seconds > 60 * longest {
            true => Err(Refused::OverLong { minutes: seconds.div_ceil(60), longest }),
            false => Ok(()),
        }
    }

    fn clock_is_right(&self, entered: &Entered<'_>) -> Outcome {
        if entered.record.clock_set_back(entered.now) { Err(Refused::ClockSetBack) } else { Ok(()) }
    }

    fn has_begun(&self, entered: &Entered<'_>) -> Outcome {
        let (start_s, now_s) = (entered.grant.claims.start_s, entered.now.wall_s);
        match start_s > now_s.saturating_add(SLACK_S) {
            true => Err(Refused::NotYet(start_s - now_s)),
            false => Ok(()),
        }
    }

    fn is_not_over(&self, entered: &Entered<'_>) -> Outcome {
        let now_s = entered.now.wall_s.max(entered.record.least_wall_s(entered.now));
        match now_s.checked_sub(entered.grant.claims.end_s) {
            Some(since) => Err(Refused::Expired(since)),
            None => Ok(()),
        }
    }

    fn is_the_only_one(&self, entered: &Entered<'_>) -> Outcome {
        self.only_one(&entered.grant.claims.scope, entered.now)
    }

    fn is_not_one_too_many(&self, entered: &Entered<'_>) -> Outcome {
        self.not_one_too_many(entered.record.case.profile, entered.limits, entered.now)
    }

    /// One override at a time; beside it, a modality may be declared unsuitable once.
    pub(super) fn only_one(&self, scope: &Scope, now: &Moment) -> Outcome {
        let declares = |scope: &Scope| matches!(scope, Scope::Unsuitable { .. });
        let same = |other: &Scope| if declares(scope) { scope.set_aside() == other.set_aside() } else { true };
        let second = self.granted().any(|(record, used)| {
            declares(&used.scope) == declares(scope) && same(&used.scope) && used.left_s(record, now) > 0
        });
        if second { Err(Refused::SecondGrant) } else { Ok(()) }
    }

    pub(super) fn not_one_too_many(&self, profile: Profile, limits: &ProfilePolicy, now: &Moment) -> Outcome {
        let most = limits.grants_per_day;
        let today = |record: &&crate::CaseRecord| {
            let used = record.used.as_ref().filter(|used| used.profile == profile);
            used.is_some_and(|used| used.from.seconds_to(now) < DAY_S)
        };
        let used = u32::try_from(self.cases.values().filter(today).count()).unwrap_or(u32::MAX);
        if used < most { Ok(()) } else { Err(Refused::TooMany(used)) }
    }
}

pub(super) fn has_role(approver: &Approver, limits: &ProfilePolicy) -> Outcome {
    match approver.has_one_of(&limits.roles) {
        true => Ok(()),
        false => Err(Refused::RoleMissing(approver.id.clone())),
    }
}
