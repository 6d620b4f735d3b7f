use super::calibration::Calibration;
use super::card::Card;
use super::cohort::{Cohort, Cohorts};
use super::embedding::{Embedding, dot};
use super::network::{Batch, Network};
use super::pack::{ModelVersion, Pack, PackError, PackSource, seen_hash};
use super::template::{Template, centre};
use super::tokens::KeyDetail;
use super::window::{Features, Stroke};
use super::{ModelError, TemplateError};
use burn::store::{BurnpackStore, FloatCastAdapter, ModuleSnapshot};
use burn::tensor::{Bytes, DType, Device};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use stillyou_sense::keyboard::Keystroke;

/// What computes the network. Outputs agree to about 1e-6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compute {
    /// burn's `flex` backend: the fast one.
    Flex,
    /// burn's deprecated `ndarray` backend, to compare with.
    #[cfg(feature = "ndarray")]
    Ndarray,
}

/// A trained network with its calibration: keystrokes in, embeddings, scores and evidence out.
pub struct Model {
    device: Device,
    network: Network,
    card: Card,
    cohorts: Cohorts,
    /// As loaded.
    pack: ModelVersion,
    version: ModelVersion,
    seen: HashSet<[u8; 8]>,
    detail: KeyDetail,
}

impl Model {
    /// Loads a pack, once its hashes hold, onto the `flex` backend.
    ///
    /// # Errors
    /// When a file is missing, changed, damaged or not understood.
    pub fn load(source: &PackSource) -> Result<Self, PackError> {
        Self::load_on(source, Compute::Flex)
    }

    /// Loads a pack onto a backend of choice.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn load_on(source: &PackSource, compute: Compute) -> Result<Self, PackError> {
        let device = match compute {
            Compute::Flex => Device::flex(),
            #[cfg(feature = "ndarray")]
            #[allow(deprecated, reason = "to compare with")]
            Compute::Ndarray => Device::ndarray(),
        };
        let Pack { card, cohorts, version, weights, seen } = Pack::open(source)?;
        let mut network = Network::new(&card.architecture, &device);
        load_weights(&mut network, weights).map_err(|problem| PackError::Content {
            pack: source.to_string(),
            file: "weights.bpk",
            problem,
        })?;
        Ok(Self { device, network, card, cohorts, pack: version.clone(), version, seen, detail: KeyDetail::Keys })
    }

    /// The same model, shown only so much of the keys; loaded, it is shown them all. Templates of one detail don't fit
    /// another.
    #[must_use]
    pub fn showing(self, detail: KeyDetail) -> Self {
        let version = self.pack.showing(detail);
        Self { detail, version, ..self }
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

    /// The embeddings of windows of [`MIN_WINDOW`](super::MIN_WINDOW) to [`WINDOW`](super::WINDOW) keystrokes, each in
    /// the order of pressing. Which were injected is not looked at.
    ///
    /// # Errors
    /// When a window is too short, too long or out of order; when the network fails.
    pub fn embed(&self, windows: &[&[Keystroke]]) -> Result<Vec<Embedding>, ModelError> {
        let features = windows.iter().map(|w| Features::of(w, self.detail)).collect::<Result<Vec<_>, _>>()?;
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
            for row in values.chunks(self.card.architecture.embedding) {
                all.push(Embedding::new(row.to_vec(), self.cohort())?);
            }
        }
        Ok(all)
    }

    /// Whether this model made `template`: another model's numbers mean something else.
    ///
    /// # Errors
    /// When another model made it.
    pub fn fits(&self, template: &Template) -> Result<(), TemplateError> {
        template.fits(&self.version, self.card.architecture.embedding)
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
        let cosine = dot(template.centre(), probe.values());
        Ok((template.crowd(self.cohort()).standard(cosine) + probe.crowd().standard(cosine)) / 2.0)
    }

    /// The log-likelihood ratio in nats of a score from a window of so many keystrokes: positive speaks for the genuine
    /// person. Not capped.
    pub fn llr_nats(&self, score: f64, keystrokes: usize) -> f64 {
        self.calibration().llr_nats(score, keystrokes)
    }

    /// From scores to log-likelihood ratios.
    pub fn calibration(&self) -> &Calibration {
        self.card.calibration.of(self.detail)
    }

    /// The network's input for strokes whose tokens are whole.
    ///
    /// # Errors
    /// As [`Features::of`].
    pub fn features(&self, strokes: &[Stroke]) -> Result<Features, ModelError> {
        Features::of_strokes(strokes, self.detail)
    }

    /// What several windows of one stretch of typing come to together: the direction of the mean of their embeddings.
    ///
    /// # Errors
    /// When there are none, or they cancel out.
    pub fn joined(&self, parts: &[Embedding]) -> Result<Embedding, ModelError> {
        let parts: Vec<&[f32]> = parts.iter().map(Embedding::values).collect();
        let centre = centre(&parts).ok_or(ModelError::NotFinite)?;
        Embedding::new(centre, self.cohort())
    }

    fn cohort(&self) -> &Cohort {
        self.cohorts.of(self.detail)
    }

    fn forward(&self, windows: &[Features]) -> Result<Vec<f32>, ModelError> {
        let output = self.network.forward(Batch::of(windows, &self.device));
        output.into_data().try_to_vec().map_err(|e| ModelError::Network(format!("{e:?}")))
    }
}

/// Fills a network with weights, all of them and no others.
pub(crate) fn load_weights<M: ModuleSnapshot>(network: &mut M, weights: Vec<u8>) -> Result<(), String> {
    let mut store = BurnpackStore::from_bytes(Some(Bytes::from_bytes_vec(weights)))
        .with_from_adapter(FloatCastAdapter::to(DType::F32));
    let loaded = catch_unwind(AssertUnwindSafe(|| network.load_from(&mut store)))
        .map_err(|_| "it can't be read as weights".to_owned())?
        .map_err(|e| e.to_string())?;
    if loaded.errors.is_empty() && loaded.missing.is_empty() && loaded.unused.is_empty() {
        Ok(())
    } else {
        Err(format!("it does not fit the card's architecture: {loaded}"))
    }
}

/// What the network gives, or how it panicked.
pub(crate) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked").to_owned()
    })
}

/// Windows computed at once: enough to be fast, few enough to stay in the cache.
const BATCH: usize = 8;
