use super::{Caught, HORIZON, STRIDE, typing};
use crate::{EvaluateError, Recogniser};
use std::time::Duration;
use stillyou_models::keystroke::{MIN_WINDOW, ModelError, Stroke, WINDOW, quality};
use stillyou_sense::{Micros, keyboard::Keystroke};
use stillyou_trust::{Belief, Evidence, Modality, Origin, Policy, Rules, TrustTime};
use zeroize::Zeroize;

/// From the owner's last key to the impostor's first.
const HAND_OVER_US: u64 = 2_000_000;

/// A session under watch: belief and window as the agent keeps them.
pub struct Watch<'a, R: Recogniser> {
    policy: &'a Policy,
    model: &'a R,
    template: &'a R::Template,
    belief: Belief,
    /// When the last evidence was taken, on the clock of the keystrokes.
    at: Option<Micros>,
    /// Keystrokes since the window began, the last [`WINDOW`] of them.
    window: Vec<Keystroke>,
}

impl<R: Recogniser> Clone for Watch<'_, R> {
    fn clone(&self) -> Self {
        Self { belief: self.belief.clone(), at: self.at, window: self.window.clone(), ..*self }
    }
}

/// What an impostor types, and what the model makes of the full windows of it, the first after [`WINDOW`] keystrokes and
/// then every [`STRIDE`].
pub struct Seen<'a, E> {
    pub typed: &'a [Keystroke],
    pub full: &'a [E],
}

impl<'a, R: Recogniser> Watch<'a, R> {
    /// A session whose owner was just verified.
    pub fn new(policy: &'a Policy, model: &'a R, template: &'a R::Template) -> Self {
        let verified = policy.step_up.password_odds.log();
        let belief = Belief::new(Rules::of(policy), TrustTime::default(), verified, Origin::Verified);
        Self { policy, model, template, belief, at: None, window: Vec::new() }
    }

    /// The owner types, proving who they are whenever asked; how often they were asked. Ends after a whole number of
    /// strides, so that evidence falls due with the next owner's or impostor's tenth key.
    pub fn owner(&mut self, typed: &[Keystroke]) -> Result<usize, EvaluateError> {
        let mut asked = 0;
        // The start of the window: moves only when a step-up empties it.
        let mut start = 0;
        let mut due = self.windows(typed, start)?.into_iter();
        while let Some((end, embedding)) = due.next() {
            let window = typed.get(end.saturating_sub(WINDOW).max(start)..end).unwrap_or_default();
            self.take(window, &embedding)?;
            if self.belief.log_odds() >= self.policy.score.step_up_odds.log() {
                asked += 1;
                start = end;
                let verified = self.policy.step_up.password_odds.log();
                self.belief.restart(self.now(), verified, Origin::Verified);
                due = self.windows(typed, start)?.into_iter();
            }
        }
        let whole = typed.len() - typed.len() % STRIDE;
        self.window = typed.get(whole.saturating_sub(WINDOW).max(start)..whole).unwrap_or_default().to_vec();
        Ok(asked)
    }

    /// Somebody else goes on typing; nobody answers.
    pub fn impostor(mut self, seen: Seen<R::Embedding>) -> Result<Caught, EvaluateError> {
        let mut caught = Caught { step_up: None, lock: None, watched: seen.typed.len().min(HORIZON), passes: false };
        let (step_up, lock) = (self.policy.score.step_up_odds.log(), self.policy.score.lock_odds.log());
        let owners = self.window.len();
        let end = self.window.iter().map(|k| k.released_at.0).max().unwrap_or(0);
        let typed: Vec<Keystroke> = typing::moved(seen.typed, end + HAND_OVER_US).collect();
        let mixed: Vec<Keystroke> = self.window.iter().chain(typed.iter().take(WINDOW - STRIDE)).cloned().collect();
        let mut first = Vec::new();
        for keys in (STRIDE..WINDOW).step_by(STRIDE).filter(|k| *k <= typed.len() && owners + k >= MIN_WINDOW) {
            let end = owners + keys;
            first.extend(mixed.get(end.saturating_sub(WINDOW)..end).map(|w| (keys, w)));
        }
        let embedded = self.model.embed(&first.iter().map(|(_, w)| *w).collect::<Vec<_>>())?;
        let full = (WINDOW..=typed.len()).step_by(STRIDE).filter_map(|k| Some((k, typed.get(k - WINDOW..k)?)));
        let first = first.into_iter().zip(&embedded);
        let mut own_nats = 0.0;
        for ((keys, window), embedding) in first.chain(full.zip(seen.full)) {
            let nats = self.take(window, embedding)?;
            own_nats += if keys >= WINDOW { nats } else { 0.0 };
            caught.step_up = caught.step_up.or((self.belief.log_odds() >= step_up).then_some(keys));
            caught.lock = caught.lock.or((self.belief.log_odds() >= lock).then_some(keys));
        }
        caught.passes = own_nats > 0.0;
        Ok(caught)
    }

    /// Ends and embeddings of the windows of `typed` that begin at `start` or later.
    fn windows(&self, typed: &[Keystroke], start: usize) -> Result<Vec<(usize, R::Embedding)>, EvaluateError> {
        let ends = (start + STRIDE..=typed.len()).step_by(STRIDE).filter(|end| end - start >= MIN_WINDOW);
        let windows: Vec<(usize, &[Keystroke])> =
            ends.filter_map(|end| Some((end, typed.get(end.saturating_sub(WINDOW).max(start)..end)?))).collect();
        let embedded = self.model.embed(&windows.iter().map(|(_, w)| *w).collect::<Vec<_>>())?;
        Ok(windows.iter().map(|(end, _)| *end).zip(embedded).collect())
    }

    /// Time passes and evidence is taken, as the agent does it; returns the capped, weighted ratio in nats.
    fn take(&mut self, window: &[Keystroke], embedding: &R::Embedding) -> Result<f64, EvaluateError> {
        let Some(now) = window.last().map(|k| k.pressed_at) else { return Ok(0.0) };
        let elapsed = self.at.map_or(Duration::ZERO, |at| now.since(at));
        self.at = Some(now);
        self.belief.predict(elapsed, self.policy.hazard.input_per_s);
        let llr_nats = self.model.llr_nats(self.model.score(self.template, embedding)?, window.len());
        let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        let quality = quality(&strokes)?;
        strokes.zeroize();
        let evidence = Evidence::new(Modality::Keystroke, llr_nats, quality, Vec::new()).map_err(ModelError::from)?;
        let weight = quality.value() * STRIDE as f64 / WINDOW as f64;
        self.belief.update(self.now(), &evidence, weight);
        let cap = self.policy.evidence.of(Modality::Keystroke).cap_nats;
        Ok(weight * llr_nats.clamp(-cap, cap))
    }

    fn now(&self) -> TrustTime {
        TrustTime::since_boot(Duration::from_micros(self.at.unwrap_or_default().0))
    }
}
