use crate::ipc::{Attempt, Reply};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use stillyou_desktop_os::clock::Clock;
use stillyou_desktop_os::password::PasswordCheck;
use stillyou_desktop_os::secret::Secret;
use stillyou_stepup::{
    Challenge, Copied, FactorError, KeyAnswer, KeyUse, LoginId, Outcome, PassPhrase, PassPhraseFactor, PasswordFactor,
    RateLimit, RateLimitPolicy, RateLimitPolicyError, RateLimitSnapshot, RecoveryCodes, RecoveryFactor,
    SecurityKeyFactor, SecurityKeys, StepUp, TotpFactor, TotpKey, Typed,
};
use stillyou_trust::Factor;
use stillyou_trust::policy::StepUpPolicy;
use thiserror::Error;
use zeroize::Zeroizing;

/// Wrong answers in a row after which there is none until the next login.
const DISABLED_AFTER: u32 = 50;

/// Checks proofs on its own thread, all behind one rate limit: a wrong password takes seconds by design of the system.
pub struct Verifier {
    ask: Sender<Offer>,
    change: Sender<Change>,
    tell: Sender<News>,
    news: Receiver<News>,
}

/// What somebody offers.
pub enum Proof {
    /// Something typed, for a factor that takes that.
    Secret(Factor, Zeroizing<Vec<u8>>),
    /// Their face, doing what it is asked to.
    Face,
    /// What a security key answered to a challenge, which is spent by that.
    Key(Challenge, KeyAnswer),
}

/// A proof, whether it completes what is wanted, and who offers it.
type Offer = (Proof, bool, Sender<Reply>);

/// What can be used from now on, or no longer.
enum Change {
    /// A factor that takes something typed.
    Typed(Factor, Option<Box<dyn Typed>>),
    /// Security keys.
    Keys(Option<SecurityKeyFactor>),
}

/// Says whether something is stored where it outlives the agent.
pub type Kept = Sender<Result<(), String>>;

/// What the loop must hear of.
pub enum News {
    /// Store the count of tries. Nothing is tried before.
    Tries {
        /// The count.
        limit: RateLimitSnapshot,
        /// Where to say that it is stored.
        kept: Kept,
    },
    /// Store which one-time code was used. It does not verify before.
    TotpUsed {
        /// Its time step.
        step: u64,
        /// Where to say that it is stored.
        kept: Kept,
    },
    /// Store the recovery codes that are left. The one used does not verify before.
    CodesLeft {
        /// They.
        codes: RecoveryCodes,
        /// Where to say that it is stored.
        kept: Kept,
    },
    /// Store how often a security key signed. It does not verify before.
    KeyCounted {
        /// All of the keys.
        keys: SecurityKeys,
        /// The name of the one that answered.
        name: String,
        /// Where to say that it is stored.
        kept: Kept,
    },
    /// Record that a security key may have been copied.
    KeyCopied {
        /// Which, and how that shows.
        copied: Copied,
        /// Where to say that it is recorded.
        kept: Kept,
    },
    /// Check the face through the camera.
    CheckFace {
        /// Where to say what came of it.
        outcome: Sender<Result<(), FactorError>>,
    },
    /// An attempt is over.
    Done {
        /// By what.
        factor: Factor,
        /// What came of it.
        attempt: Attempt,
        /// Who asked.
        reply: Sender<Reply>,
    },
}

/// Why nobody can be verified.
#[derive(Debug, Error)]
pub enum VerifierError {
    /// The limits are not safe.
    #[error("step_up: {0}")]
    Limit(#[from] RateLimitPolicyError),
    /// No thread.
    #[error("the system gives no thread: {0}")]
    Thread(#[from] std::io::Error),
}

impl Verifier {
    /// A verifier within policy's limits and, where the system itself locks accounts out, below its limit. `limit` is what
    /// was kept last. It knows the system's password; what else is set up it is told.
    ///
    /// # Errors
    /// When the limits are not safe or there is no thread.
    pub fn start(
        policy: &StepUpPolicy,
        clock: Clock,
        login: LoginId,
        limit: Option<&RateLimitSnapshot>,
    ) -> Result<Self, VerifierError> {
        let check = PasswordCheck::for_own_user(None);
        let lockout = check.as_ref().ok().and_then(PasswordCheck::lockout_after);
        let most = lockout.map_or(DISABLED_AFTER, |n| n.saturating_sub(1).clamp(1, DISABLED_AFTER));
        let wait = Duration::from_secs(policy.wait_seconds);
        let rules = RateLimitPolicy::new(policy.tries.min(most), wait, most)?;
        let limit = match limit {
            Some(kept) => RateLimit::restore(rules, kept, login, clock.boot_time()),
            None => RateLimit::new(rules, login),
        };
        // One attempt at a time: another one waits in its client.
        let (ask, asked) = bounded::<Offer>(1);
        let (change, changes) = unbounded::<Change>();
        let (tell, news) = unbounded();
        let no_password = check.as_ref().err().map(ToString::to_string);
        let password = check.ok().map(|check| Box::new(PasswordFactor::new(check)) as Box<dyn Typed>);
        let typed = password.map(|password| (Factor::Password, password)).into_iter().collect();
        let (step_up, tells) = (StepUp::new(limit), tell.clone());
        let mut checks = Checks { step_up, typed, keys: None, no_password, clock, tell: tells };
        std::thread::Builder::new().name("verify".into()).spawn(move || {
            for (proof, completes, reply) in asked {
                changes.try_iter().for_each(|change| checks.change(change));
                let (factor, attempt) = checks.attempt(proof, completes);
                if checks.tell.send(News::Done { factor, attempt, reply }).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { ask, change, tell, news })
    }

    /// Checks a proof, which `completes` what is wanted or is one of several; the answer comes as news.
    pub fn verify(&self, proof: Proof, completes: bool, reply: Sender<Reply>) {
        if let Err(refused) = self.ask.try_send((proof, completes, reply)) {
            let (_, _, reply) = refused.into_inner();
            let why = "another attempt is being checked; try again when it is over".into();
            let _ = reply.try_send(Reply::Verification { attempt: Attempt::Unavailable { why } });
        }
    }

    /// One-time codes of this key are taken from now on, those after `last_step`; none without a key.
    pub fn take_totp(&self, key: Option<TotpKey>, last_step: Option<u64>) {
        let tell = self.tell.clone();
        let keep = move |step| stored(&tell, |kept| News::TotpUsed { step, kept });
        let factor = key.map(|key| Box::new(TotpFactor::new(key, last_step, unix_s, keep)) as Box<dyn Typed>);
        self.change_to(Change::Typed(Factor::Totp, factor));
    }

    /// These recovery codes are taken from now on.
    pub fn take_codes(&self, codes: Option<RecoveryCodes>) {
        let tell = self.tell.clone();
        let keep = move |left: &RecoveryCodes| stored(&tell, |kept| News::CodesLeft { codes: left.clone(), kept });
        let factor = codes.map(|codes| Box::new(RecoveryFactor::new(codes, keep)) as Box<dyn Typed>);
        self.change_to(Change::Typed(Factor::RecoveryCode, factor));
    }

    /// This pass-phrase is taken from now on.
    pub fn take_pass_phrase(&self, stored: Option<PassPhrase>) {
        let factor = stored.map(|stored| Box::new(PassPhraseFactor::new(stored)) as Box<dyn Typed>);
        self.change_to(Change::Typed(Factor::PassPhrase, factor));
    }

    /// These security keys are taken from now on.
    pub fn take_keys(&self, keys: Option<SecurityKeys>) {
        let tell = self.tell.clone();
        let keep = move |used: KeyUse<'_>| match used {
            KeyUse::Counted { keys, name } => {
                let (keys, name) = (keys.clone(), name.to_owned());
                stored(&tell, |kept| News::KeyCounted { keys, name, kept })
            }
            KeyUse::Copied(copied) => stored(&tell, |kept| News::KeyCopied { copied: copied.clone(), kept }),
        };
        self.change_to(Change::Keys(keys.map(|keys| SecurityKeyFactor::new(keys, keep))));
    }

    fn change_to(&self, change: Change) {
        // The thread ends with this value alone.
        let _ = self.change.send(change);
    }

    /// What the loop must hear of.
    pub fn news(&self) -> &Receiver<News> {
        &self.news
    }
}

/// Seconds since 1970.
pub fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// What the thread holds.
struct Checks {
    step_up: StepUp,
    typed: BTreeMap<Factor, Box<dyn Typed>>,
    keys: Option<SecurityKeyFactor>,
    /// Why the password can't be checked.
    no_password: Option<String>,
    clock: Clock,
    tell: Sender<News>,
}

impl Checks {
    fn change(&mut self, change: Change) {
        match change {
            Change::Typed(factor, Some(typed)) => drop(self.typed.insert(factor, typed)),
            Change::Typed(factor, None) => drop(self.typed.remove(&factor)),
            Change::Keys(keys) => self.keys = keys,
        }
    }

    fn attempt(&mut self, proof: Proof, completes: bool) -> (Factor, Attempt) {
        let Self { step_up, typed, keys, no_password, clock, tell } = self;
        let now = || clock.boot_time();
        let keep = |snapshot: &RateLimitSnapshot| stored(tell, |kept| News::Tries { limit: snapshot.clone(), kept });
        let unavailable = |why: String| Attempt::Unavailable { why };
        match proof {
            Proof::Face => {
                let check = || {
                    let (outcome, told) = bounded(1);
                    let ending = |_| FactorError::Unavailable(ENDING.into());
                    tell.send(News::CheckFace { outcome }).map_err(|_| FactorError::Unavailable(ENDING.into()))?;
                    told.recv().map_err(ending)?
                };
                (Factor::Face, told(step_up.attempt_by(Factor::Face, completes, check, now, keep)))
            }
            Proof::Key(challenge, answer) => {
                let factor = Factor::SecurityKey;
                let Some(keys) = keys else { return (factor, unavailable(not_set_up(factor))) };
                let check = || keys.check(challenge, &answer);
                (factor, told(step_up.attempt_by(factor, completes, check, now, keep)))
            }
            Proof::Secret(factor, mut bytes) => {
                let secret = match Secret::new(std::mem::take(&mut *bytes)) {
                    Ok(secret) => secret,
                    Err(e) => return (factor, unavailable(e.to_string())),
                };
                let attempt = match (typed.get_mut(&factor), no_password) {
                    (Some(typed), _) => told(step_up.attempt(typed.as_mut(), secret, completes, now, keep)),
                    (None, Some(why)) if factor == Factor::Password => unavailable(why.clone()),
                    (None, _) => unavailable(not_set_up(factor)),
                };
                (factor, attempt)
            }
        }
    }
}

fn not_set_up(factor: Factor) -> String {
    format!("{} is not set up; use another factor", factor.name())
}

const ENDING: &str = "the agent is ending";

/// Has the loop store something, and waits until it has.
fn stored(tell: &Sender<News>, news: impl FnOnce(Kept) -> News) -> Result<(), String> {
    let (kept, answer) = bounded(1);
    tell.send(news(kept)).map_err(|_| ENDING.to_owned())?;
    answer.recv().map_err(|_| ENDING.to_owned())?
}

fn told(outcome: Outcome) -> Attempt {
    let whole = |d: Duration| d.as_secs_f64().ceil() as u64;
    match outcome {
        Outcome::Verified { .. } => Attempt::Verified {},
        Outcome::Wrong { tries_left, next_in, why } => Attempt::Wrong { tries_left, wait_seconds: whole(next_in), why },
        Outcome::Wait { left } => Attempt::Wait { seconds: whole(left) },
        Outcome::Disabled => Attempt::Disabled {},
        Outcome::Unavailable { why } => Attempt::Unavailable { why },
    }
}
