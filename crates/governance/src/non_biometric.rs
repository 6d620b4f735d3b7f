use std::time::Duration;
use stillyou_trust::TrustTime;
use stillyou_trust::policy::NonBiometricPolicy;

/// Working without any sensor: when a step-up by factor is due.
#[derive(Clone, Copy, Debug)]
pub struct NonBiometric {
    policy: NonBiometricPolicy,
    proven: TrustTime,
    used: TrustTime,
}

/// Why a step-up is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// The interval is over.
    Interval,
    /// Nobody was there for a while.
    Idle,
}

impl NonBiometric {
    /// Begins with a proof.
    pub fn begin(policy: NonBiometricPolicy, proven: TrustTime) -> Self {
        Self { policy, proven, used: proven }
    }

    /// Goes on under other limits: those of a grant that has begun, or ended.
    pub fn under(&mut self, policy: NonBiometricPolicy) {
        self.policy = policy;
    }

    /// Somebody uses the machine: is a step-up due before they may go on? One that is due stays due until it is
    /// [proven](Self::proven).
    pub fn used(&mut self, now: TrustTime) -> Option<Due> {
        let due = self.due(now);
        if due.is_none() {
            self.used = now;
        }
        due
    }

    /// What is due now, as long as nobody has used it since.
    pub fn due(&self, now: TrustTime) -> Option<Due> {
        let minutes = |minutes: u64| Duration::from_secs(minutes.saturating_mul(60));
        if now.since(self.used) >= minutes(self.policy.idle_minutes) {
            return Some(Due::Idle);
        }
        (now.since(self.proven) >= minutes(self.policy.interval_minutes)).then_some(Due::Interval)
    }

    /// The person proved who they are.
    pub fn proven(&mut self, now: TrustTime) {
        (self.proven, self.used) = (now, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_asks_at_the_interval_and_after_idle() {
        let at = |minute: u64| TrustTime::since_boot(Duration::from_secs(60 * minute));
        let mut mode = NonBiometric::begin(NonBiometricPolicy { interval_minutes: 60, idle_minutes: 5 }, at(0));
        for minute in 1..60 {
            assert_eq!(mode.used(at(minute)), None);
        }
        assert_eq!(mode.used(at(60)), Some(Due::Interval));
        mode.proven(at(61));
        assert_eq!(mode.used(at(64)), None);
        assert_eq!(mode.used(at(69)), Some(Due::Idle));
        assert_eq!(mode.used(at(69)), Some(Due::Idle), "using it does not answer it");
    }
}
