use super::shape::Group;
use super::strokes::{Kind, Stroke};
use super::window::{Features, WINDOW};
use super::{Model, ModelError, Template};
use crate::keystroke::shapley::{all_sets, exact};
use stillyou_trust::{Attribution, Evidence, Modality, Quality};

impl Model {
    /// What a window of [`MIN_WINDOW`](super::MIN_WINDOW) to [`WINDOW`] strokes says about whether the template's person
    /// made it, without attribution. The quality is [`quality`].
    ///
    /// # Errors
    /// When the window is too short or too long, another model made the template, or the network fails.
    pub fn evidence(&self, template: &Template, window: &[Stroke]) -> Result<Evidence, ModelError> {
        let llr_nats = self.llrs(template, &[Features::of(window)?])?[0];
        Ok(Evidence::new(Modality::Pointer, llr_nats, quality(window)?, Vec::new())?)
    }

    /// [`Model::evidence`] with its attribution, at the cost of up to 31 windows.
    ///
    /// The ratio is shared among the groups of features that occur in the window by their Shapley values: a set of groups
    /// is worth the ratio of the same window with all other features unknown, the empty set nothing.
    ///
    /// # Errors
    /// As [`Model::evidence`].
    pub fn attributed_evidence(&self, template: &Template, window: &[Stroke]) -> Result<Evidence, ModelError> {
        let whole = Features::of(window)?;
        let present: Vec<Group> = Group::ALL.into_iter().filter(|g| whole.has(*g)).collect();
        if present.is_empty() {
            return self.evidence(template, window);
        }
        let members = |set: usize| present.iter().enumerate().filter(move |(i, _)| set & (1 << i) != 0);
        let of = |set| whole.keep(&members(set).map(|(_, g)| *g).collect::<Vec<_>>());
        let mut inputs: Vec<Features> = all_sets(present.len()).map(of).collect();
        inputs.push(whole);
        let mut worth = vec![0.0];
        worth.extend(self.llrs(template, &inputs)?);
        let shares = exact(present.len(), |set| worth[set]);
        let attribution =
            present.iter().zip(shares).map(|(g, nats)| Attribution { feature: g.name().to_owned(), nats }).collect();
        Ok(Evidence::new(Modality::Pointer, worth[inputs.len()], quality(window)?, attribution)?)
    }

    fn llrs(&self, template: &Template, windows: &[Features]) -> Result<Vec<f64>, ModelError> {
        let embeddings = self.embed_features(windows)?;
        let llr = |(probe, window): (_, &Features)| Ok(self.llr_nats(self.score(template, probe)?, window.strokes()));
        embeddings.iter().zip(windows).map(llr).collect()
    }
}

/// `strokes / 40 · movements / strokes`: how full the window is, and which share of its strokes is more than a click alone
/// or a run of the wheel.
///
/// # Errors
/// Never; the type of the result asks for it.
pub fn quality(window: &[Stroke]) -> Result<Quality, ModelError> {
    let moved = window.iter().filter(|s| matches!(s.kind(), Kind::Move | Kind::Click | Kind::Drag)).count();
    Ok(Quality::new((moved as f64 / WINDOW as f64).min(1.0))?)
}
