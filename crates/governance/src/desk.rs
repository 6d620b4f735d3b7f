use crate::jws::{self, JwsError, Kind};
use crate::{
    CaseId, CaseRecord, Channel, Claims, Controls, EvidenceHash, Grant, GrantId, Identity, PolicyId, Request, Review,
    Revocation, Scope, ShortCode, SigningKey, Verdict, VoiceKey, VoiceTerms,
};
use stillyou_trust::policy::{Approver, GovernancePolicy, Profile, ProfilePolicy};

/// A grant begins at most so many seconds after it is signed.
const LATEST_START_S: u64 = 24 * 3600;
/// The longest reason, in bytes.
const MAX_REASON: usize = 500;

/// An approver's side: what they may sign, and what they refuse by themselves.
#[derive(Clone, Debug)]
pub struct Desk<'a> {
    policy: &'a GovernancePolicy,
    policy_id: PolicyId,
    me: &'a Approver,
    key: SigningKey,
}

/// What an approver decides on.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// What the person may do.
    pub scope: Scope,
    /// From then, in seconds since 1970.
    pub start_s: u64,
    /// For so long.
    pub minutes: u64,
    /// The person was known on this channel.
    pub channel: Option<Channel>,
    /// Why, for the record.
    pub reason: String,
}

/// Why an approver's own desk does not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    /// Not in policy.
    #[error("{0} is not an approver in policy")]
    NotAnApprover(String),
    /// The key is not the one in policy.
    #[error("this key is not the one that policy has for {0}")]
    OtherKey(String),
    /// The approver's own case.
    #[error("nobody approves or reviews their own case")]
    OwnCase,
    /// The approver's own grant.
    #[error("you approved this case; somebody else in policy reviews it")]
    OwnGrant,
    /// The case stands under other rules.
    #[error("the case stands under another policy than this desk's")]
    OtherPolicy,
    /// The approver's roles are not enough.
    #[error("{profile} cases are approved by one of {needed:?}")]
    RoleMissing {
        /// The case's limits.
        profile: &'static str,
        /// The roles that may.
        needed: Vec<&'static str>,
    },
    /// Longer than policy allows.
    #[error("{minutes} minutes are too long; {profile} cases have 1 to {longest}")]
    OverLong {
        /// Asked for.
        minutes: u64,
        /// Allowed.
        longest: u64,
        /// The case's limits.
        profile: &'static str,
    },
    /// Too far ahead.
    #[error("a grant begins within 24 hours of being signed")]
    TooFarAhead,
    /// Wider than what failed.
    #[error("the case does not ask for this: {0}")]
    WrongScope(String),
    /// What is to replace a modality is nothing that policy asks for.
    #[error("policy does not name {0} for a step-up (governance.factors.step_up), so it can't replace anything")]
    NotAFactor(&'static str),
    /// No channel was named.
    #[error("{0} cases need a second channel on which you knew the person")]
    NoSecondChannel(&'static str),
    /// The case does not say which network it is on.
    #[error("{0} cases hold on one network, and this one names none")]
    NoNetwork(&'static str),
    /// There is no reason.
    #[error("a grant needs a reason of 1 to {MAX_REASON} bytes")]
    NoReason,
    /// Not by telephone.
    #[error("policy allows no grant by telephone in {0} cases")]
    NoVoice(&'static str),
    /// Not a grant.
    #[error("this is not a grant: {0}")]
    NotAGrant(JwsError),
    /// A grant for something else.
    #[error("the grant is not for this case, or not within its limits")]
    OtherGrant,
    /// It needs no more signatures, or has one's own.
    #[error("the grant has all the signatures it needs, or yours already")]
    Signed,
}

impl<'a> Desk<'a> {
    /// The desk of the approver `me`.
    ///
    /// # Errors
    /// When policy does not know them, or knows them by another key.
    pub fn new(policy: &'a GovernancePolicy, me: &str, key: SigningKey) -> Result<Self, DeskError> {
        let me = policy.approver(me).ok_or_else(|| DeskError::NotAnApprover(me.into()))?;
        if me.key != key.public().to_string() {
            return Err(DeskError::OtherKey(me.id.clone()));
        }
        Ok(Self { policy, policy_id: PolicyId::of(policy), me, key })
    }

    /// Signs a grant for a case. `id` is 16 random bytes.
    ///
    /// # Errors
    /// When policy does not allow it, or a device would refuse it.
    pub fn issue(&self, request: &Request, terms: Terms, id: GrantId, now_s: u64) -> Result<String, DeskError> {
        let profile = request.profile.name();
        self.may_approve(request)?;
        if !terms.scope.fits(request.profile, request.modality) {
            return Err(DeskError::WrongScope(terms.scope.in_words()));
        }
        if let Some(factor) = terms.scope.not_named(self.policy) {
            return Err(DeskError::NotAFactor(factor.name()));
        }
        let limits = request.limits(self.policy);
        within(request.profile, &limits, terms.minutes)?;
        if terms.start_s > now_s.saturating_add(LATEST_START_S) {
            return Err(DeskError::TooFarAhead);
        }
        if limits.second_channel && terms.channel.is_none() {
            return Err(DeskError::NoSecondChannel(profile));
        }
        if limits.same_network && request.network.is_none() {
            return Err(DeskError::NoNetwork(profile));
        }
        reason(&terms.reason)?;
        let claims = Claims {
            id,
            case: request.case,
            person: request.identity.person().into(),
            device: request.identity.device().into(),
            scope: terms.scope,
            profile: request.profile,
            issued_s: now_s,
            start_s: terms.start_s,
            end_s: terms.start_s.saturating_add(60 * terms.minutes),
            controls: Controls::of(&limits, request.modality),
            policy: self.policy_id,
            network: request.network.clone().filter(|_| limits.same_network),
            channel: terms.channel,
            reason: terms.reason,
        };
        Ok(jws::sign(Kind::Grant, &self.me.id, &claims, &self.key))
    }

    /// Signs a grant that somebody else has signed first, where policy wants two.
    ///
    /// # Errors
    /// When it is not for this case, has all its signatures, or is not one that this approver could have issued.
    pub fn countersign(&self, request: &Request, text: &str) -> Result<String, DeskError> {
        self.may_approve(request)?;
        let grant = Grant::parse(text).map_err(DeskError::NotAGrant)?;
        let limits = request.limits(self.policy);
        if grant.signatures.len() >= limits.approvers as usize || grant.signers().contains(&self.me.id) {
            return Err(DeskError::Signed);
        }
        let (claims, first) = (&grant.claims, &grant.signatures[0]);
        let other = self.policy.approver(&first.signer).and_then(|other| other.key.parse().ok());
        if !other.is_some_and(|key| first.is_signed_with(&key)) {
            return Err(DeskError::NotAnApprover(first.signer.clone()));
        }
        let seconds = claims.end_s.saturating_sub(claims.start_s);
        within(request.profile, &limits, seconds.div_ceil(60))?;
        let this = claims.case == request.case
            && claims.person == request.identity.person()
            && claims.device == request.identity.device()
            && claims.profile == request.profile
            && claims.policy == self.policy_id
            && claims.scope.fits(request.profile, request.modality);
        if !this {
            return Err(DeskError::OtherGrant);
        }
        let second = jws::sign_bytes(Kind::Grant, &self.me.id, &first.payload, &self.key);
        Ok(format!("{} {second}", text.trim()))
    }

    /// The eight digits to say on the telephone for a case of the person's: their own profile, nothing else.
    ///
    /// # Errors
    /// When policy does not allow it.
    pub fn say(
        &self,
        key: &VoiceKey,
        code: ShortCode,
        identity: &Identity,
        minutes: u64,
        now_s: u64,
    ) -> Result<String, DeskError> {
        if identity.person() == self.me.id {
            return Err(DeskError::OwnCase);
        }
        let profile = self.policy.profile_of(identity.person(), false);
        let limits = self.policy.of(profile);
        self.has_role(profile, limits)?;
        if !limits.voice || limits.approvers > 1 || limits.second_channel || limits.same_network {
            return Err(DeskError::NoVoice(profile.name()));
        }
        let longest = self.policy.voice_minutes.min(limits.longest_minutes);
        if !(1..=longest).contains(&minutes) {
            return Err(DeskError::OverLong { minutes, longest, profile: profile.name() });
        }
        let terms = VoiceTerms { code, identity, policy: self.policy_id, approver: &self.me.id, minutes };
        Ok(key.say(&terms, now_s))
    }

    /// Takes a grant back.
    ///
    /// # Errors
    /// Without a reason.
    pub fn revoke(&self, grant: GrantId, identity: &Identity, why: &str, now_s: u64) -> Result<String, DeskError> {
        reason(why)?;
        let revocation = Revocation { grant, identity: identity.clone(), issued_s: now_s, reason: why.into() };
        Ok(jws::sign(Kind::Revocation, &self.me.id, &revocation, &self.key))
    }

    /// Closes a case whose exported record lies before the reviewer.
    ///
    /// # Errors
    /// When it is the reviewer's own, or they have no role for it.
    pub fn review(&self, record: &CaseRecord, verdict: Verdict, note: &str, now_s: u64) -> Result<String, DeskError> {
        if record.case.identity.person() == self.me.id {
            return Err(DeskError::OwnCase);
        }
        let profile = record.used.as_ref().map_or(record.case.profile, |used| used.profile);
        self.has_role(profile, &record.limits(self.policy))?;
        if record.needs_another_reviewer(&self.me.id, self.policy) {
            return Err(DeskError::OwnGrant);
        }
        Ok(self.sign_review(record.case.id, verdict, Some(record.evidence()), note, now_s))
    }

    pub(crate) fn sign_review(
        &self,
        case: CaseId,
        verdict: Verdict,
        evidence: Option<EvidenceHash>,
        note: &str,
        now_s: u64,
    ) -> String {
        let review = Review { case, verdict, evidence, note: note.into(), issued_s: now_s };
        jws::sign(Kind::Review, &self.me.id, &review, &self.key)
    }

    fn may_approve(&self, request: &Request) -> Result<(), DeskError> {
        if request.identity.person() == self.me.id {
            return Err(DeskError::OwnCase);
        }
        if request.policy != self.policy_id {
            return Err(DeskError::OtherPolicy);
        }
        self.has_role(request.profile, &request.limits(self.policy))
    }

    fn has_role(&self, profile: Profile, limits: &ProfilePolicy) -> Result<(), DeskError> {
        match self.me.has_one_of(&limits.roles) {
            true => Ok(()),
            false => Err(DeskError::RoleMissing {
                profile: profile.name(),
                needed: limits.roles.iter().map(|role| role.name()).collect(),
            }),
        }
    }
}

fn within(profile: Profile, limits: &ProfilePolicy, minutes: u64) -> Result<(), DeskError> {
    let longest = limits.longest_minutes;
    match (1..=longest).contains(&minutes) {
        true => Ok(()),
        false => Err(DeskError::OverLong { minutes, longest, profile: profile.name() }),
    }
}

fn reason(text: &str) -> Result<(), DeskError> {
    if (1..=MAX_REASON).contains(&text.trim().len()) { Ok(()) } else { Err(DeskError::NoReason) }
}
