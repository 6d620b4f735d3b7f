use std::time::Duration;

use stillyou_desktop_os::secret::Secret;

use stillyou_trust::Factor;

use crate::{
    factor::{FactorError, Typed},
    rate_limit::{Gate, RateLimit, RateLimitSnapshot},
};

/// Every factor of a person behind one rate limit: more factors are not more guesses.
pub struct StepUp {
    limit: RateLimit,
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is the person.
    Verified {
        /// Proven by this.
        factor: Factor,
    },
    /// Something else was typed, or it was tried without a verdict.
    Wrong {
        /// Tries left before each further one must wait.
        tries_left: u32,
        /// When the next try may be made, from now; zero: at once.
        next_in: Duration,
        /// Why, where it wasn't simply wrong.
        why: Option<String>,
    },
    /// Nothing was tried: it is too early.
    Wait {
        /// For so long.
        left: Duration,
    },
    /// There is no further try until the next OS login.
    Disabled,
    /// Nothing was tried, for this reason.
    Unavailable {
        /// What to mend.
        why: String,
    },
}

impl StepUp {
    /// Behind a limit, restored where a snapshot is stored.
    pub fn new(limit: RateLimit) -> Self {
        Self { limit }
    }

    /// Tries a secret with a factor; see [`attempt_by`](Self::attempt_by).
    pub fn attempt<E: std::fmt::Display>(
        &mut self,
        typed: &mut dyn Typed,
        secret: Secret,
        completes: bool,
        clock: impl Fn() -> Duration,
        keep: impl FnMut(&RateLimitSnapshot) -> Result<(), E>,
    ) -> Outcome {
        self.attempt_by(typed.factor(), completes, || typed.check(&secret), clock, keep)
    }

    /// Makes an attempt by whatever `check` does. Only one that `completes` the proof forgets earlier failures: where two factors
    /// are wanted, whoever has one could else guess the other for ever. Blocks as long as that does: never on a thread that draws or decides.
    ///
    /// `clock` gives boot time. `keep` must store the snapshot where it outlives the agent; it is called before the
    /// check with the try counted as failed, so that killing the agent while the check runs gains nothing, and after
    /// it. Where it can't store, nothing is tried.
    pub fn attempt_by<E: std::fmt::Display>(
        &mut self,
        factor: Factor,
        completes: bool,
        check: impl FnOnce() -> Result<(), FactorError>,
        clock: impl Fn() -> Duration,
        mut keep: impl FnMut(&RateLimitSnapshot) -> Result<(), E>,
    ) -> Outcome {
        let limit = &mut self.limit;
        let begun = clock();
        match limit.gate(begun) {
            Gate::Open => {}
            Gate::Wait(left) => return Outcome::Wait { left },
            Gate::Disabled => return Outcome::Disabled,
        }
        let before = limit.clone();
        limit.failed(begun);
        if let Err(error) = keep(&limit.snapshot()) {
            limit.back_to(&before);
            return Outcome::Unavailable { why: format!("the count of tries can't be stored: {error}") };
        }
        let result = check();
        let ended = clock();
        let outcome = match result {
            Ok(()) => {
                if completes {
                    limit.verified();
                } else {
                    limit.back_to(&before);
                }
                Outcome::Verified { factor }
            }
            Err(FactorError::Unavailable(why)) => {
                limit.back_to(&before);
                Outcome::Unavailable { why }
            }
            Err(FactorError::Wrong) => wrong(limit, &before, ended, None),
            Err(FactorError::Refused(why)) => wrong(limit, &before, ended, Some(why)),
        };
        // What was stored before the check is stricter than what can't be stored now.
        let _stricter_stays = keep(&limit.snapshot());
        outcome
    }

    /// What an attempt would meet now.
    pub fn gate(&self, now: Duration) -> Gate {
        self.limit.gate(now)
    }

    /// The limit, to show what is left.
    pub fn limit(&self) -> &RateLimit {
        &self.limit
    }
}

/// The wait counts from the end of the check, not from its begin.
fn wrong(limit: &mut RateLimit, before: &RateLimit, ended: Duration, why: Option<String>) -> Outcome {
    limit.back_to(before);
    limit.failed(ended);
    let tries_left = limit.tries_left();
    match limit.gate(ended) {
        Gate::Open => Outcome::Wrong { tries_left, next_in: Duration::ZERO, why },
        Gate::Wait(next_in) => Outcome::Wrong { tries_left, next_in, why },
        Gate::Disabled => Outcome::Disabled,
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, convert::Infallible};

    use super::*;
    use crate::{LoginId, RateLimitPolicy};

    const WRONG: Result<(), FactorError> = Err(FactorError::Wrong);

    /// A step-up whose checks have these results, the last one for ever.
    struct Played(StepUp, Vec<Result<(), FactorError>>);

    impl Played {
        fn attempt<E: std::fmt::Display>(
            &mut self,
            clock: impl Fn() -> Duration,
            keep: impl FnMut(&RateLimitSnapshot) -> Result<(), E>,
        ) -> Outcome {
            let Self(step_up, results) = self;
            let check = || if results.len() > 1 { results.remove(0) } else { results[0].clone() };
            step_up.attempt_by(Factor::Password, true, check, clock, keep)
        }
    }

    fn step_up(results: Vec<Result<(), FactorError>>) -> Played {
        Played(StepUp::new(RateLimit::new(RateLimitPolicy::default(), LoginId::default())), results)
    }

    fn at(step_up: &mut Played, seconds: u64) -> Outcome {
        step_up.attempt(|| Duration::from_secs(seconds), |_| Ok::<_, Infallible>(()))
    }

    #[test]
    fn tries_run_out_then_wait_then_success_resets() {
        let mut step_up = step_up(vec![WRONG, WRONG, WRONG, WRONG, WRONG, Ok(()), WRONG]);
        for left in [4, 3, 2, 1] {
            assert_eq!(at(&mut step_up, 0), Outcome::Wrong { tries_left: left, next_in: Duration::ZERO, why: None });
        }
        let wait = Duration::from_secs(30);
        assert_eq!(at(&mut step_up, 0), Outcome::Wrong { tries_left: 0, next_in: wait, why: None });
        assert_eq!(at(&mut step_up, 0), Outcome::Wait { left: wait });
        assert_eq!(at(&mut step_up, 30), Outcome::Verified { factor: Factor::Password });
        assert!(matches!(at(&mut step_up, 30), Outcome::Wrong { tries_left: 4, .. }));
    }

    #[test]
    fn the_fiftieth_failure_disables() {
        let mut step_up = step_up(vec![WRONG]);
        for n in 1..50 {
            assert!(matches!(at(&mut step_up, n * 30), Outcome::Wrong { .. }), "{n}");
        }
        assert_eq!(at(&mut step_up, 1500), Outcome::Disabled);
        assert_eq!(at(&mut step_up, 1_000_000), Outcome::Disabled);
    }

    #[test]
    fn a_factor_that_is_not_there_costs_no_try_and_one_without_a_verdict_does() {
        let (missing, unclear) = (FactorError::Unavailable("a".into()), FactorError::Refused("b".into()));
        let mut step_up = step_up(vec![Err(missing), Err(unclear)]);
        assert_eq!(at(&mut step_up, 0), Outcome::Unavailable { why: "a".into() });
        assert_eq!(step_up.0.limit().tries_left(), 5);
        assert!(matches!(at(&mut step_up, 0), Outcome::Wrong { tries_left: 4, why: Some(_), .. }));
    }

    #[test]
    fn the_try_is_stored_as_failed_before_it_is_checked() {
        let stored = RefCell::new(Vec::new());
        let mut step_up = step_up(vec![Ok(())]);
        let outcome = step_up.attempt(
            || Duration::ZERO,
            |snapshot| {
                stored.borrow_mut().push(snapshot.failures);
                Ok::<_, Infallible>(())
            },
        );
        assert_eq!((outcome, stored.into_inner()), (Outcome::Verified { factor: Factor::Password }, vec![1, 0]));
    }

    #[test]
    fn without_a_place_for_the_count_nothing_is_tried() {
        let mut step_up = step_up(vec![Ok(())]);
        let outcome = step_up.attempt(|| Duration::ZERO, |_| Err("disk full"));
        assert!(matches!(outcome, Outcome::Unavailable { why } if why.contains("disk full")));
        assert_eq!(step_up.0.limit().tries_left(), 5);
    }

    /// Whoever knows the password does not get new guesses of the code by it.
    #[test]
    fn one_of_two_factors_forgets_no_failure() {
        let mut step_up = StepUp::new(RateLimit::new(RateLimitPolicy::default(), LoginId::default()));
        let mut attempt = |completes, result: Result<(), FactorError>| {
            let keep = |_: &RateLimitSnapshot| Ok::<_, Infallible>(());
            step_up.attempt_by(Factor::Totp, completes, || result, || Duration::ZERO, keep)
        };
        for left in [4, 3, 2] {
            assert!(matches!(attempt(true, WRONG), Outcome::Wrong { tries_left, .. } if tries_left == left));
            assert!(matches!(attempt(false, Ok(())), Outcome::Verified { .. }));
        }
        assert!(matches!(attempt(true, Ok(())), Outcome::Verified { .. }));
        assert!(matches!(attempt(true, WRONG), Outcome::Wrong { tries_left: 4, .. }));
    }

    #[test]
    fn the_wait_counts_from_the_end_of_the_check() {
        let mut step_up = step_up(vec![WRONG]);
        for _ in 0..4 {
            at(&mut step_up, 0);
        }
        let clock = RefCell::new(vec![Duration::from_secs(10), Duration::from_secs(13)].into_iter());
        let outcome = step_up.attempt(|| clock.borrow_mut().next().unwrap(), |_| Ok::<_, Infallible>(()));
        assert_eq!(outcome, Outcome::Wrong { tries_left: 0, next_in: Duration::from_secs(30), why: None });
        assert_eq!(step_up.0.gate(Duration::from_secs(42)), Gate::Wait(Duration::from_secs(1)));
    }
}
