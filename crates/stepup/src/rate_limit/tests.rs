use proptest::prelude::*;

use super::*;

fn login(session: &str) -> LoginId {
    LoginId { boot: Some("boot".into()), session: Some(session.into()) }
}

fn secs(s: u64) -> Duration {
    Duration::from_secs(s)
}

fn after(failures: u32, now: Duration) -> RateLimit {
    let mut limit = RateLimit::new(RateLimitPolicy::default(), login("1"));
    (0..failures).for_each(|_| limit.failed(now));
    limit
}

#[test]
fn five_tries_then_thirty_seconds_each_then_none() {
    assert_eq!(after(4, secs(9)).gate(secs(9)), Gate::Open);
    let limit = after(5, secs(100));
    assert_eq!((limit.tries_left(), limit.tries_until_disabled()), (0, 45));
    assert_eq!(limit.gate(secs(100)), Gate::Wait(secs(30)));
    assert_eq!(limit.gate(secs(129)), Gate::Wait(secs(1)));
    assert_eq!(limit.gate(secs(130)), Gate::Open);
    assert_eq!(after(49, secs(100)).gate(secs(130)), Gate::Open);
    assert_eq!(after(50, secs(100)).gate(secs(1_000_000)), Gate::Disabled);
}

#[test]
fn a_success_forgets_the_failures() {
    let mut limit = after(7, secs(0));
    limit.verified();
    assert_eq!((limit.gate(secs(0)), limit.tries_left()), (Gate::Open, 5));
}

#[test]
fn a_policy_may_only_be_as_strict_as_the_standard_or_stricter() {
    assert_eq!(RateLimitPolicy::new(5, secs(30), 50), Ok(RateLimitPolicy::default()));
    assert!(RateLimitPolicy::new(1, secs(300), 1).is_ok() && RateLimitPolicy::new(10, secs(30), 50).is_ok());
    assert_eq!(RateLimitPolicy::new(0, secs(30), 50), Err(RateLimitPolicyError::Tries(0)));
    assert_eq!(RateLimitPolicy::new(11, secs(30), 50), Err(RateLimitPolicyError::Tries(11)));
    assert_eq!(RateLimitPolicy::new(5, secs(29), 50), Err(RateLimitPolicyError::Wait(secs(29))));
    assert!(RateLimitPolicy::new(5, secs(30), 51).is_err() && RateLimitPolicy::new(5, secs(30), 4).is_err());
}

#[test]
fn only_another_login_enables_again() {
    let policy = RateLimitPolicy::default();
    let stored = after(50, secs(10)).snapshot();
    let gate = |login| RateLimit::restore(policy, &stored, login, secs(20)).gate(secs(1000));
    assert_eq!(gate(login("1")), Gate::Disabled);
    assert_eq!(gate(LoginId::default()), Gate::Disabled, "hiding the login gains nothing");
    assert_eq!(gate(login("2")), Gate::Open);
}

#[test]
fn what_was_hidden_once_is_not_forgotten() {
    let policy = RateLimitPolicy::default();
    let hidden = RateLimit::restore(policy, &after(50, secs(1)).snapshot(), LoginId::default(), secs(2));
    let again = RateLimit::restore(policy, &hidden.snapshot(), login("2"), secs(3));
    assert_eq!(again.gate(secs(3)), Gate::Open, "the snapshot still knows session 1, so session 2 is another");
    let same = RateLimit::restore(policy, &hidden.snapshot(), login("1"), secs(3));
    assert_eq!(same.gate(secs(3)), Gate::Disabled);
}

#[test]
fn a_stored_time_from_the_future_waits_the_whole_wait() {
    let stored = RateLimitSnapshot { last_failure_us: Some(u64::MAX), ..after(6, secs(0)).snapshot() };
    let limit = RateLimit::restore(RateLimitPolicy::default(), &stored, login("1"), secs(50));
    assert_eq!(limit.gate(secs(50)), Gate::Wait(secs(30)));
    let stored = RateLimitSnapshot { last_failure_us: None, ..stored };
    let limit = RateLimit::restore(RateLimitPolicy::default(), &stored, login("1"), secs(50));
    assert_eq!(limit.gate(secs(50)), Gate::Wait(secs(30)));
}

#[test]
fn a_snapshot_round_trips_and_refuses_what_it_does_not_know() {
    let stored = after(3, Duration::from_micros(12_345_678)).snapshot();
    let text = serde_json::to_string(&stored).unwrap();
    assert_eq!(serde_json::from_str::<RateLimitSnapshot>(&text).unwrap(), stored);
    let strange = text.replacen("\"failures\":3", "\"failures\":3,\"free\":true", 1);
    assert!(serde_json::from_str::<RateLimitSnapshot>(&strange).unwrap_err().to_string().contains("free"));
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Try(bool),
    Pass(u64),
    Restart,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop::bool::weighted(0.03).prop_map(Step::Try),
        2 => (0u64..40_000).prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

fn any_policy() -> impl Strategy<Value = RateLimitPolicy> {
    (1u32..=10, 30u64..90, 0u32..=40)
        .prop_map(|(tries, wait, more)| RateLimitPolicy::new(tries, secs(wait), tries + more).unwrap())
}

proptest! {
    /// Whatever is tried, at whatever pace, with restarts in between: never more than the allowed failures in a row,
    /// and never two closer than the wait once the free ones are used up.
    #[test]
    fn no_order_of_tries_and_restarts_beats_the_limit(
        policy in any_policy(),
        steps in prop::collection::vec(any_step(), 1..400),
    ) {
        let mut limit = RateLimit::new(policy, login("1"));
        let mut now = secs(1000);
        let mut failures: Vec<Duration> = Vec::new();
        for step in steps {
            match step {
                Step::Pass(ms) => now += Duration::from_millis(ms),
                Step::Restart => limit = RateLimit::restore(policy, &limit.snapshot(), login("1"), now),
                Step::Try(right) => match limit.gate(now) {
                    Gate::Open if right => {
                        limit.verified();
                        failures.clear();
                    }
                    Gate::Open => {
                        if failures.len() >= policy.tries as usize {
                            prop_assert!(now - *failures.last().unwrap() >= policy.wait);
                        }
                        limit.failed(now);
                        failures.push(now);
                        prop_assert!(failures.len() <= policy.disabled_after as usize);
                    }
                    Gate::Wait(left) => {
                        prop_assert!(failures.len() >= policy.tries as usize);
                        prop_assert!(left <= policy.wait && left > Duration::ZERO);
                        prop_assert_ne!(limit.gate(now + left), Gate::Wait(Duration::ZERO));
                        prop_assert_eq!(limit.gate(now + left), Gate::Open);
                    }
                    Gate::Disabled => prop_assert_eq!(failures.len(), policy.disabled_after as usize),
                },
            }
            prop_assert_eq!(limit.tries_left() as usize, (policy.tries as usize).saturating_sub(failures.len()));
        }
    }

    /// A restart changes nothing that a person, or an intruder, could notice.
    #[test]
    fn a_restart_is_invisible(failures in 0u32..60, at in 0u64..10_000_000, passed in 0u64..100_000_000) {
        let policy = RateLimitPolicy::default();
        let (at, now) = (Duration::from_micros(at), Duration::from_micros(at + passed));
        let limit = after(failures, at);
        let restored = RateLimit::restore(policy, &limit.snapshot(), login("1"), now);
        prop_assert_eq!(restored.gate(now), limit.gate(now));
        prop_assert_eq!(restored.snapshot(), limit.snapshot());
    }
}
