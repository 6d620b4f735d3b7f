use crate::explanation::{Explanation, Origin, Start, WeakSum};
use crate::rules::{CEILING_NATS, Rules};
use crate::step::{EvidenceStep, PredictStep, Step};
use crate::{Evidence, Hazard, LogOdds, Modality, TrustTime};
use std::time::Duration;

/// Steps kept before the oldest are folded into the start, so that a long day stays small.
const STEPS_KEPT: usize = 1_024;

/// The odds `O` that somebody else is there now, with every step that led to them.
///
/// The filter is the posterior of the quickest-change-detection problem (Shiryaev 1963): [`Belief::predict`] lets time
/// pass, [`Belief::update`] takes evidence.
#[derive(Clone, Debug)]
pub struct Belief {
    rules: Rules,
    log_odds: LogOdds,
    weak: Vec<WeakSum>,
    start: Start,
    steps: Vec<Step>,
}

impl Belief {
    /// A belief that starts at `log_odds`, held between floor and ceiling.
    pub fn new(rules: Rules, at: TrustTime, log_odds: LogOdds, origin: Origin) -> Self {
        let log_odds = LogOdds(held(log_odds.0, rules.floor.0, CEILING_NATS));
        let weak: Vec<WeakSum> = rules
            .modalities
            .iter()
            .filter(|r| r.weak)
            .map(|r| WeakSum {
                modality: r.modality,
                sum_nats: 0.0,
                limit_nats: (rules.short_of_lock() - log_odds.0).max(0.0),
            })
            .collect();
        let start = Start { at, log_odds, origin, weak: weak.clone() };
        Self { rules, log_odds, weak, start, steps: Vec::new() }
    }

    /// A belief as it stood at the start of an explanation, to recompute it.
    pub(crate) fn from_start(rules: Rules, start: &Start) -> Self {
        Self { rules, log_odds: start.log_odds, weak: start.weak.clone(), start: start.clone(), steps: Vec::new() }
    }

    /// `log O`.
    pub fn log_odds(&self) -> LogOdds {
        self.log_odds
    }

    /// The rules it follows.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Lets `elapsed` pass at a hazard of `h` per second: `O ← (O + ρ) / (1 − ρ)` with `ρ = 1 − exp(−h·Δt)`.
    ///
    /// Never lowers `log O`; takes it at most to `hysteresis_nats` below the lock threshold.
    pub fn predict(&mut self, elapsed: Duration, hazard: impl Into<Hazard>) {
        let (seconds, hazard) = (elapsed.as_secs_f64(), hazard.into());
        let per_s = hazard.per_s();
        if seconds == 0.0 || per_s.is_nan() || per_s <= 0.0 {
            return;
        }
        let before = self.log_odds.0;
        let predicted = predicted_log_odds(before, per_s * seconds);
        let after = predicted.min(self.rules.short_of_lock()).max(before);
        let Hazard { base_per_s: hazard_per_s, added } = hazard;
        let step = PredictStep { seconds, hazard_per_s, added, nats: after - before, clamped: after < predicted };
        self.log_odds = LogOdds(after);
        match self.steps.last_mut() {
            Some(Step::Predict(last))
                if last.hazard_per_s == step.hazard_per_s
                    && last.added == step.added
                    && last.clamped == step.clamped =>
            {
                last.seconds += step.seconds;
                last.nats += step.nats;
            }
            _ => self.push(Step::Predict(step)),
        }
    }

    /// Takes evidence: `O ← O · exp(−w·ℓ)`, `ℓ` capped per modality, `w` from 0 to 1.
    ///
    /// A weak modality's running sum is held so that alone it reaches step-up, never lock. Landing on the floor starts
    /// the explanation anew: nothing before matters any more.
    pub fn update(&mut self, at: TrustTime, evidence: &Evidence, weight: f64) {
        let weight = if weight.is_finite() { weight.clamp(0.0, 1.0) } else { 0.0 };
        let after = self.updated(evidence, weight);
        let nats = after - self.log_odds.0;
        if let Some(weak) = self.weak.iter_mut().find(|w| w.modality == evidence.modality) {
            weak.sum_nats += nats;
        }
        self.log_odds = LogOdds(after);
        self.push(Step::Evidence(EvidenceStep {
            modality: evidence.modality,
            llr_nats: evidence.llr_nats,
            weight,
            nats,
            attribution: evidence.attribution.clone(),
            occlusion: evidence.occlusion.clone(),
            pictures: evidence.pictures,
        }));
        if after <= self.rules.floor.0 {
            self.start = Start { at, log_odds: self.rules.floor, origin: Origin::Floor, weak: self.weak.clone() };
            self.steps.clear();
        }
    }

    /// Whether the explanation would keep this evidence: not when it lands on the floor.
    pub(crate) fn keeps(&self, evidence: &Evidence, weight: f64) -> bool {
        self.updated(evidence, weight) > self.rules.floor.0
    }

    fn updated(&self, evidence: &Evidence, weight: f64) -> f64 {
        let rule = self.rules.of_modality(evidence.modality);
        let mut nats = -weight * held(evidence.llr_nats, -rule.cap_nats, rule.cap_nats);
        if let Some(weak) = self.weak.iter().find(|w| w.modality == evidence.modality) {
            nats = nats.min((weak.limit_nats - weak.sum_nats).max(0.0));
        }
        held(self.log_odds.0 + nats, self.rules.floor.0, CEILING_NATS)
    }

    /// The session was unlocked: `O ← max(O, O_unlock)`.
    pub fn unlock(&mut self, to: LogOdds) {
        let before = self.log_odds;
        self.log_odds = before.max(to);
        self.push(Step::Unlock { to_nats: to.0, nats: self.log_odds.0 - before.0 });
    }

    /// The owner was verified: starts anew at `log_odds`, running sums emptied.
    pub fn restart(&mut self, at: TrustTime, log_odds: LogOdds, origin: Origin) {
        *self = Belief::new(self.rules.clone(), at, log_odds, origin);
    }

    /// How `log O` came about, term by term.
    pub fn explanation(&self) -> Explanation {
        Explanation {
            rules: self.rules.clone(),
            start: self.start.clone(),
            steps: self.steps.clone(),
            end: self.log_odds,
        }
    }

    /// Nats from time alone, and from each modality's evidence, since the last unlock: what went before is in its odds.
    pub(crate) fn sums(&self) -> (f64, Vec<(Modality, f64)>) {
        let unlocked = self.steps.iter().rposition(|s| matches!(s, Step::Unlock { .. }));
        let steps = &self.steps[unlocked.map_or(0, |at| at + 1)..];
        let of = |m: Modality| {
            let nats = |s: &Step| match s {
                Step::Evidence(e) if e.modality == m => e.nats,
                _ => 0.0,
            };
            (m, steps.iter().map(nats).sum())
        };
        let time = steps.iter().filter(|s| matches!(s, Step::Predict(_))).map(Step::nats).sum();
        (time, Modality::ALL.map(of).to_vec())
    }

    fn push(&mut self, step: Step) {
        self.steps.push(step);
        if self.steps.len() > STEPS_KEPT {
            self.fold_older_half();
        }
    }

    fn fold_older_half(&mut self) {
        let mut at = Belief::from_start(self.rules.clone(), &self.start);
        let folded: Vec<Step> = self.steps.drain(..STEPS_KEPT / 2).collect();
        for step in &folded {
            at.apply(self.start.at, step);
        }
        let log_odds = LogOdds(self.log_odds.0 - self.steps.iter().map(Step::nats).sum::<f64>());
        self.start = Start { at: self.start.at, log_odds, origin: Origin::Earlier, weak: at.weak };
    }

    /// Applies a recorded step's inputs; returns the nats they give now.
    pub(crate) fn apply(&mut self, at: TrustTime, step: &Step) -> f64 {
        let before = self.log_odds.0;
        match step {
            Step::Predict(p) => {
                let seconds = Duration::try_from_secs_f64(p.seconds).unwrap_or_default();
                self.predict(seconds, p.hazard());
            }
            Step::Evidence(e) => {
                let evidence = Evidence {
                    modality: e.modality,
                    llr_nats: e.llr_nats,
                    quality: crate::Quality::FULL,
                    attribution: Vec::new(),
                    occlusion: None,
                    pictures: None,
                };
                self.update(at, &evidence, e.weight);
            }
            Step::Unlock { to_nats, .. } => self.unlock(LogOdds(*to_nats)),
        }
        self.log_odds.0 - before
    }
}

/// As `clamp`, which panics where `least > most`: rules that stand in a record may be anything.
fn held(value: f64, least: f64, most: f64) -> f64 {
    value.max(least).min(most)
}

/// `log((O + ρ) / (1 − ρ))` for `ρ = 1 − exp(−x)`, which is `log(O·e^x + e^x − 1)`, without overflow.
fn predicted_log_odds(log_odds: f64, x: f64) -> f64 {
    let x = x.min(2.0 * CEILING_NATS);
    let (grown, leaked) = (log_odds + x, x.exp_m1().ln());
    let (hi, lo) = if grown > leaked { (grown, leaked) } else { (leaked, grown) };
    hi + (lo - hi).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Policy;

    #[test]
    fn predict_follows_the_formula() {
        for (odds, h, seconds) in [(0.001f64, 2e-4f64, 60.0f64), (0.5, 1e-2, 5.0), (3.0, 1e-6, 1e4)] {
            let rho = 1.0 - (-h * seconds).exp();
            let expected = ((odds + rho) / (1.0 - rho)).ln();
            let got = predicted_log_odds(odds.ln(), h * seconds);
            assert!((got - expected).abs() < 1e-9, "{got} is not {expected}");
        }
    }

    #[test]
    fn an_idle_hour_asks_and_a_century_does_not_lock() {
        let policy = Policy::default();
        let start = policy.score.floor_odds.log();
        let mut belief = Belief::new(Rules::of(&policy), TrustTime::default(), start, Origin::Verified);
        belief.predict(Duration::from_secs(3600), policy.hazard.idle_per_s);
        assert!(belief.log_odds() >= policy.score.step_up_odds.log());
        belief.predict(Duration::from_secs(3_000_000_000), policy.hazard.nobody_seen_per_s);
        assert!(belief.log_odds() < policy.score.lock_odds.log());
        assert!(belief.explanation().steps.iter().any(|s| matches!(s, Step::Predict(p) if p.clamped)));
    }
}
