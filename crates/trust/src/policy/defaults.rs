//! What holds where no document says otherwise.

use super::model::VERSION;
use super::{
    EnrolmentPolicy, EvidencePolicy, HazardPolicy, KeySourceChoice, KeyboardPolicy, LockMethod, LockPolicy,
    ModalityPolicy, ModelPolicy, Pack, PointerPolicy, Policy, ScorePolicy, ShownKeys, StepUpPolicy,
};
use crate::Odds;

fn odds(somebody_else: f64, owner: f64) -> Odds {
    Odds::new(somebody_else, owner).unwrap_or_else(|| unreachable!("defaults are positive"))
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            version: VERSION,
            score: Default::default(),
            hazard: Default::default(),
            context: Default::default(),
            evidence: Default::default(),
            step_up: Default::default(),
            enrolment: Default::default(),
            keyboard: Default::default(),
            pointer: Default::default(),
            camera: Default::default(),
            lock: Default::default(),
            control: Default::default(),
            governance: Default::default(),
            tell: Default::default(),
            model: Default::default(),
            status: Default::default(),
        }
    }
}

impl Default for ScorePolicy {
    fn default() -> Self {
        Self {
            floor_odds: odds(1.0, 30.0),
            unlock_odds: odds(1.0, 4.0),
            watch_odds: odds(1.0, 4.0),
            step_up_odds: odds(1.0, 1.0),
            lock_odds: odds(1000.0, 1.0),
            hysteresis_nats: 1.0,
        }
    }
}

impl Default for HazardPolicy {
    fn default() -> Self {
        Self { input_per_s: 1e-6, idle_per_s: 2e-4, nobody_seen_per_s: 1e-2, locked_per_s: 2e-5, idle_after_s: 30 }
    }
}

impl Default for EvidencePolicy {
    fn default() -> Self {
        Self {
            keystroke: ModalityPolicy { cap_nats: 10.0, weak: false },
            pointer: ModalityPolicy { cap_nats: 0.75, weak: true },
            face: ModalityPolicy { cap_nats: 7.0, weak: false },
        }
    }
}

impl Default for StepUpPolicy {
    fn default() -> Self {
        Self {
            grace_seconds: 30,
            fresh_seconds: 60,
            tries: 5,
            wait_seconds: 30,
            password_odds: odds(1.0, 30.0),
            totp_odds: odds(1.0, 30.0),
            recovery_code_odds: odds(1.0, 30.0),
            security_key_odds: odds(1.0, 30.0),
            pass_phrase_odds: odds(1.0, 30.0),
            face_odds: odds(1.0, 30.0),
            override_odds: odds(1.0, 30.0),
            after_unlock: false,
            mute_after: 3,
            mute_window_minutes: 30,
        }
    }
}

impl Default for EnrolmentPolicy {
    fn default() -> Self {
        Self { min_keystrokes: 2_000, max_self_rejects: 0.2, accept_recordings: false }
    }
}

impl Default for KeyboardPolicy {
    fn default() -> Self {
        Self { source: KeySourceChoice::Auto, score_injected: false }
    }
}

impl Default for PointerPolicy {
    fn default() -> Self {
        Self { watch: true, score_injected: false, min_strokes: 160, max_self_rejects: 0.35 }
    }
}

impl Default for LockPolicy {
    fn default() -> Self {
        Self { methods: vec![LockMethod::Logind, LockMethod::ScreenSaver, LockMethod::Command], command: Vec::new() }
    }
}

impl Default for ModelPolicy {
    fn default() -> Self {
        Self { pack: Pack::Research, folder: String::new(), keys: ShownKeys::Movements }
    }
}
