use super::Agent;
use crate::eye::EyeError;
use crate::home::HomeError;
use crate::ipc::{Attempt, OwnFactor, Reply, SecretKind};
use crate::record::{OnRecord, TOTP_USED, TotpUsed};
use crate::verifier::{Proof, unix_s};
use crossbeam_channel::Sender;
use std::collections::BTreeMap;
use std::time::Duration;
use stillyou_governance::replaced;
use stillyou_models::face::challenge::Progress;
use stillyou_stepup::{Challenge, FactorError, RecoveryCodes, Secret, SecurityKeys, TotpKey};
use stillyou_trust::policy::{Situation, SituationPolicy};
use stillyou_trust::{Decision, Event, Factor, Modality, State, Trouble, TrustTime};
use zeroize::Zeroizing;

/// For so long the first code of a new authenticator, or a new pass-phrase, is waited for.
pub(super) const SET_UP_TIME: Duration = Duration::from_secs(600);

/// The factors of this person: which are set up, and what was proven by which.
#[derive(Default)]
pub(super) struct Factors {
    /// Whether what is set up has yet to be read, because the keychain could not be.
    wanted: bool,
    totp: bool,
    /// Recovery codes that are left.
    codes_left: Option<u32>,
    pub(super) pass_phrase: bool,
    /// Security keys that are set up, as far as can be read.
    pub(super) keys: SecurityKeys,
    /// How many that are by the record, where they can't be read.
    keys_on_record: u32,
    /// A key whose first code has not come yet.
    new_totp: Option<(TotpKey, TrustTime)>,
    /// Since when a new pass-phrase is waited for.
    pub(super) new_pass_phrase: Option<TrustTime>,
    /// What a security key is asked.
    pub(super) challenge: Option<(Challenge, TrustTime)>,
    /// What was proven already where policy wants more than one, and when.
    proven: BTreeMap<Factor, TrustTime>,
    /// The modality that forced the last step-up, until the owner has proven who they are.
    failed: Option<Modality>,
}

impl Factors {
    /// Nothing is known of what is set up yet.
    pub(super) fn new() -> Self {
        Self { wanted: true, ..Self::default() }
    }

    /// These security keys are set up.
    pub(super) fn has_keys(&mut self, keys: SecurityKeys) {
        self.keys_on_record = u32::try_from(keys.list().len()).unwrap_or(u32::MAX);
        self.keys = keys;
    }

    /// What was proven counts no more, and what is being proven or set up has to be begun anew: somebody else may sit there.
    fn forget_proofs(&mut self) {
        self.proven.clear();
        self.challenge = None;
        self.new_totp = None;
        self.new_pass_phrase = None;
    }
}

impl Agent {
    /// Somebody typed a secret.
    pub(super) fn typed_secret(&mut self, kind: SecretKind, secret: Zeroizing<Vec<u8>>, reply: Sender<Reply>) {
        let factor = match kind {
            SecretKind::Password => Factor::Password,
            SecretKind::Totp => Factor::Totp,
            SecretKind::RecoveryCode => Factor::RecoveryCode,
            SecretKind::PassPhrase => Factor::PassPhrase,
            SecretKind::NewTotp => {
                let _ = reply.try_send(self.confirm_totp(secret));
                return;
            }
            SecretKind::NewPassPhrase => {
                let _ = reply.try_send(self.keep_pass_phrase(secret));
                return;
            }
        };
        self.prove(factor, Proof::Secret(factor, secret), reply);
    }

    /// Somebody wants to prove who they are by their face.
    pub(super) fn check_face(&mut self, reply: Sender<Reply>) {
        if let Some(why) = self.lacks_networks() {
            let _ = reply.try_send(Reply::Verification { attempt: Attempt::Unavailable { why: why.to_string() } });
            return;
        }
        self.prove(Factor::Face, Proof::Face, reply);
    }

    pub(super) fn prove(&mut self, factor: Factor, proof: Proof, reply: Sender<Reply>) {
        if self.offered().contains(&factor) {
            let completes = self.still_needed() <= 1;
            return self.verifier.verify(proof, completes, reply);
        }
        let offered: Vec<&str> = self.offered().into_iter().map(Factor::name).collect();
        let why = format!("{} does not answer now; these do: {}", factor.name(), offered.join(", "));
        let _ = reply.try_send(Reply::Verification { attempt: Attempt::Unavailable { why } });
    }

    /// The factors that answer now: those that policy names, that are there, and that do not rest on the modality which has
    /// just failed or is declared unsuitable; what replaces that comes first. Where too few of them are, the system's
    /// password is one, so that there always is a way.
    pub(super) fn offered(&self) -> Vec<Factor> {
        let situation = self.situation();
        let named = self.in_force.policy.governance.factors_after(situation, self.factors.failed);
        let named = replaced(named, &self.unsuitable());
        let proven = self.proven();
        let mut offered: Vec<Factor> = named.into_iter().filter(|factor| self.is_there(*factor)).collect();
        offered.dedup();
        if offered.len() < self.wants(situation).count as usize && !offered.contains(&Factor::Password) {
            offered.push(Factor::Password);
        }
        offered.retain(|factor| !proven.contains(factor));
        offered
    }

    /// How many more factors are needed now.
    pub(super) fn still_needed(&self) -> u32 {
        let count = self.wants(self.situation()).count;
        let most = (self.offered().len() + self.proven().len()) as u32;
        count.min(most).saturating_sub(self.proven().len() as u32)
    }

    /// What a person has to set up themselves, of what policy names.
    pub(super) fn own_factors(&self) -> Vec<OwnFactor> {
        let factors = &self.in_force.policy.governance.factors;
        let situations = [Situation::StepUp, Situation::LowerProtection, Situation::NonBiometric, Situation::Emergency];
        let all = situations.map(|situation| factors.of(situation));
        let own = [Factor::Totp, Factor::RecoveryCode, Factor::SecurityKey, Factor::PassPhrase];
        own.into_iter()
            .filter(|factor| all.iter().any(|wants| wants.any_of.contains(factor)))
            .map(|factor| OwnFactor {
                factor,
                set_up: self.is_there(factor),
                left: self.factors.codes_left.filter(|_| factor == Factor::RecoveryCode),
                needed: all.iter().any(|wants| self.is_needed(factor, wants)),
            })
            .collect()
    }

    /// Whether a situation can't be met without this factor, by what is there otherwise.
    fn is_needed(&self, factor: Factor, wants: &SituationPolicy) -> bool {
        let others = wants.any_of.iter().filter(|other| **other != factor && other.modality().is_none());
        let there = others.filter(|other| self.is_there(**other)).count();
        wants.any_of.contains(&factor) && there < wants.count as usize
    }

    /// What has to be set up before somebody is enrolled: nobody shall be asked for what they don't have.
    pub(super) fn missing_factors(&self) -> Option<String> {
        let missing: Vec<&str> = self
            .own_factors()
            .into_iter()
            .filter(|own| own.needed && !own.set_up)
            .map(|own| own.factor.name())
            .collect();
        (!missing.is_empty()).then(|| {
            let missing = missing.join(", ");
            format!("set up first what the policy will ask you for (governance.factors): {missing}")
        })
    }

    fn wants(&self, situation: Situation) -> &SituationPolicy {
        self.in_force.policy.governance.factors.of(situation)
    }

    fn situation(&self) -> Situation {
        match self.engine.monitor().snapshot().state {
            State::StepUp { .. } if self.is_without_biometrics() => Situation::NonBiometric,
            State::StepUp { .. } => Situation::StepUp,
            _ => Situation::LowerProtection,
        }
    }

    fn is_there(&self, factor: Factor) -> bool {
        match factor {
            Factor::Password => true,
            Factor::Totp => self.factors.totp,
            Factor::RecoveryCode => self.factors.codes_left.is_some_and(|left| left > 0),
            Factor::SecurityKey => self.factors.keys_on_record > 0,
            Factor::PassPhrase => self.factors.pass_phrase,
            Factor::Face => self.knows_face(),
            // Given by an approver, not by the person.
            Factor::Override => false,
        }
    }

    /// What was proven so recently that it counts together with what is proven now.
    fn proven(&self) -> Vec<Factor> {
        let recent = Duration::from_secs(self.in_force.policy.step_up.fresh_seconds);
        let proven = self.factors.proven.iter();
        proven.filter(|(_, at)| self.now().since(**at) <= recent).map(|(factor, _)| *factor).collect()
    }

    /// A factor verified: whether that is enough.
    pub(super) fn proven_by(&mut self, factor: Factor) -> Attempt {
        let now = self.now();
        self.factors.proven.insert(factor, now);
        match self.still_needed() {
            0 => {
                self.factors.proven.clear();
                Attempt::Verified {}
            }
            factors => Attempt::More { factors },
        }
    }

    /// What a decision means for the factors.
    pub(super) fn decided_about_factors(&mut self, decision: &Decision) {
        match decision.event {
            Event::StepUpAsked { forced_by, .. } => {
                self.factors.forget_proofs();
                self.factors.failed = forced_by.or(self.factors.failed);
            }
            Event::Locked { .. } => self.factors.forget_proofs(),
            Event::Verified { .. } => self.factors.failed = None,
            _ => {}
        }
    }

    /// Reads what is set up, if that is still to be done.
    pub(super) fn want_factors(&mut self) {
        if !self.factors.wanted {
            return;
        }
        // What is on record is set up, also where it can't be read: else whoever damages the keychain is asked for less.
        self.factors.totp = matches!(self.record.totp_key(), Ok(OnRecord::Template(_)));
        self.factors.codes_left = self.record.codes_left().ok().flatten();
        self.factors.pass_phrase = matches!(self.record.pass_phrase(), Ok(OnRecord::Template(_)));
        self.factors.keys_on_record = self.record.keys_left().unwrap_or_default();
        let read: [(&str, Result<(), HomeError>); 4] = [
            ("one-time codes", self.want_totp()),
            ("recovery codes", self.want_codes()),
            ("pass-phrase", self.want_pass_phrase()),
            ("security keys", self.want_keys()),
        ];
        let mut unusable = Vec::new();
        for (what, read) in read {
            match read {
                Ok(()) => {}
                Err(e) if e.is_keychain() => return self.trouble_began(Trouble::KeychainUnavailable, e.to_string()),
                Err(e) => unusable.push(format!("your {what} can't be checked: {e}")),
            }
        }
        self.factors.wanted = false;
        if !unusable.is_empty() {
            self.trouble_began(Trouble::TemplateUnusable, unusable.join("; "));
        }
    }

    fn want_totp(&mut self) -> Result<(), HomeError> {
        let key = self.home.load_totp(&self.record)?;
        self.factors.totp = key.is_some();
        self.verifier.take_totp(key, self.record.totp_used().ok().flatten());
        Ok(())
    }

    fn want_codes(&mut self) -> Result<(), HomeError> {
        let codes = self.home.load_codes(&self.record)?;
        self.factors.codes_left = codes.as_ref().map(left);
        self.verifier.take_codes(codes);
        Ok(())
    }

    fn want_pass_phrase(&mut self) -> Result<(), HomeError> {
        let stored = self.home.load_pass_phrase(&self.record)?;
        self.factors.pass_phrase = stored.is_some();
        self.verifier.take_pass_phrase(stored);
        Ok(())
    }

    fn want_keys(&mut self) -> Result<(), HomeError> {
        let keys = self.home.load_keys(&self.record)?.unwrap_or_default();
        self.take_keys(keys);
        Ok(())
    }

    /// These security keys are set up from now on.
    pub(super) fn take_keys(&mut self, keys: SecurityKeys) {
        self.factors.has_keys(keys.clone());
        self.verifier.take_keys(Some(keys));
    }

    /// A new key for an authenticator.
    pub(super) fn set_up_totp(&mut self) -> Reply {
        let key = match TotpKey::generate() {
            Ok(key) => key,
            Err(e) => return Reply::Failed { why: e.to_string() },
        };
        let uri = key.uri(&stillyou_desktop_os::user::user_id()).to_string();
        self.factors.new_totp = Some((key, self.now()));
        Reply::TotpKey { uri }
    }

    /// The first code of a new authenticator: only now is it known to have the key.
    fn confirm_totp(&mut self, mut code: Zeroizing<Vec<u8>>) -> Reply {
        let failed = |why: &str| Reply::Failed { why: why.into() };
        let code = match Secret::new(std::mem::take(&mut *code)) {
            Ok(code) => code,
            Err(e) => return failed(&e.to_string()),
        };
        let Some((key, since)) = self.factors.new_totp.take() else {
            return failed("no authenticator is being set up; begin again");
        };
        if self.now().since(since) > SET_UP_TIME {
            return failed("that took longer than ten minutes; begin again");
        }
        let Some(step) = key.step_of(code.expose(), unix_s()) else {
            self.factors.new_totp = Some((key, since));
            return failed(
                "this is not the code that the authenticator shows now; if it is, mend this machine's clock",
            );
        };
        self.keep_totp(key, step)
    }

    fn keep_totp(&mut self, key: TotpKey, step: u64) -> Reply {
        if let Err(e) = self.home.store_totp(&mut self.record, &key) {
            return Reply::Failed { why: e.to_string() };
        }
        self.note(TOTP_USED, &TotpUsed { step });
        self.factors.totp = true;
        self.verifier.take_totp(Some(key), Some(step));
        Reply::Done {}
    }

    /// New recovery codes.
    pub(super) fn make_recovery_codes(&mut self) -> Reply {
        let (shown, codes) = match RecoveryCodes::generate() {
            Ok(made) => made,
            Err(e) => return Reply::Failed { why: e.to_string() },
        };
        if let Err(why) = self.keep_codes(&codes) {
            return Reply::Failed { why };
        }
        self.verifier.take_codes(Some(codes));
        Reply::RecoveryCodes { codes: shown.iter().map(|code| code.to_string()).collect() }
    }

    /// Stores what is left, before the use of a code counts.
    pub(super) fn keep_codes(&mut self, codes: &RecoveryCodes) -> Result<(), String> {
        self.home.store_codes(&mut self.record, codes).map_err(|e| e.to_string())?;
        self.factors.codes_left = Some(left(codes));
        Ok(())
    }

    /// Nothing is set up any more.
    pub(super) fn factors_erased(&mut self) {
        self.factors = Factors::default();
        self.verifier.take_totp(None, None);
        self.verifier.take_codes(None);
        self.verifier.take_pass_phrase(None);
        self.verifier.take_keys(None);
    }

    /// Begins the live check that an attempt waits for.
    pub(super) fn begin_check(&mut self, outcome: Sender<Result<(), FactorError>>) {
        if let Err((why, outcome)) = self.order_check(outcome) {
            let _ = outcome.try_send(Err(FactorError::Unavailable(why)));
        }
    }

    /// A live check is over. One that was broken off after it had asked for something counts as a try: whoever has a
    /// recording would else wait for the order that fits it.
    pub(super) fn checked(&mut self, end: Result<Progress, EyeError>) {
        let Some((outcome, asked)) = self.looking.check_is_over() else { return };
        let result = match end {
            Ok(Progress::Passed) => Ok(()),
            Ok(Progress::Failed { why }) => Err(FactorError::Refused(why.to_string())),
            Ok(Progress::LookAhead { .. } | Progress::Do { .. }) => Err(FactorError::Refused("it broke off".into())),
            Err(e) if asked => Err(FactorError::Refused(e.to_string())),
            Err(e) => Err(FactorError::Unavailable(e.to_string())),
        };
        let _ = outcome.try_send(result);
    }
}

fn left(codes: &RecoveryCodes) -> u32 {
    u32::try_from(codes.left()).unwrap_or(u32::MAX)
}
