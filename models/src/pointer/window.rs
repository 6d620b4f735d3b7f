use super::ModelError;
use super::shape::{Feature, Group};
use super::strokes::Stroke;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Strokes in a full window.
pub const WINDOW: usize = 40;

/// The fewest strokes a window may have.
pub const MIN_WINDOW: usize = 15;

/// The version of the features a network was trained on; part of every card.
pub const FEATURES: u32 = 1;

/// Values of one stroke.
pub const VALUES: usize = Feature::COUNT;

/// Statistics of a window: of each value mean, logarithm of the deviation, and the three quantiles of [`QUANTILES`].
pub const STATISTICS: usize = VALUES * PER_VALUE;

const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];
const PER_VALUE: usize = 2 + QUANTILES.len();

/// Fewer strokes than this have no statistics.
const FEWEST: usize = 3;

/// Where a value is missing.
const MISSING: f32 = f32::NAN;

/// The network's input for one window. Wiped from memory when dropped.
#[derive(Clone, Debug, Zeroize, ZeroizeOnDrop)]
pub struct Features {
    /// `WINDOW · VALUES`, stroke by stroke; not a number where a value is missing or the window is padded.
    pub(crate) strokes: Vec<f32>,
    /// [`STATISTICS`], value by value; not a number where there are none.
    pub(crate) statistics: Vec<f32>,
    /// Strokes that are there.
    pub(crate) len: usize,
}

impl Features {
    /// The features of [`MIN_WINDOW`] to [`WINDOW`] strokes.
    ///
    /// # Errors
    /// When there are more or fewer.
    pub fn of(window: &[Stroke]) -> Result<Self, ModelError> {
        if !(MIN_WINDOW..=WINDOW).contains(&window.len()) {
            return Err(ModelError::Length { strokes: window.len() });
        }
        let mut strokes = vec![MISSING; WINDOW * VALUES];
        for (row, stroke) in strokes.chunks_mut(VALUES).zip(window) {
            row.copy_from_slice(stroke.values());
        }
        let mut statistics = vec![MISSING; STATISTICS];
        let mut column = Vec::with_capacity(WINDOW);
        for (value, of_value) in statistics.chunks_mut(PER_VALUE).enumerate() {
            column.clear();
            column.extend(window.iter().filter_map(|s| s.values().get(value).filter(|v| v.is_finite()).copied()));
            summarise(&mut column, of_value);
        }
        column.zeroize();
        Ok(Self { strokes, statistics, len: window.len() })
    }

    /// How many strokes are there.
    pub fn strokes(&self) -> usize {
        self.len
    }

    /// The values of the strokes that are there; not a number where one is missing.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.strokes.chunks(VALUES).take(self.len)
    }

    /// The window's statistics; not a number where there are none.
    pub fn statistics(&self) -> &[f32] {
        &self.statistics
    }

    /// The same window with only these groups of features known.
    pub(crate) fn keep(&self, groups: &[Group]) -> Self {
        let mut kept = self.clone();
        let hidden = |value: usize| !groups.contains(&Feature::group(value));
        for row in kept.strokes.chunks_mut(VALUES) {
            row.iter_mut().enumerate().filter(|(value, _)| hidden(*value)).for_each(|(_, v)| *v = MISSING);
        }
        for (at, statistic) in kept.statistics.iter_mut().enumerate() {
            if hidden(at / PER_VALUE) {
                *statistic = MISSING;
            }
        }
        kept
    }

    /// Whether the window has any value of a group.
    pub(crate) fn has(&self, group: Group) -> bool {
        let mut known = self.statistics.iter().enumerate().filter(|(_, v)| v.is_finite());
        known.any(|(at, _)| Feature::group(at / PER_VALUE) == group)
    }
}

fn summarise(column: &mut [f32], to: &mut [f32]) {
    if column.len() < FEWEST {
        return;
    }
    column.sort_unstable_by(f32::total_cmp);
    let n = column.len() as f64;
    let mean = column.iter().map(|v| f64::from(*v)).sum::<f64>() / n;
    let variance = column.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / n;
    let quantile = |q: f64| {
        let place = q * (n - 1.0);
        let (low, high) = (column[place.floor() as usize], column[place.ceil() as usize]);
        f64::from(low) + place.fract() * f64::from(high - low)
    };
    let all =
        [mean, (variance.sqrt() + 0.02).ln(), quantile(QUANTILES[0]), quantile(QUANTILES[1]), quantile(QUANTILES[2])];
    to.iter_mut().zip(all).for_each(|(to, value)| *to = value as f32);
}
