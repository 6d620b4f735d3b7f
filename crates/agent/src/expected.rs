use rand::{RngExt as _, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use stillyou_models::keystroke::WINDOW;
use stillyou_trust::policy::ModalityPolicy;
use stillyou_trust::{Belief, Evidence, Modality, Origin, Policy, Quality, Rules, TrustTime};

use crate::engine::STRIDE;

/// Needless step-ups that a person has to expect from their typing, in eight hours of work ([`DAY_KEYSTROKES`]).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// If all typing is like the windows of the enrolment.
    pub step_ups_per_8h: f64,
    /// If one window more had been seen that spoke against the person as loudly as any may: what so few windows can't
    /// rule out.
    pub step_ups_per_8h_bound: f64,
}

/// Keystrokes of eight hours of work.
pub const DAY_KEYSTROKES: usize = 20_000;

/// Days that are played.
const DAYS: usize = 100;

impl Expected {
    /// Plays [`DAYS`] days of windows drawn from `llrs_nats` (the evidence of the person's own windows against a template of
    /// the others), each heard [`WINDOW`] / [`STRIDE`] times as live evidence is, and counts how often the score asks.
    ///
    /// Time alone is left out: it asks by schedule, not by mistake. The draw is seeded, so the same windows give the same
    /// figures.
    pub fn of(llrs_nats: &[f64], policy: &Policy) -> Self {
        let ModalityPolicy { cap_nats, .. } = policy.evidence.keystroke;
        let worse: Vec<f64> = llrs_nats.iter().copied().chain([-cap_nats]).collect();
        Self {
            step_ups_per_8h: step_ups_per_8h(llrs_nats, policy),
            step_ups_per_8h_bound: step_ups_per_8h(&worse, policy),
        }
    }
}

fn step_ups_per_8h(llrs_nats: &[f64], policy: &Policy) -> f64 {
    if llrs_nats.is_empty() {
        return 0.0;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let at = TrustTime::default();
    let verified = || Belief::new(Rules::of(policy), at, policy.step_up.password_odds.log(), Origin::Verified);
    let asks = policy.score.step_up_odds.log();
    let (mut belief, mut asked) = (verified(), 0_u32);
    for _ in 0..DAYS * DAY_KEYSTROKES / WINDOW {
        let llr_nats = llrs_nats[rng.random_range(0..llrs_nats.len())];
        let evidence = Evidence {
            modality: Modality::Keystroke,
            llr_nats,
            quality: Quality::FULL,
            attribution: Vec::new(),
            occlusion: None,
            pictures: None,
        };
        for _ in 0..WINDOW / STRIDE {
            belief.update(at, &evidence, STRIDE as f64 / WINDOW as f64);
            if belief.log_odds() >= asks {
                asked += 1;
                belief = verified();
            }
        }
    }
    f64::from(asked) / DAYS as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_always_recognised_is_never_asked_but_few_windows_prove_little() {
        let few = Expected::of(&[4.0; 10], &Policy::default());
        assert_eq!(few.step_ups_per_8h, 0.0);
        let many = Expected::of(&[4.0; 100], &Policy::default());
        assert!(few.step_ups_per_8h_bound > many.step_ups_per_8h_bound, "{few:?} {many:?}");
    }

    #[test]
    fn who_is_often_refused_is_asked_often() {
        let mixed: Vec<f64> = [4.0, -4.0].repeat(20);
        assert!(Expected::of(&mixed, &Policy::default()).step_ups_per_8h > 5.0);
        assert_eq!(Expected::of(&[], &Policy::default()).step_ups_per_8h, 0.0);
    }
}
