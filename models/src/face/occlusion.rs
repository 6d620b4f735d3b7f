//! Which parts of a face speak for a person and which against: LIME (Ribeiro, Singh and Guestrin 2016) over a grid of the
//! aligned face, by the same network that compared it.

mod masks;
mod ridge;

pub use masks::Mask;

use super::{Model, ModelError, Template};
use masks::masks;
use ridge::ridge;
use stillyou_trust::OcclusionMap;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A face as an embedder is shown it. Biometric data: wiped from memory when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct AlignedFace {
    /// As the network takes them: its mean colour is 0.
    values: Vec<f32>,
    size: usize,
}

/// How a map is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Masks {
    /// Covered pictures that the network is shown.
    pub count: usize,
    /// Draws them.
    pub seed: u64,
}

/// Covered pictures that the network is shown at once.
const AT_ONCE: usize = 4;

impl AlignedFace {
    pub(super) fn new(values: Vec<f32>, size: usize) -> Self {
        Self { values, size }
    }

    pub(super) fn values(&self) -> &[f32] {
        &self.values
    }

    /// The face with cells covered by the mean colour, behind what is in `to`.
    fn covered(&self, mask: &Mask, to: &mut Vec<f32>) {
        let (start, side) = (to.len(), OcclusionMap::SIDE);
        to.extend_from_slice(&self.values);
        for (y, row) in to[start..].chunks_exact_mut(3 * self.size).enumerate() {
            for (x, pixel) in row.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                if mask.covers(y * side / self.size * side + x * side / self.size) {
                    *pixel = [0.0; 3];
                }
            }
        }
    }
}

impl Model {
    /// What each part of a face adds to its evidence: a weighted ridge regression of the log-likelihood ratio on which
    /// cells are shown, over seeded masks, near ones counting for more. `go_on` is asked before every few pictures.
    ///
    /// It costs a picture's embedding (without the mirror image) for each mask.
    ///
    /// # Errors
    /// When another model made the template, or the network fails. `None` when `go_on` said no, or there are no masks.
    pub fn occlusion(
        &self,
        template: &Template,
        face: &AlignedFace,
        how: Masks,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<OcclusionMap>, ModelError> {
        let masks = masks(how.count, how.seed);
        let mut llrs = Vec::with_capacity(masks.len());
        for some in masks.chunks(AT_ONCE) {
            if !go_on() {
                return Ok(None);
            }
            llrs.extend(self.llrs_when_covered(template, face, some)?);
        }
        Ok(ridge(&masks, &llrs).and_then(|cells| OcclusionMap::new(&cells)))
    }

    /// The log-likelihood ratios in nats of a face with cells covered, without its mirror image.
    ///
    /// # Errors
    /// When another model made the template, or the network fails.
    pub fn llrs_when_covered(
        &self,
        template: &Template,
        face: &AlignedFace,
        masks: &[Mask],
    ) -> Result<Vec<f64>, ModelError> {
        let mut values = Vec::with_capacity(masks.len() * face.values.len());
        masks.iter().for_each(|mask| face.covered(mask, &mut values));
        let embedded = self.embed_each(&values);
        values.zeroize();
        let llr = |e| Ok(self.calibration().llr_nats(self.similarity(template, &e)?));
        embedded?.into_iter().map(llr).collect()
    }
}

/// A part of an aligned face, whatever the embedder: all alignments bring eyes and nose to about the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// Above the brows.
    Forehead,
    /// Eyes and brows.
    Eyes,
    /// Nose and cheeks.
    Nose,
    /// Mouth and chin.
    Mouth,
}

impl Region {
    /// Every part, from the top.
    pub const ALL: [Region; 4] = [Region::Forehead, Region::Eyes, Region::Nose, Region::Mouth];

    /// What a person is told.
    pub fn words(self) -> &'static str {
        match self {
            Region::Forehead => "forehead and hair",
            Region::Eyes => "eyes and brows",
            Region::Nose => "nose and cheeks",
            Region::Mouth => "mouth and chin",
        }
    }

    fn rows(self) -> std::ops::Range<usize> {
        match self {
            Region::Forehead => 0..2,
            Region::Eyes => 2..5,
            Region::Nose => 5..8,
            Region::Mouth => 8..OcclusionMap::SIDE,
        }
    }
}

/// A map summed over the parts of the face, from the top: nats, positive for the person.
pub fn by_region(map: &OcclusionMap) -> [(Region, f64); 4] {
    Region::ALL.map(|region| (region, map.rows()[region.rows()].as_flattened().iter().sum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_face_share_its_rows() {
        let cells: Vec<f64> = (0..144).map(|at| if at / 12 == 3 { -1.0 } else { 0.1 }).collect();
        let sums = by_region(&OcclusionMap::new(&cells).unwrap());
        let all: f64 = sums.iter().map(|(_, nats)| nats).sum();
        assert!((all - cells.iter().sum::<f64>()).abs() < 1e-9);
        let least = sums.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(least.0, Region::Eyes);
    }

    #[test]
    fn covered_cells_are_the_mean_colour_and_no_others() {
        let face = AlignedFace::new(vec![1.0; 3 * 24 * 24], 24);
        let mut values = vec![7.0];
        face.covered(&Mask::of(&[0, 143]), &mut values);
        let grey: Vec<usize> = (1..values.len()).filter(|at| values[*at] == 0.0).map(|at| (at - 1) / 3).collect();
        let mut pixels = grey.clone();
        pixels.dedup();
        assert_eq!(pixels, [0, 1, 24, 25, 22 * 24 + 22, 22 * 24 + 23, 23 * 24 + 22, 23 * 24 + 23]);
        assert_eq!((values[0], grey.len()), (7.0, 24));
    }
}
