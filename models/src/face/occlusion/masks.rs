use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use stillyou_trust::OcclusionMap;

/// Which cells of a face are covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask([bool; CELLS]);

pub(super) const CELLS: usize = OcclusionMap::SIDE * OcclusionMap::SIDE;

/// Squares that cover a face, at most, and their sides in cells: single cells hardly move a network's answer.
const SQUARES: usize = 6;
const SIDES: std::ops::RangeInclusive<i32> = 2..=3;

impl Mask {
    /// The one that covers these cells, counted row by row.
    pub fn of(cells: &[usize]) -> Self {
        let mut covered = [false; CELLS];
        cells.iter().for_each(|at| covered[*at] = true);
        Self(covered)
    }

    /// Whether a cell is covered.
    pub fn covers(&self, cell: usize) -> bool {
        self.0[cell]
    }

    /// The share of cells that are shown.
    pub(super) fn shown(&self) -> f64 {
        self.0.iter().filter(|covered| !**covered).count() as f64 / CELLS as f64
    }
}

/// Masks of squares at random places, and first the one that covers nothing.
pub(super) fn masks(count: usize, seed: u64) -> Vec<Mask> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let drawn = (1..count).map(|_| {
        let mut covered = [false; CELLS];
        for _ in 0..rng.random_range(1..=SQUARES) {
            let (side, whole) = (rng.random_range(SIDES), OcclusionMap::SIDE as i32);
            // Beyond the edges too, so that the cells at them are covered as often as others.
            let [top, left] = [(); 2].map(|()| rng.random_range(1 - side..whole));
            let within = |from: i32| from.max(0)..(from + side).min(whole);
            for (y, x) in within(top).flat_map(|y| within(left).map(move |x| (y, x))) {
                covered[(y * whole + x) as usize] = true;
            }
        }
        Mask(covered)
    });
    std::iter::once(Mask([false; CELLS])).take(count).chain(drawn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_follow_their_seed_and_cover_every_cell_about_as_often() {
        assert_eq!(masks(50, 1), masks(50, 1));
        assert_ne!(masks(50, 1), masks(50, 2));
        assert_eq!(masks(1, 3), [Mask::of(&[])]);
        assert!(masks(0, 3).is_empty());
        let many = masks(4000, 4);
        let often = |cell: usize| many.iter().filter(|mask| mask.covers(cell)).count() as f64 / many.len() as f64;
        let shares: Vec<f64> = (0..CELLS).map(often).collect();
        let (least, most) = (shares.iter().copied().fold(1.0, f64::min), shares.iter().copied().fold(0.0, f64::max));
        assert!(least > 0.8 * most && least > 0.05, "{least} to {most}");
    }
}
