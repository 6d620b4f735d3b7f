use super::calibration::Calibration;
use super::card::Card;
use super::network::{Batch, Network};
use super::pack::{Pack, PackSource};
use super::strokes::Stroke;
use super::window::Features;
use super::{ModelError, Template};
use crate::keystroke::embedding::dot;
use crate::keystroke::model::{caught, load_weights};
use crate::keystroke::{Cohort, Embedding, ModelVersion, PackError, TemplateError, seen_hash};
use burn::tensor::Device;
use std::collections::HashSet;

/// A trained network with its calibration: strokes in, embeddings, scores and evidence out.
pub struct Model {
    device: Device,
    network: Network,
    card: Card,
    cohort: Cohort,
    version: ModelVersion,
    seen: HashSet<[u8; 8]>,
}

impl Model {
    /// Loads a pack, once its hashes hold, onto burn's `flex` backend.
    ///
    /// # Errors
    /// When a file is missing, changed, damaged or not understood.
    pub fn load(source: &PackSource) -> Result<Self, PackError> {
        let Pack { card, cohort, version, weights, seen } = Pack::open(source)?;
        let device = Device::flex();
        let mut network = Network::new(&card.architecture, &device);
        load_weights(&mut network, weights).map_err(|problem| PackError::Content {
            pack: source.to_string(),
            file: "weights.bpk",
            problem,
        })?;
        Ok(Self { device, network, card, cohort, version, seen })
    }

    /// Which model this is: part of every template and record.
    pub fn version(&self) -> &ModelVersion {
        &self.version
    }

    /// The pack's card.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// Whether the network was trained or calibrated on a subject.
    pub fn has_seen(&self, set: &str, subject: &str) -> bool {
        self.seen.contains(&seen_hash(&self.card.training.seen_salt, set, subject))
    }

    /// The embeddings of windows of [`MIN_WINDOW`](super::MIN_WINDOW) to [`WINDOW`](super::WINDOW) strokes.
    ///
    /// # Errors
    /// When a window is too short or too long; when the network fails.
    pub fn embed(&self, windows: &[&[Stroke]]) -> Result<Vec<Embedding>, ModelError> {
        let features = windows.iter().map(|w| Features::of(w)).collect::<Result<Vec<_>, _>>()?;
        self.embed_features(&features)
    }

    /// As [`Model::embed`], from features.
    ///
    /// # Errors
    /// When the network fails.
    pub fn embed_features(&self, windows: &[Features]) -> Result<Vec<Embedding>, ModelError> {
        let mut all = Vec::with_capacity(windows.len());
        for some in windows.chunks(BATCH) {
            let values = caught(|| self.forward(some)).map_err(ModelError::Network)??;
            for row in values.chunks(self.card.architecture.embedding()) {
                let embedding = Embedding::new(row.to_vec(), &self.cohort);
                all.push(embedding.map_err(|e| ModelError::Network(e.to_string()))?);
            }
        }
        Ok(all)
    }

    /// Whether this model made `template`: another model's numbers mean something else.
    ///
    /// # Errors
    /// When another model made it.
    pub fn fits(&self, template: &Template) -> Result<(), TemplateError> {
        template.whole().fits(&self.version, self.card.architecture.embedding())
    }

    /// How alike a window and a template are, higher is more genuine; about −3 to 5.
    ///
    /// The cosine of the window's embedding and the template in deviations from what each of the two scores against the
    /// people of the pack's cohort nearest to it, averaged (adaptive symmetric normalisation, Cumani et al. 2011).
    ///
    /// # Errors
    /// When another model made the template.
    pub fn score(&self, template: &Template, probe: &Embedding) -> Result<f64, TemplateError> {
        self.fits(template)?;
        let cosine = dot(template.whole().centre(), probe.values());
        Ok((template.whole().crowd(&self.cohort).standard(cosine) + probe.crowd().standard(cosine)) / 2.0)
    }

    /// The log-likelihood ratio in nats of a score from a window of so many strokes: positive speaks for the genuine
    /// person. Not capped.
    pub fn llr_nats(&self, score: f64, strokes: usize) -> f64 {
        self.calibration().llr_nats(score, strokes)
    }

    /// From scores to log-likelihood ratios.
    pub fn calibration(&self) -> &Calibration {
        &self.card.calibration
    }

    fn forward(&self, windows: &[Features]) -> Result<Vec<f32>, ModelError> {
        let output = self.network.forward(Batch::of(windows, &self.device));
        output.into_data().try_to_vec().map_err(|e| ModelError::Network(format!("{e:?}")))
    }
}

/// Windows computed at once.
const BATCH: usize = 32;
