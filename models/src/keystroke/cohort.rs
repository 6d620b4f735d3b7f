use super::embedding::dot;
use super::tokens::KeyDetail;

/// Templates of people trained on, to compare a score with: the same score means less for a window that is like many
/// people's.
///
/// As a file (little-endian): `SYKC`, format 1 and the number of values as 16-bit, of people as 32-bit integers, then
/// their unit vectors as 16-bit integers, 32767 for 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohort {
    size: usize,
    vectors: Vec<f32>,
}

/// One cohort for each [`KeyDetail`], of the same people: as a file, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohorts([Cohort; 3]);

impl Cohorts {
    /// Cohorts in the order of [`KeyDetail::ALL`].
    ///
    /// # Errors
    /// When they are not of one size.
    pub fn new(cohorts: [Cohort; 3]) -> Result<Self, String> {
        let first = cohorts[0].vectors.len();
        if cohorts.iter().all(|c| c.vectors.len() == first && c.size == cohorts[0].size) {
            Ok(Self(cohorts))
        } else {
            Err("its cohorts must be of the same people".to_owned())
        }
    }

    /// The one for a detail.
    pub fn of(&self, detail: KeyDetail) -> &Cohort {
        let [keys, movements, nothing] = &self.0;
        match detail {
            KeyDetail::Keys => keys,
            KeyDetail::Movements => movements,
            KeyDetail::Nothing => nothing,
        }
    }

    /// Reads a cohort file for embeddings of `size` values.
    ///
    /// # Errors
    /// What is wrong and what would be right, in words.
    pub fn from_bytes(bytes: &[u8], size: usize) -> Result<Self, String> {
        let part = bytes.len() / 3;
        if part == 0 || bytes.len() % 3 != 0 {
            return Err("it must be three cohorts of the same people".to_owned());
        }
        let read = |at: usize| Cohort::from_bytes(bytes.get(at * part..(at + 1) * part).unwrap_or_default(), size);
        Self::new([read(0)?, read(1)?, read(2)?])
    }

    /// The cohorts as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(Cohort::to_bytes).collect()
    }
}

/// Where the scores of one vector against its nearest people of the cohort lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Crowd {
    mean: f64,
    deviation: f64,
}

impl Cohort {
    /// A cohort of unit vectors of one length.
    ///
    /// # Errors
    /// When there are fewer than [`LEAST`], or one is not a unit vector of the first one's length.
    pub fn new(vectors: &[Vec<f32>]) -> Result<Self, String> {
        let size = vectors.first().map_or(0, Vec::len);
        let cohort = Self { size, vectors: vectors.concat() };
        if vectors.iter().any(|v| v.len() != size) {
            return Err("its vectors must be of one length".to_owned());
        }
        cohort.check()
    }

    /// Reads a cohort file for embeddings of `size` values.
    ///
    /// # Errors
    /// What is wrong and what would be right, in words.
    pub fn from_bytes(bytes: &[u8], size: usize) -> Result<Self, String> {
        let Some((head, body)) = bytes.split_first_chunk::<12>() else { return Err("it is cut short".to_owned()) };
        let mut expected = [0; 12];
        let people = body.len() / (2 * size.max(1));
        expected[..4].copy_from_slice(MAGIC);
        expected[4..6].copy_from_slice(&FORMAT.to_le_bytes());
        expected[6..8].copy_from_slice(&(size as u16).to_le_bytes());
        expected[8..].copy_from_slice(&(people as u32).to_le_bytes());
        if *head != expected || body.len() != people * 2 * size {
            return Err(format!("its head must be SYKC, format 1, {size} values and as many people as follow"));
        }
        let vectors = body.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / SCALE).collect();
        Self { size, vectors }.check()
    }

    /// The cohort as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&(self.size as u16).to_le_bytes());
        bytes.extend_from_slice(&((self.vectors.len() / self.size.max(1)) as u32).to_le_bytes());
        for value in &self.vectors {
            bytes.extend_from_slice(&((value * SCALE).round() as i16).to_le_bytes());
        }
        bytes
    }

    /// The scores of a unit vector against the [`NEAREST`] people most like it.
    pub(crate) fn crowd(&self, vector: &[f32]) -> Crowd {
        let mut scores: Vec<f64> = self.vectors.chunks_exact(self.size).map(|c| dot(c, vector)).collect();
        let nearest = NEAREST.min(scores.len());
        if nearest < scores.len() {
            scores.select_nth_unstable_by(nearest, |a, b| b.total_cmp(a));
        }
        scores.truncate(nearest);
        let n = nearest.max(1) as f64;
        let mean = scores.iter().sum::<f64>() / n;
        let variance = scores.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / n;
        Crowd { mean, deviation: variance.sqrt().max(1e-3) }
    }

    fn check(self) -> Result<Self, String> {
        let people = self.vectors.len() / self.size.max(1);
        let unit = |v: &[f32]| (dot(v, v) - 1.0).abs() < 0.01;
        if people >= LEAST && self.vectors.chunks_exact(self.size).all(unit) {
            Ok(self)
        } else {
            Err(format!("it must hold at least {LEAST} unit vectors"))
        }
    }
}

impl Crowd {
    /// A score in deviations from the crowd's mean.
    pub(crate) fn standard(&self, score: f64) -> f64 {
        (score - self.mean) / self.deviation
    }
}

/// The fewest people a cohort may have.
pub const LEAST: usize = 20;
/// How many of them a vector is compared with.
const NEAREST: usize = 50;
const MAGIC: &[u8; 4] = b"SYKC";
const FORMAT: u16 = 1;
const SCALE: f32 = 32767.0;
