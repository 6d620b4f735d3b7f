use super::Monitor;
use super::phase::Phase;
use crate::decision::{Decision, Event, StepUpEnd, StepUpReason};
use crate::explanation::Origin;
use crate::input::Factor;
use crate::{Band, Modality};
use std::time::Duration;

impl Monitor {
    pub(super) fn verified(&mut self, factor: Factor, out: &mut Vec<Decision>) {
        if matches!(self.phase, Phase::Locked { .. }) {
            return;
        }
        if factor == Factor::Override {
            return self.vouched_for(out);
        }
        self.verified_at = Some(self.now);
        self.circumstances.verified();
        self.overriding.proven(self.now);
        let step_up = &self.policy.step_up;
        let earned = match factor {
            Factor::Password => step_up.password_odds.log(),
            Factor::Totp => step_up.totp_odds.log(),
            Factor::RecoveryCode => step_up.recovery_code_odds.log(),
            Factor::SecurityKey => step_up.security_key_odds.log(),
            Factor::PassPhrase => step_up.pass_phrase_odds.log(),
            Factor::Face => step_up.face_odds.log(),
            Factor::Override => step_up.override_odds.log(),
        };
        self.decided(Event::Verified { factor }, out);
        match self.phase {
            Phase::Learning | Phase::Locked { .. } => {}
            Phase::Paused { .. } => self.belief.restart(self.now, earned, Origin::Verified),
            Phase::Watching { band } => {
                self.belief.restart(self.now, earned, Origin::Verified);
                self.phase = Phase::Watching { band: Band::Verified };
                if band != Band::Verified {
                    self.decided(Event::BandChanged { from: band, to: Band::Verified }, out);
                }
            }
            Phase::StepUp(s) => {
                self.decided(Event::StepUpEnded { how: StepUpEnd::Verified }, out);
                self.belief.restart(self.now, earned, Origin::Verified);
                self.phase = Phase::Watching { band: Band::Verified };
                self.decided(Event::BandChanged { from: Band::StepUp, to: Band::Verified }, out);
                self.count_passed(s.forced_by, out);
            }
        }
    }

    /// An approver's word ends an open step-up, and nothing else: it is no proof, so it allows no request that needs one,
    /// and what is around the session stays as it is.
    fn vouched_for(&mut self, out: &mut Vec<Decision>) {
        if !matches!(self.phase, Phase::StepUp(_)) || self.overriding.in_force().is_none() {
            return;
        }
        self.overriding.vouched(self.now);
        self.decided(Event::Verified { factor: Factor::Override }, out);
        self.decided(Event::StepUpEnded { how: StepUpEnd::Verified }, out);
        self.belief.restart(self.now, self.policy.step_up.override_odds.log(), Origin::Verified);
        self.phase = Phase::Watching { band: Band::Verified };
        self.decided(Event::BandChanged { from: Band::StepUp, to: Band::Verified }, out);
    }

    fn count_passed(&mut self, forced_by: Option<Modality>, out: &mut Vec<Decision>) {
        let Some(modality) = forced_by else { return };
        let window = Duration::from_secs(60 * self.policy.step_up.mute_window_minutes);
        self.passed.push_back((self.now, modality));
        self.passed.retain(|(at, _)| self.now.since(*at) <= window);
        let count = self.passed.iter().filter(|(_, m)| *m == modality).count();
        if count >= self.policy.step_up.mute_after as usize && self.muted.insert(modality) {
            self.decided(Event::Muted { modality }, out);
        }
    }

    pub(super) fn verification_failed(&mut self, out: &mut Vec<Decision>) {
        if let Phase::StepUp(s) = &mut self.phase {
            s.failures += 1;
            let failures = s.failures;
            self.decided(Event::StepUpFailed { failures }, out);
        }
    }

    pub(super) fn proof_due(&mut self, out: &mut Vec<Decision>) {
        if matches!(self.phase, Phase::Watching { .. }) {
            self.ask_step_up(StepUpReason::Scheduled, None, out);
        }
    }
}
