use super::appraisal::Appraisal;
use super::card::{Card, Role};
use super::chip::Chip;
use super::detector::{Detector, Found};
use super::mesh::{Mesh, Mesher};
use super::net::Workspace;
use super::occlusion::AlignedFace;
use super::pack::{Pack, PackSource};
use super::prepare::prepare;
use super::warp::{Outside, cut, mirrored};
use super::{Calibration, Embedding, Flaw, Frame, ModelError, ModelVersion, Template};
use crate::keystroke::embedding::dot;
use crate::keystroke::model::caught;
use crate::keystroke::template::centre;
use crate::keystroke::{PackError, TemplateError};
use std::sync::{Mutex, PoisonError};
use stillyou_trust::{Evidence, Modality};
use zeroize::Zeroize;

/// Detector, mesh and embedder with its calibration: pictures in, embeddings, similarities and evidence out.
pub struct Model {
    detector: Detector,
    mesher: Mesher,
    embedder: Pack,
    chip: Chip,
    calibration: Calibration,
    mirror: bool,
    version: ModelVersion,
    work: Mutex<Workspace>,
}

/// What a picture shows.
#[derive(Clone, Debug)]
pub struct Look {
    /// All faces, the largest first.
    pub faces: Vec<Found>,
    /// The largest face, or why nothing can be said of it.
    pub face: Result<Seen, Unseen>,
}

/// A face that can be compared.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its points.
    pub mesh: Mesh,
    /// How good the picture is.
    pub appraisal: Appraisal,
    /// Whose it is.
    pub embedding: Embedding,
}

/// Why a picture says nothing about whose face it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Unseen {
    /// There is no face.
    NoFace,
    /// There is one, too poor to say anything.
    Poor {
        /// Its points.
        mesh: Mesh,
        /// How good the picture is.
        appraisal: Appraisal,
        /// What is worst about it.
        flaw: Flaw,
    },
}

impl Model {
    /// Loads the built-in detector and mesh, and an embedder, once their hashes hold.
    ///
    /// # Errors
    /// When a file is missing, changed, damaged or not understood.
    pub fn load(embedder: &PackSource) -> Result<Self, PackError> {
        let (detector, mesher) = (Detector::load(&PackSource::Detector)?, Mesher::load(&PackSource::Mesh)?);
        let pack = Pack::load(embedder)?;
        let Role::Embedder { chip, calibration, .. } = pack.card.role else {
            return Err(pack.other_role(embedder, "embedder"));
        };
        let length = pack.net.outputs().next().map_or(0, |shape| shape[2]);
        pack.must_answer(embedder, &[[1, 1, length.clamp(32, 1024)]])?;
        let parts = [detector.version(), mesher.version(), &pack.version].map(|v| v.hash().as_slice());
        let version = ModelVersion::of(pack.version.name(), &parts);
        let work = Mutex::default();
        Ok(Self { detector, mesher, embedder: pack, chip, calibration, mirror: true, version, work })
    }

    /// The same networks used plainly, to compare with: ArcFace's alignment whatever the embedder, no mirror image. It is
    /// another version, and not calibrated.
    #[must_use]
    pub fn stock(self) -> Self {
        self.plainer(Chip::Arcface)
    }

    /// The same without the mirror image, to compare with. It is another version, and not calibrated.
    #[must_use]
    pub fn without_mirror(self) -> Self {
        let chip = self.chip;
        self.plainer(chip)
    }

    /// Whether faces are brought before the embedder as its calibration was fitted: with the pack's alignment, and with the
    /// mirror image.
    pub fn is_calibrated(&self) -> bool {
        let own = matches!(self.embedder.card.role, Role::Embedder { chip, .. } if chip == self.chip);
        own && self.mirror
    }

    /// How faces are aligned, and whether their mirror image counts too.
    pub fn preparation(&self) -> (Chip, bool) {
        (self.chip, self.mirror)
    }

    fn plainer(self, chip: Chip) -> Self {
        let version = ModelVersion::of(self.version.name(), &[self.version.hash(), format!("{chip:?}").as_bytes()]);
        Self { chip, mirror: false, version, ..self }
    }

    /// Which model this is: part of every template and record.
    pub fn version(&self) -> &ModelVersion {
        &self.version
    }

    /// The embedder's card.
    pub fn card(&self) -> &Card {
        &self.embedder.card
    }

    /// From similarities to log-likelihood ratios.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// All that a picture shows; every step of it is there by itself as well.
    ///
    /// # Errors
    /// When a network fails.
    pub fn look(&self, frame: &Frame) -> Result<Look, ModelError> {
        let faces = self.find(frame)?;
        let mesh = match faces.first() {
            Some(face) => self.mesh(frame, face)?,
            None => None,
        };
        let Some(mesh) = mesh else { return Ok(Look { faces, face: Err(Unseen::NoFace) }) };
        let appraisal = Appraisal::of(frame, &mesh)?;
        let face = match appraisal.flaw() {
            Some(flaw) => Err(Unseen::Poor { mesh, appraisal, flaw }),
            None => Ok(Seen { embedding: self.embed(frame, &mesh)?, mesh, appraisal }),
        };
        Ok(Look { faces, face })
    }

    /// The faces of a picture, the largest first.
    ///
    /// # Errors
    /// When the network fails.
    pub fn find(&self, frame: &Frame) -> Result<Vec<Found>, ModelError> {
        self.with_workspace(|work| self.detector.find(frame, work))
    }

    /// The points of a face; `None` when there is none after all.
    ///
    /// # Errors
    /// When the network fails.
    pub fn mesh(&self, frame: &Frame, face: &Found) -> Result<Option<Mesh>, ModelError> {
        self.with_workspace(|work| self.mesher.mesh(frame, face, work))
    }

    /// Whose face it is: the direction of the mean of what the network says of the face and of its mirror image.
    ///
    /// # Errors
    /// When the mesh is one point or the network fails.
    pub fn embed(&self, frame: &Frame, mesh: &Mesh) -> Result<Embedding, ModelError> {
        self.embed_aligned(&self.align(frame, mesh)?)
    }

    /// A face as the embedder is shown it.
    ///
    /// # Errors
    /// When the mesh is one point.
    pub fn align(&self, frame: &Frame, mesh: &Mesh) -> Result<AlignedFace, ModelError> {
        let input = self.embedder.card.input;
        let place = self.chip.place(mesh, input.size).ok_or(ModelError::Poor(Flaw::Covered))?;
        let mut values = Vec::new();
        cut(frame, &place, input.size, Outside::Black, &mut values);
        prepare(&input, &mut values);
        Ok(AlignedFace::new(values, input.size))
    }

    /// Whose face it is, as [`Model::embed`].
    ///
    /// # Errors
    /// When the network fails.
    pub fn embed_aligned(&self, face: &AlignedFace) -> Result<Embedding, ModelError> {
        let mut values = face.values().to_vec();
        if self.mirror {
            values.extend(mirrored(face.values(), self.embedder.card.input.size));
        }
        let output = self.embedder_output(&values);
        values.zeroize();
        let (output, length) = output?;
        let batch = 1 + usize::from(self.mirror);
        let sum = (0..length).map(|i| output.iter().skip(i).step_by(length).sum::<f32>() / batch as f32);
        Embedding::new(sum.collect())
    }

    /// Embeddings of pictures as the network takes them, one behind the other, each by itself.
    pub(super) fn embed_each(&self, values: &[f32]) -> Result<Vec<Embedding>, ModelError> {
        let (output, length) = self.embedder_output(values)?;
        output.chunks_exact(length).map(|one| Embedding::new(one.to_vec())).collect()
    }

    /// What the embedder says of pictures, and how many values are of each.
    fn embedder_output(&self, values: &[f32]) -> Result<(Vec<f32>, usize), ModelError> {
        let net = &self.embedder.net;
        let mut outputs = self.with_workspace(|work| net.run(work, values).map_err(ModelError::Network))?;
        let length = net.outputs().next().map_or(1, |shape| shape[2]);
        Ok((outputs.swap_remove(0), length))
    }

    /// What several pictures come to together: the direction of the mean of their embeddings.
    ///
    /// # Errors
    /// When there are none, or they cancel out.
    pub fn joined(&self, parts: &[Embedding]) -> Result<Embedding, ModelError> {
        let parts: Vec<&[f32]> = parts.iter().map(Embedding::values).collect();
        Embedding::new(centre(&parts).ok_or(TemplateError::Empty)?)
    }

    /// Whether this model made `template`: another model's numbers mean something else.
    ///
    /// # Errors
    /// When another model made it.
    pub fn fits(&self, template: &Template) -> Result<(), TemplateError> {
        let length = self.embedder.net.outputs().next().map_or(0, |shape| shape[2]);
        template.whole().fits(&self.version, length)
    }

    /// How alike a face and a template are: the cosine of their angle.
    ///
    /// # Errors
    /// When another model made the template.
    pub fn similarity(&self, template: &Template, probe: &Embedding) -> Result<f64, TemplateError> {
        self.fits(template)?;
        Ok(dot(template.whole().centre(), probe.values()))
    }

    /// What a face says about whether it is the template's person's, its quality the picture's. Not capped.
    ///
    /// # Errors
    /// When another model made the template.
    pub fn evidence(&self, template: &Template, seen: &Seen) -> Result<Evidence, ModelError> {
        let llr_nats = self.calibration.llr_nats(self.similarity(template, &seen.embedding)?);
        Ok(Evidence::new(Modality::Face, llr_nats, seen.appraisal.quality(), Vec::new())?)
    }

    /// Runs networks, and wipes what they computed.
    fn with_workspace<T>(&self, run: impl FnOnce(&mut Workspace) -> Result<T, ModelError>) -> Result<T, ModelError> {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let result = caught(|| run(&mut work));
        work.wipe();
        result.map_err(ModelError::Network)?
    }
}
