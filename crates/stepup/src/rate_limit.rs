use std::time::Duration;

use serde::{Deserialize, Serialize};
use stillyou_desktop_os::session::LoginId;

// The figures that NIST SP 800-63B-4 sets for biometric tries, taken here for every factor.
/// The most failures in a row before waiting begins.
const MOST_TRIES: u32 = 10;
/// The least wait between further tries.
const LEAST_WAIT: Duration = Duration::from_secs(30);
/// The most failures in a row before trying ends.
const MOST_FAILURES: u32 = 50;

/// How many wrong tries are allowed, and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimitPolicy {
    tries: u32,
    wait: Duration,
    disabled_after: u32,
}

/// Which value of a [`RateLimitPolicy`] is unsafe, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateLimitPolicyError {
    /// Outside 1 to 10.
    #[error("tries is {0}; it must be 1 to {MOST_TRIES}")]
    Tries(u32),
    /// Under 30 s.
    #[error("wait is {} s; it must be at least {} s", .0.as_secs_f64(), LEAST_WAIT.as_secs())]
    Wait(Duration),
    /// Under the tries, or over 50.
    #[error("disabled_after is {disabled_after}; it must be {tries} (tries) to {MOST_FAILURES}")]
    DisabledAfter {
        /// The value given.
        disabled_after: u32,
        /// The tries it must not be under.
        tries: u32,
    },
}

impl Default for RateLimitPolicy {
    /// 5 tries, then one every 30 s, none after 50.
    fn default() -> Self {
        Self { tries: 5, wait: LEAST_WAIT, disabled_after: MOST_FAILURES }
    }
}

impl RateLimitPolicy {
    /// `tries` wrong ones in a row are free (1 to 10), each further one comes at least `wait` (30 s or more) after the
    /// last, and after `disabled_after` in a row (`tries` to 50) there is none until the next OS login.
    pub fn new(tries: u32, wait: Duration, disabled_after: u32) -> Result<Self, RateLimitPolicyError> {
        if !(1..=MOST_TRIES).contains(&tries) {
            return Err(RateLimitPolicyError::Tries(tries));
        }
        if wait < LEAST_WAIT {
            return Err(RateLimitPolicyError::Wait(wait));
        }
        if !(tries..=MOST_FAILURES).contains(&disabled_after) {
            return Err(RateLimitPolicyError::DisabledAfter { disabled_after, tries });
        }
        Ok(Self { tries, wait, disabled_after })
    }
}

/// What the limit says about a try now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may be made.
    Open,
    /// Not before so long.
    Wait(Duration),
    /// Not until the next OS login.
    Disabled,
}

/// What must outlive the agent: store it before each try and after it, and [`RateLimit::restore`] it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimitSnapshot {
    /// Failures in a row.
    pub failures: u32,
    /// Boot time of the last one, in microseconds.
    pub last_failure_us: Option<u64>,
    /// The OS login in which they were made.
    pub login: LoginId,
}

/// Counts failures in a row during one OS login. Times are boot times; the caller reads the clock.
#[derive(Clone, Debug)]
pub struct RateLimit {
    policy: RateLimitPolicy,
    login: LoginId,
    failures: u32,
    last_failure: Option<Duration>,
}

impl RateLimit {
    /// Starts with no failures: only for a login of which no snapshot is stored.
    pub fn new(policy: RateLimitPolicy, login: LoginId) -> Self {
        Self { policy, login, failures: 0, last_failure: None }
    }

    /// Goes on from a snapshot. Failures are forgotten only when `login` is surely another than the snapshot's; the
    /// wait runs from its last failure, or from `now` where that lies in the future of this clock.
    pub fn restore(policy: RateLimitPolicy, snapshot: &RateLimitSnapshot, login: LoginId, now: Duration) -> Self {
        if login.is_another_login(&snapshot.login) {
            return Self::new(policy, login);
        }
        // What one of the two knows about the login, the next snapshot knows too.
        let login = LoginId {
            boot: login.boot.or_else(|| snapshot.login.boot.clone()),
            session: login.session.or_else(|| snapshot.login.session.clone()),
        };
        let last_failure = snapshot.last_failure_us.map(|us| Duration::from_micros(us).min(now));
        let last_failure = last_failure.or((snapshot.failures > 0).then_some(now));
        Self { policy, login, failures: snapshot.failures, last_failure }
    }

    /// What to store.
    pub fn snapshot(&self) -> RateLimitSnapshot {
        RateLimitSnapshot {
            failures: self.failures,
            last_failure_us: self.last_failure.map(|at| u64::try_from(at.as_micros()).unwrap_or(u64::MAX)),
            login: self.login.clone(),
        }
    }

    /// Whether a try may be made at `now`.
    pub fn gate(&self, now: Duration) -> Gate {
        if self.failures >= self.policy.disabled_after {
            return Gate::Disabled;
        }
        if self.failures < self.policy.tries {
            return Gate::Open;
        }
        let since = self.last_failure.map_or(Duration::ZERO, |at| now.saturating_sub(at));
        match self.policy.wait.saturating_sub(since) {
            Duration::ZERO => Gate::Open,
            left => Gate::Wait(left),
        }
    }

    /// Counts a try as failed. Count before checking: a try whose end nobody sees has failed.
    pub fn failed(&mut self, now: Duration) {
        self.failures = self.failures.saturating_add(1);
        self.last_failure = Some(self.last_failure.map_or(now, |last| last.max(now)));
    }

    /// A success forgets the failures.
    pub fn verified(&mut self) {
        self.failures = 0;
        self.last_failure = None;
    }

    /// Tries left before each further one must wait.
    pub fn tries_left(&self) -> u32 {
        self.policy.tries.saturating_sub(self.failures)
    }

    /// Tries left before there are none until the next OS login.
    pub fn tries_until_disabled(&self) -> u32 {
        self.policy.disabled_after.saturating_sub(self.failures)
    }

    /// Takes a counted try back: nothing was checked.
    pub(crate) fn back_to(&mut self, before: &RateLimit) {
        self.failures = before.failures;
        self.last_failure = before.last_failure;
    }
}

#[cfg(test)]
mod tests;
