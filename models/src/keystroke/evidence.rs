use super::neutral::Feature;
use super::shapley::{estimate, few_sets};
use super::tokens::UNKNOWN;
use super::window::{Stroke, WINDOW};
use super::{Model, ModelError, Template};
use std::collections::HashMap;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::{Attribution, Evidence, Modality, Quality};
use zeroize::Zeroize;

impl Model {
    /// What a window of 20 to 50 keystrokes says about whether the template's person typed it, without attribution. The
    /// quality is [`quality`].
    ///
    /// # Errors
    /// When the window is too short, too long or out of order, another model made the template, or the network fails.
    pub fn evidence(&self, template: &Template, window: &[Keystroke]) -> Result<Evidence, ModelError> {
        let score = self.score(template, &self.embed(&[window])?[0])?;
        let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        let quality = quality(&strokes);
        strokes.zeroize();
        Ok(Evidence::new(Modality::Keystroke, self.llr_nats(score, window.len()), quality?, Vec::new())?)
    }

    /// [`Model::evidence`] with its attribution, at the cost of about 20 windows more.
    ///
    /// # Errors
    /// As [`Model::evidence`].
    pub fn attributed_evidence(&self, template: &Template, window: &[Keystroke]) -> Result<Evidence, ModelError> {
        self.attribute(template, window, self.evidence(template, window)?)
    }

    /// What [`Model::evidence`] said of this window, with its attribution.
    ///
    /// The ratio is shared among the [`Feature`]s that occur in the window by their Shapley values, [estimated]: a set of
    /// features is worth the ratio of the same window with all other features as people's on the whole, the empty set
    /// nothing. The shares sum to the ratio.
    ///
    /// # Errors
    /// As [`Model::evidence`].
    ///
    /// [estimated]: super::shapley::estimate
    pub fn attribute(
        &self,
        template: &Template,
        window: &[Keystroke],
        evidence: Evidence,
    ) -> Result<Evidence, ModelError> {
        let game = Game::new(self, template, window);
        let players = game.features().len();
        let sets = few_sets(players);
        let worth: HashMap<usize, f64> = sets.iter().copied().zip(game.worth(&sets)?).collect();
        let shares = estimate(players, |set| worth.get(&set).copied().unwrap_or(evidence.llr_nats));
        let named = game.features().iter().zip(shares);
        let attribution = named.map(|(f, nats)| Attribution { feature: f.name().to_owned(), nats }).collect();
        Ok(Evidence::new(evidence.modality, evidence.llr_nats, evidence.quality, attribution)?)
    }
}

/// A window's features as players of a game: what is a set of them worth?
pub struct Game<'a> {
    model: &'a Model,
    template: &'a Template,
    strokes: Vec<Stroke>,
    features: Vec<Feature>,
}

impl<'a> Game<'a> {
    /// The game of a window's features against a template.
    pub fn new(model: &'a Model, template: &'a Template, window: &[Keystroke]) -> Self {
        let strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        let features = features_in(&strokes);
        Self { model, template, strokes, features }
    }

    /// The players: the features that occur in the window.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The set of all features.
    pub fn whole(&self) -> usize {
        (1 << self.features.len()) - 1
    }

    /// What sets of features are worth, in nats; each not empty, a feature a bit in the order of [`Game::features`].
    ///
    /// # Errors
    /// As [`Model::evidence`].
    pub fn worth(&self, sets: &[usize]) -> Result<Vec<f64>, ModelError> {
        let mut inputs = Vec::with_capacity(sets.len());
        for set in sets {
            let members = self.features.iter().enumerate().filter(|(i, _)| set & (1 << i) != 0);
            let kept: Vec<Feature> = members.map(|(_, f)| *f).collect();
            let mut replaced = self.model.card().neutral.keep(&self.strokes, &kept);
            inputs.push(self.model.features(if *set == self.whole() { &self.strokes } else { &replaced }));
            replaced.zeroize();
        }
        let embeddings = self.model.embed_features(&inputs.into_iter().collect::<Result<Vec<_>, _>>()?)?;
        let nats = |e| Ok(self.model.llr_nats(self.model.score(self.template, e)?, self.strokes.len()));
        embeddings.iter().map(nats).collect()
    }
}

impl Drop for Game<'_> {
    fn drop(&mut self) {
        self.strokes.zeroize();
    }
}

/// `keys / 50 · (1 − unknown) · max(0, 1 − 2 · implausible)`: how full the window is, which share of its keys is in no
/// table, and which share of its times no hand makes: held under 10 ms or over 1.5 s, or pressed within 1 ms of the
/// key before.
pub fn quality(strokes: &[Stroke]) -> Result<Quality, ModelError> {
    let n = strokes.len().max(1) as f64;
    let unknown = strokes.iter().filter(|s| s.token == UNKNOWN).count() as f64 / n;
    let odd_hold = |s: &Stroke| !(10_000..=1_500_000).contains(&(s.released_us - s.pressed_us));
    let odd_holds = strokes.iter().filter(|s| odd_hold(s)).count();
    let odd_gaps = strokes.windows(2).filter(|w| w[1].pressed_us - w[0].pressed_us < 1_000).count();
    let implausible = (odd_holds + odd_gaps) as f64 / n;
    let full = (n / WINDOW as f64).min(1.0);
    Ok(Quality::new(full * (1.0 - unknown) * (1.0 - 2.0 * implausible).max(0.0))?)
}

fn features_in(strokes: &[Stroke]) -> Vec<Feature> {
    let holds = strokes.iter().map(Feature::of_hold);
    let gaps = strokes.windows(2).map(|w| Feature::of_gap(&w[0], &w[1]));
    let speed = (strokes.len() > 1).then_some(Feature::Speed);
    let found: Vec<Feature> = holds.chain(gaps).chain(speed).collect();
    Feature::ALL.into_iter().filter(|f| found.contains(f)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_no_hand_presses_lowers_the_quality() {
        let fine: Vec<Stroke> =
            (0..50).map(|i| Stroke { token: 21, pressed_us: i * 150_000, released_us: i * 150_000 + 90_000 }).collect();
        assert_eq!(quality(&fine).unwrap(), Quality::FULL);
        assert_eq!(quality(&fine[..25]).unwrap().value(), 0.5);
        let mut odd = fine.clone();
        odd[7].released_us = odd[7].pressed_us + 1_000;
        odd[9].token = UNKNOWN;
        assert!((quality(&odd).unwrap().value() - 0.98 * 0.96).abs() < 1e-9);
    }
}
