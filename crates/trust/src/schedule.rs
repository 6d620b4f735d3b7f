use crate::policy::CameraPolicy;
use crate::{Band, TrustTime};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// When a look through the camera is worth it, within the policy's budget of seconds an hour.
///
/// Pure: it reads no clock, opens nothing. The same seed and the same days give the same looks.
#[derive(Clone, Debug)]
pub struct Schedule {
    policy: CameraPolicy,
    chance: ChaCha8Rng,
    /// Seconds that the camera may be on now; they come back with time.
    budget_s: f64,
    asked_at: TrustTime,
    /// Seconds of work until the next random look.
    audit_in_s: Option<f64>,
    /// Random looks an hour that an override wants at least.
    audits_per_hour: u32,
    idle: bool,
    owed: bool,
    looked_at: Option<TrustTime>,
    /// Looks in doubt since the score was last at rest.
    in_doubt: u32,
}

/// Why to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum LookReason {
    /// Somebody works again after idle time.
    Return,
    /// The score is in the watch band.
    Doubt,
    /// By chance.
    Audit,
    /// Nobody works: is anybody there?
    Presence,
}

/// What goes on while a look is thought about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Situation {
    /// When.
    pub at: TrustTime,
    /// The score's band.
    pub band: Band,
    /// Whether keys or pointer are used.
    pub active: bool,
}

/// The least time between looks while the score stays in the watch band; it doubles with each look that changed nothing.
const DOUBT_PAUSE: Duration = Duration::from_secs(15);

/// Doublings of that pause at most: four minutes.
const MOST_DOUBLINGS: u32 = 4;

impl Schedule {
    /// A schedule with a whole budget at `at`. Random looks come by `seed`.
    pub fn new(policy: CameraPolicy, seed: u64, at: TrustTime) -> Self {
        let mut schedule = Self {
            budget_s: policy.seconds_per_hour as f64,
            policy,
            chance: ChaCha8Rng::seed_from_u64(seed),
            asked_at: at,
            audit_in_s: None,
            audits_per_hour: 0,
            idle: false,
            owed: false,
            looked_at: None,
            in_doubt: 0,
        };
        schedule.audit_in_s = schedule.draw_audit();
        schedule
    }

    /// Whether to look now, and why. To be asked about once a second. What is due and can't be paid for stays due.
    pub fn due(&mut self, now: Situation) -> Option<LookReason> {
        let elapsed = now.at.since(self.asked_at);
        self.asked_at = now.at;
        self.refill(elapsed);
        self.owed |= self.idle && now.active && self.policy.look_after_idle;
        self.idle = !now.active;
        if now.active
            && let Some(left) = &mut self.audit_in_s
        {
            *left -= elapsed.as_secs_f64();
        }
        if now.band == Band::Verified {
            self.in_doubt = 0;
        }
        let reason = self.wanted(now)?;
        self.can_pay(reason).then_some(reason)
    }

    /// A look began for `reason`.
    pub fn looks(&mut self, at: TrustTime, reason: LookReason) {
        self.looked_at = Some(at);
        match reason {
            LookReason::Return => {}
            LookReason::Doubt => self.in_doubt += 1,
            LookReason::Audit => self.audit_in_s = self.draw_audit(),
            LookReason::Presence => return,
        }
        self.owed = false;
    }

    /// Random looks come so often at least from now on, policy's budget of seconds permitting; 0: as often as policy says.
    pub fn audit_at_least(&mut self, per_hour: u32) {
        if per_hour != self.audits_per_hour {
            self.audits_per_hour = per_hour;
            self.audit_in_s = self.draw_audit();
        }
    }

    /// The camera was on for so long.
    pub fn spent(&mut self, on: Duration) {
        self.budget_s -= on.as_secs_f64();
    }

    fn wanted(&self, now: Situation) -> Option<LookReason> {
        let since = |pause: Duration| self.looked_at.is_none_or(|at| now.at.since(at) >= pause);
        if !now.active {
            let pause = Duration::from_secs(self.policy.presence_seconds);
            return (!pause.is_zero() && since(pause)).then_some(LookReason::Presence);
        }
        let doubt_pause = DOUBT_PAUSE * (1 << self.in_doubt.min(MOST_DOUBLINGS));
        if self.owed {
            Some(LookReason::Return)
        } else if now.band == Band::Watch && since(if self.in_doubt == 0 { Duration::ZERO } else { doubt_pause }) {
            Some(LookReason::Doubt)
        } else if self.audit_in_s.is_some_and(|left| left <= 0.0) {
            Some(LookReason::Audit)
        } else {
            None
        }
    }

    /// Looks for presence leave half of the budget to those that bring evidence.
    fn can_pay(&self, reason: LookReason) -> bool {
        let kept = if reason == LookReason::Presence { 0.5 * self.policy.seconds_per_hour as f64 } else { 0.0 };
        self.budget_s - kept >= self.policy.look_seconds as f64
    }

    fn refill(&mut self, elapsed: Duration) {
        let hour = self.policy.seconds_per_hour as f64;
        self.budget_s = (self.budget_s + elapsed.as_secs_f64() * hour / 3600.0).min(hour);
    }

    /// The time to the next event of a Poisson process with the policy's mean.
    fn draw_audit(&mut self) -> Option<f64> {
        let usual = (self.policy.audit_minutes > 0).then_some(60.0 * self.policy.audit_minutes as f64);
        let wanted = (self.audits_per_hour > 0).then(|| 3600.0 / f64::from(self.audits_per_hour));
        let mean_s = usual.into_iter().chain(wanted).reduce(f64::min)?;
        Some(-mean_s * (1.0 - self.chance.random::<f64>()).ln())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> CameraPolicy {
        CameraPolicy { audit_minutes: 0, ..CameraPolicy::default() }
    }

    /// One second after another, with looks of one second each: why it looked, and when.
    fn looks(policy: CameraPolicy, seconds: u64, situation: impl Fn(u64) -> (Band, bool)) -> Vec<(u64, LookReason)> {
        let mut schedule = Schedule::new(policy, 7, TrustTime::default());
        let mut looks = Vec::new();
        for second in 0..seconds {
            let at = TrustTime::default() + Duration::from_secs(second);
            let (band, active) = situation(second);
            if let Some(reason) = schedule.due(Situation { at, band, active }) {
                schedule.looks(at, reason);
                schedule.spent(Duration::from_secs(1));
                looks.push((second, reason));
            }
        }
        looks
    }

    #[test]
    fn whoever_works_and_is_verified_is_not_looked_at() {
        assert_eq!(looks(policy(), 8 * 3600, |_| (Band::Verified, true)), []);
    }

    #[test]
    fn work_after_idle_time_is_looked_at_once() {
        let seen = looks(policy(), 300, |s| (Band::Verified, !(100..200).contains(&s)));
        assert_eq!(seen, [(200, LookReason::Return)]);
        let never = CameraPolicy { look_after_idle: false, ..policy() };
        assert_eq!(looks(never, 300, |s| (Band::Verified, !(100..200).contains(&s))), []);
    }

    #[test]
    fn doubt_is_looked_at_at_once_and_then_ever_more_rarely() {
        let seen: Vec<u64> = looks(policy(), 300, |_| (Band::Watch, true)).iter().map(|(s, _)| *s).collect();
        assert_eq!(seen, [0, 30, 90, 210]);
        let seen = looks(policy(), 100, |s| (if s % 50 == 0 { Band::Watch } else { Band::Verified }, true));
        assert_eq!(seen, [(0, LookReason::Doubt), (50, LookReason::Doubt)]);
    }

    #[test]
    fn random_looks_come_as_often_as_policy_says_and_only_while_somebody_works() {
        let often = CameraPolicy { audit_minutes: 10, ..CameraPolicy::default() };
        let seen = looks(often.clone(), 100 * 3600, |_| (Band::Verified, true));
        assert!(seen.iter().all(|(_, r)| *r == LookReason::Audit));
        assert!((510..690).contains(&seen.len()), "{} of about 600", seen.len());
        let gaps: Vec<u64> = seen.windows(2).map(|w| w[1].0 - w[0].0).collect();
        assert!(gaps.iter().any(|g| *g < 120) && gaps.iter().any(|g| *g > 1200), "as good as regular");
        assert_eq!(looks(often, 3600, |_| (Band::Verified, false)), []);
    }

    #[test]
    fn an_override_has_the_camera_look_more_often_while_it_lasts() {
        let hours = |per_hour: u32| {
            let mut schedule = Schedule::new(policy(), 7, TrustTime::default());
            schedule.audit_at_least(per_hour);
            let mut seen = 0;
            for second in 0..20 * 3600 {
                let at = TrustTime::default() + Duration::from_secs(second);
                if let Some(reason) = schedule.due(Situation { at, band: Band::Verified, active: true }) {
                    schedule.looks(at, reason);
                    seen += 1;
                }
            }
            seen
        };
        assert_eq!(hours(0), 0);
        assert!((90..150).contains(&hours(6)), "{} of about 120", hours(6));
    }

    #[test]
    fn the_budget_is_kept_however_much_there_is_to_see() {
        let greedy = CameraPolicy { presence_seconds: 2, audit_minutes: 1, seconds_per_hour: 30, ..policy() };
        let seen = looks(greedy, 10 * 3600, |s| (Band::Watch, s % 3 == 0));
        assert!(seen.len() <= 330, "{} seconds in ten hours, after a first budget of 30", seen.len());
        assert!(seen.len() > 250, "it is used: {}", seen.len());
    }

    #[test]
    fn presence_leaves_half_of_the_budget_to_evidence() {
        let watchful = CameraPolicy { presence_seconds: 1, ..policy() };
        let seen = looks(watchful, 600, |s| (Band::Watch, s == 599));
        assert_eq!(seen.last(), Some(&(599, LookReason::Return)));
        assert!(seen.len() > 20);
    }
}
