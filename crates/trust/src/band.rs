use crate::{LogOdds, policy::ScorePolicy};
use serde::{Deserialize, Serialize};

/// What the score means, from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// It is the owner.
    Verified,
    /// Look more closely.
    Watch,
    /// Ask for proof.
    StepUp,
    /// Lock the session.
    Lock,
}

impl Band {
    /// The band of `log_odds` after having been in `self`.
    ///
    /// A worse band is entered at its threshold at once; it is left only `hysteresis_nats` below it.
    pub fn next(self, log_odds: LogOdds, policy: &ScorePolicy) -> Band {
        let entered = Self::at(log_odds, policy, 0.0);
        if entered >= self { entered } else { Self::at(log_odds, policy, policy.hysteresis_nats).min(self) }
    }

    fn at(log_odds: LogOdds, policy: &ScorePolicy, slack_nats: f64) -> Band {
        let over = |odds: crate::Odds| log_odds.0 >= odds.log().0 - slack_nats;
        if over(policy.lock_odds) {
            Band::Lock
        } else if over(policy.step_up_odds) {
            Band::StepUp
        } else if over(policy.watch_odds) {
            Band::Watch
        } else {
            Band::Verified
        }
    }

    /// The band's name in records and messages.
    pub fn name(self) -> &'static str {
        match self {
            Band::Verified => "verified",
            Band::Watch => "watch",
            Band::StepUp => "step-up",
            Band::Lock => "lock",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_left_only_a_nat_below_its_threshold() {
        let policy = ScorePolicy::default();
        let step_up = policy.step_up_odds.log().0;
        assert_eq!(Band::Verified.next(LogOdds(step_up), &policy), Band::StepUp);
        assert_eq!(Band::StepUp.next(LogOdds(step_up - 0.9), &policy), Band::StepUp);
        assert_eq!(Band::StepUp.next(LogOdds(step_up - 1.1), &policy), Band::Watch);
        assert_eq!(Band::Lock.next(LogOdds(-6.9), &policy), Band::Verified);
    }
}
