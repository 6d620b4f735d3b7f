use serde::{Deserialize, Serialize};

/// What each part of a picture added to a log-likelihood ratio, in nats: positive speaks for the genuine person. Rows of the
/// aligned face from its top, cells from the left as the camera sees it.
///
/// Roughly: cells are those of a linear model around one picture, and sum to nothing in particular.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OcclusionMap(Box<[[f64; OcclusionMap::SIDE]; OcclusionMap::SIDE]>);

impl OcclusionMap {
    /// Cells of a row, and rows.
    pub const SIDE: usize = 12;

    /// A map of cells, row by row, rounded to a tenth of a nat; `None` where they are not [`OcclusionMap::SIDE`] squared finite
    /// numbers.
    pub fn new(cells: &[f64]) -> Option<Self> {
        let (rows, rest) = cells.as_chunks::<{ Self::SIDE }>();
        let rows: &[[f64; Self::SIDE]; Self::SIDE] = rows.try_into().ok()?;
        // Adding zero turns a negative zero into a plain one.
        let rounded = rows.map(|row| row.map(|nats| (10.0 * nats).round() / 10.0 + 0.0));
        (rest.is_empty() && rounded.as_flattened().iter().all(|nats| nats.is_finite())).then(|| Self(Box::new(rounded)))
    }

    /// The cells, row by row.
    pub fn cells(&self) -> &[f64] {
        self.0.as_flattened()
    }

    /// The rows.
    pub fn rows(&self) -> &[[f64; Self::SIDE]; Self::SIDE] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_has_twelve_rows_of_twelve_numbers_and_is_rounded() {
        let mut cells = vec![0.0; 144];
        cells[13] = -1.26;
        let map = OcclusionMap::new(&cells).unwrap();
        assert_eq!((map.rows()[1][1], map.cells()[13]), (-1.3, -1.3));
        let text = serde_json::to_string(&map).unwrap();
        assert_eq!(serde_json::from_str::<OcclusionMap>(&text).unwrap(), map);
        for wrong in [&cells[1..], &[0.0; 145], &[f64::NAN; 144], &[f64::INFINITY; 144]] {
            assert_eq!(OcclusionMap::new(wrong), None);
        }
        for wrong in ["[]", &text.replacen("[[", "[[1,", 1), &text.replacen("-1.3", "\"-1.3\"", 1)] {
            assert!(serde_json::from_str::<OcclusionMap>(wrong).is_err(), "{wrong}");
        }
    }
}
