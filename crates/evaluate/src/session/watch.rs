use super::Cadence;
use super::breaks::{BREAK, Breaks};
use super::glances::Glances;
use super::pointing::Pointing;
use super::sighting::Sighting;
use crate::EvaluateError;
use std::time::Duration;
use stillyou_models::keystroke::ModelError;
use stillyou_sense::Micros;
use stillyou_trust::{Band, Belief, Evidence, Modality, Origin, Policy, Quality, Rules, TrustTime};

/// A session under watch: the belief, as the agent keeps it.
#[derive(Clone)]
pub struct Watch<'a> {
    policy: &'a Policy,
    weight: f64,
    belief: Belief,
    /// When the last evidence was taken, on the clock of the keystrokes.
    at: Micros,
    /// Time in breaks, which that clock does not count.
    rested: Duration,
    band: Band,
    /// When the owner leaves the desk, where they do.
    pub breaks: Option<Breaks>,
    /// The camera, where there is one.
    pub glances: Option<Glances<'a>>,
    /// The pointer, where there is one.
    pub pointing: Option<Pointing<'a>>,
    /// Keystrokes of the session before the window's first: moves only when a step-up empties the window.
    pub start: usize,
}

/// What a piece of evidence led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing.
    Quiet,
    /// The person is asked to prove who they are.
    StepUp,
    /// The session is locked at once.
    Lock,
}

impl<'a> Watch<'a> {
    /// A session whose owner was just verified.
    pub fn new(policy: &'a Policy, cadence: Cadence) -> Self {
        let verified = policy.step_up.password_odds.log();
        let belief = Belief::new(Rules::of(policy), TrustTime::default(), verified, Origin::Verified);
        Self {
            policy,
            weight: cadence.overlap,
            belief,
            at: Micros(0),
            rested: Duration::ZERO,
            band: Band::Verified,
            breaks: None,
            glances: None,
            pointing: None,
            start: 0,
        }
    }

    /// A break: nobody works, doubt grows, and the camera looks for somebody if policy has it do so.
    pub fn rest(&mut self) {
        let second = Duration::from_secs(1);
        for _ in 0..BREAK.as_secs() {
            self.rested += second;
            let now = self.now();
            self.glances.iter_mut().for_each(|glances| glances.idle(now, self.band));
        }
        self.pointing.iter_mut().for_each(|pointing| pointing.rests(BREAK));
        self.belief.predict(BREAK, self.policy.hazard.idle_per_s);
        self.band = self.band.next(self.belief.log_odds(), &self.policy.score);
    }

    /// Time passes and evidence is taken.
    pub fn take(&mut self, seen: &Sighting) -> Result<Outcome, EvaluateError> {
        if self.breaks.as_mut().is_some_and(Breaks::begins) {
            self.rest();
        }
        self.belief.predict(seen.at.since(self.at), self.policy.hazard.input_per_s);
        self.at = seen.at;
        let quality = Quality::new(seen.quality).map_err(ModelError::from)?;
        let evidence =
            Evidence::new(Modality::Keystroke, seen.llr_nats, quality, Vec::new()).map_err(ModelError::from)?;
        self.update(&evidence, quality.value() * self.weight);
        let now = self.now();
        if let Some(llr_nats) = self.pointing.as_mut().and_then(|pointing| pointing.strokes(now)) {
            self.full(Modality::Pointer, llr_nats, 1.0)?;
        }
        let band = self.band;
        if let Some((llr_nats, news)) = self.glances.as_mut().and_then(|glances| glances.look(now, band)) {
            self.full(Modality::Face, llr_nats, news)?;
        }
        let (log_odds, score) = (self.belief.log_odds(), &self.policy.score);
        Ok(match () {
            () if log_odds >= score.lock_odds.log() => Outcome::Lock,
            () if log_odds >= score.step_up_odds.log() => Outcome::StepUp,
            () => Outcome::Quiet,
        })
    }

    /// Evidence of the best quality.
    fn full(&mut self, modality: Modality, llr_nats: f64, weight: f64) -> Result<(), EvaluateError> {
        let evidence = Evidence::new(modality, llr_nats, Quality::FULL, Vec::new()).map_err(ModelError::from)?;
        self.update(&evidence, weight);
        Ok(())
    }

    fn update(&mut self, evidence: &Evidence, weight: f64) {
        self.belief.update(self.now(), evidence, weight);
        self.band = self.band.next(self.belief.log_odds(), &self.policy.score);
    }

    /// The owner proved who they are after `typed` keystrokes of the session.
    pub fn verified(&mut self, typed: usize) {
        self.belief.restart(self.now(), self.policy.step_up.password_odds.log(), Origin::Verified);
        self.start = typed;
        self.band = Band::Verified;
    }

    /// How long somebody who does not answer has until the lock.
    pub fn grace(&self) -> Duration {
        Duration::from_secs(self.policy.step_up.grace_seconds)
    }

    fn now(&self) -> TrustTime {
        TrustTime::since_boot(Duration::from_micros(self.at.0) + self.rested)
    }
}
