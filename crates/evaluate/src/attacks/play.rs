use crate::{EvaluateError, Recogniser, session::Cadence};
use std::time::Duration;
use stillyou_models::keystroke::pad::Pad;
use stillyou_models::keystroke::{MIN_WINDOW, ModelError, Stroke, WINDOW, quality};
use stillyou_sense::{Micros, keyboard::Keystroke};
use stillyou_trust::{Belief, Evidence, Modality, Origin, Policy, Rules, TrustTime};
use zeroize::Zeroize;

/// What one way of watching made of some typing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Full windows that spoke for the owner.
    pub accepted: usize,
    /// Keystrokes until step-up; `None` where it did not come.
    pub step_up: Option<usize>,
}

/// What some typing came to, without and with the signal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Played {
    /// Full windows.
    pub windows: usize,
    /// Without the signal.
    pub without: Outcome,
    /// With it.
    pub with: Outcome,
    /// Windows in which the signal found something.
    pub found: usize,
}

/// A session as an attack finds it.
pub struct Before<'a, R: Recogniser> {
    pub policy: &'a Policy,
    pub model: &'a R,
    pub template: &'a R::Template,
    /// Has seen what the owner typed.
    pub pad: &'a Pad,
}

impl<R: Recogniser> Before<'_, R> {
    /// The session goes on with an attack.
    pub fn attacked(&self, typed: &[Keystroke]) -> Result<Played, EvaluateError> {
        play(self.policy, self.model, self.template, typed, &mut self.pad.clone())
    }
}

/// Plays typing into a session whose owner was just verified, as the agent would.
pub fn play<R: Recogniser>(
    policy: &Policy,
    model: &R,
    template: &R::Template,
    typed: &[Keystroke],
    pad: &mut Pad,
) -> Result<Played, EvaluateError> {
    let stride = Cadence::default().stride;
    let ends: Vec<usize> = (stride..=typed.len()).step_by(stride).filter(|end| *end >= MIN_WINDOW).collect();
    let window = |end: usize| typed.get(end.saturating_sub(WINDOW)..end).unwrap_or_default();
    let embedded = model.embed(&ends.iter().map(|end| window(*end)).collect::<Vec<_>>())?;
    let mut sessions = [Session::new(policy), Session::new(policy)];
    let mut played = Played::default();
    let mut told = 0;
    for (end, embedding) in ends.iter().zip(&embedded) {
        typed.get(told..*end).unwrap_or_default().iter().for_each(|k| pad.push(k));
        told = *end;
        let window = window(*end);
        let score = model.score(template, embedding)?;
        let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        let quality = quality(&strokes);
        strokes.zeroize();
        let nats = model.llr_nats(score, window.len());
        let plain = Evidence::new(Modality::Keystroke, nats, quality?, Vec::new()).map_err(ModelError::from)?;
        let finding = pad.judge(window).filter(|finding| finding.outweighs(&plain));
        let checked = match finding {
            Some(finding) => finding.evidence().map_err(ModelError::from)?,
            None => plain.clone(),
        };
        let full = window.len() == WINDOW;
        played.windows += usize::from(full);
        played.found += usize::from(finding.is_some());
        let outcomes = [&mut played.without, &mut played.with];
        for ((session, evidence), outcome) in sessions.iter_mut().zip([plain, checked]).zip(outcomes) {
            outcome.accepted += usize::from(full && evidence.llr_nats > 0.0);
            let asked = session.take(&evidence, window);
            outcome.step_up = outcome.step_up.or(asked.then_some(*end));
        }
    }
    Ok(played)
}

struct Session<'a> {
    policy: &'a Policy,
    belief: Belief,
    at: Option<Micros>,
}

impl<'a> Session<'a> {
    fn new(policy: &'a Policy) -> Self {
        let verified = policy.step_up.password_odds.log();
        let belief = Belief::new(Rules::of(policy), TrustTime::default(), verified, Origin::Verified);
        Self { policy, belief, at: None }
    }

    /// Time passes and evidence is taken; whether that reaches step-up.
    fn take(&mut self, evidence: &Evidence, window: &[Keystroke]) -> bool {
        let Some(now) = window.last().map(|k| k.pressed_at) else { return false };
        let elapsed = self.at.map_or(Duration::ZERO, |at| now.since(at));
        self.at = Some(now);
        self.belief.predict(elapsed, self.policy.hazard.input_per_s);
        let weight = evidence.quality.value() * Cadence::default().overlap;
        self.belief.update(TrustTime::since_boot(Duration::from_micros(now.0)), evidence, weight);
        self.belief.log_odds() >= self.policy.score.step_up_odds.log()
    }
}
