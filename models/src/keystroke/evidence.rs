use super::neutral::Feature;
use super::tokens::UNKNOWN;
use super::window::{Stroke, WINDOW};
use super::{Model, ModelError, Template};
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

    /// [`Model::evidence`] with its attribution, at the cost of up to 15 windows.
    ///
    /// The ratio is shared among the [`Feature`]s that occur in the window by their Shapley values: a set of features is
    /// worth the ratio of the same window with all other features at the median of people, the empty set nothing.
    ///
    /// # Errors
    /// As [`Model::evidence`].
    pub fn attributed_evidence(&self, template: &Template, window: &[Keystroke]) -> Result<Evidence, ModelError> {
        let mut strokes: Vec<Stroke> = window.iter().map(Stroke::from).collect();
        let evidence = self.explain(template, &strokes);
        strokes.zeroize();
        evidence
    }

    fn explain(&self, template: &Template, strokes: &[Stroke]) -> Result<Evidence, ModelError> {
        let present = features_in(strokes);
        let sets: usize = 1 << present.len();
        let mut inputs = Vec::with_capacity(sets - 1);
        for set in 1..sets - 1 {
            let kept: Vec<Feature> = members(set, present.len()).map(|i| present[i]).collect();
            let mut replaced = self.card().neutral.keep(strokes, &kept);
            inputs.push(self.features(&replaced));
            replaced.zeroize();
        }
        inputs.push(self.features(strokes));
        let embeddings = self.embed_features(&inputs.into_iter().collect::<Result<Vec<_>, _>>()?)?;
        let mut worth = vec![0.0];
        for embedding in &embeddings {
            worth.push(self.llr_nats(self.score(template, embedding)?, strokes.len()));
        }
        let shares = shapley(&worth, present.len());
        let attribution =
            present.iter().zip(shares).map(|(f, nats)| Attribution { feature: f.name().to_owned(), nats }).collect();
        Ok(Evidence::new(Modality::Keystroke, worth[sets - 1], quality(strokes)?, attribution)?)
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
    let found: Vec<Feature> = holds.chain(gaps).collect();
    Feature::ALL.into_iter().filter(|f| found.contains(f)).collect()
}

/// The players of a set.
pub(crate) fn members(set: usize, players: usize) -> impl Iterator<Item = usize> {
    (0..players).filter(move |i| set & (1 << i) != 0)
}

/// Exact Shapley values (Shapley 1953) of a game: `worth[set]` for every set of players, a player a bit.
pub(crate) fn shapley(worth: &[f64], players: usize) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    let mut shares = vec![0.0; players];
    for (player, share) in shares.iter_mut().enumerate() {
        for set in (0..worth.len()).filter(|s| s & (1 << player) == 0) {
            let size = members(set, players).count();
            let weight = factorial(size) * factorial(players - size - 1) / factorial(players);
            *share += weight * (worth[set | (1 << player)] - worth[set]);
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapley_values_of_a_known_game() {
        // Two players worth 1 and 3 alone and 10 together: the surplus of 6 is shared.
        assert_eq!(shapley(&[0.0, 1.0, 3.0, 10.0], 2), [4.0, 6.0]);
        assert_eq!(shapley(&[0.0, 5.0], 1), [5.0]);
    }

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
