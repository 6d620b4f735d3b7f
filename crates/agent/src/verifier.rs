use crate::ipc::{Attempt, Reply};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use std::time::Duration;
use stillyou_desktop_os::clock::Clock;
use stillyou_desktop_os::password::PasswordCheck;
use stillyou_desktop_os::secret::Secret;
use stillyou_stepup::{
    LoginId, Outcome, PasswordFactor, RateLimit, RateLimitPolicy, RateLimitPolicyError, RateLimitSnapshot, StepUp,
};
use stillyou_trust::policy::StepUpPolicy;
use thiserror::Error;
use zeroize::Zeroizing;

/// Wrong answers in a row after which there is none until the next login.
const DISABLED_AFTER: u32 = 50;

/// Checks secrets on its own thread: a wrong password takes seconds by design of the system.
pub struct Verifier {
    ask: Sender<(Zeroizing<Vec<u8>>, Sender<Reply>)>,
    news: Receiver<News>,
}

/// What the loop must hear of.
pub enum News {
    /// Store the count of tries where it outlives the agent, and say whether that worked. Nothing is tried before.
    Keep {
        /// The count.
        limit: RateLimitSnapshot,
        /// Where to say it.
        kept: Sender<Result<(), String>>,
    },
    /// An attempt is over.
    Done {
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
    /// A verifier by the system's password, within policy's limits and, where the system itself locks accounts out,
    /// below its limit. `limit` is what was kept last.
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
        let mut step_up = check.map(|check| StepUp::new(PasswordFactor::new(check), limit));

        // One attempt at a time: another one waits in its client.
        let (ask, asked) = bounded::<(Zeroizing<Vec<u8>>, Sender<Reply>)>(1);
        let (tell, news) = unbounded();
        std::thread::Builder::new().name("verify".into()).spawn(move || {
            for (bytes, reply) in asked {
                let attempt = match &mut step_up {
                    Ok(step_up) => attempt(step_up, bytes, clock, &tell),
                    Err(e) => Attempt::Unavailable { why: e.to_string() },
                };
                if tell.send(News::Done { attempt, reply }).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { ask, news })
    }

    /// Checks a secret; the answer comes as news.
    pub fn verify(&self, secret: Zeroizing<Vec<u8>>, reply: Sender<Reply>) {
        if let Err(refused) = self.ask.try_send((secret, reply)) {
            let (_, reply) = refused.into_inner();
            let why = "another attempt is being checked; try again when it is over".into();
            let _ = reply.try_send(Reply::Verification { attempt: Attempt::Unavailable { why } });
        }
    }

    /// What the loop must hear of.
    pub fn news(&self) -> &Receiver<News> {
        &self.news
    }
}

fn attempt(
    step_up: &mut StepUp<PasswordFactor>,
    mut bytes: Zeroizing<Vec<u8>>,
    clock: Clock,
    tell: &Sender<News>,
) -> Attempt {
    let secret = match Secret::new(std::mem::take(&mut *bytes)) {
        Ok(secret) => secret,
        Err(e) => return Attempt::Unavailable { why: e.to_string() },
    };
    let keep = |snapshot: &RateLimitSnapshot| {
        let (kept, answer) = bounded(1);
        let limit = snapshot.clone();
        tell.send(News::Keep { limit, kept }).map_err(|_| "the agent is ending".to_owned())?;
        answer.recv().map_err(|_| "the agent is ending".to_owned())?
    };
    let whole = |d: Duration| d.as_secs_f64().ceil() as u64;
    match step_up.attempt(secret, || clock.boot_time(), keep) {
        Outcome::Verified { .. } => Attempt::Verified {},
        Outcome::Wrong { tries_left, next_in, .. } => Attempt::Wrong { tries_left, wait_seconds: whole(next_in) },
        Outcome::Wait { left } => Attempt::Wait { seconds: whole(left) },
        Outcome::Disabled => Attempt::Disabled {},
        Outcome::Unavailable { why } => Attempt::Unavailable { why },
    }
}
