use super::population::{centre_and_spread, same_text, typical_within};
use super::rhythm::kind;
use super::{FixedError, KINDS, MAX_KEYS, MIN_KEYS, Rhythm};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The fewest repetitions a template is made from.
pub const MIN_REPETITIONS: usize = 5;

/// The newest repetitions that a template keeps: people get faster, and the older ones no longer tell.
pub const KEPT: usize = 50;

/// What is kept of a person for one text: the times of their newest repetitions. Wiped from memory when dropped.
///
/// Its density is a kernel density for every time: a Student kernel with 2 degrees of freedom on every repetition.
#[derive(Clone, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Template {
    keys: usize,
    kept: Vec<Rhythm>,
    /// Of the kernels, for every time.
    width: Vec<f64>,
}

impl Template {
    /// The template of a person's repetitions of one text, oldest first; the newest [`KEPT`] are kept.
    ///
    /// # Errors
    /// When there are fewer than [`MIN_REPETITIONS`], or they are not of one text.
    pub fn enrol(repetitions: &[Rhythm]) -> Result<Self, FixedError> {
        let keys = repetitions.first().map_or(0, Rhythm::keys);
        same_text(repetitions, keys)?;
        if repetitions.len() < MIN_REPETITIONS {
            return Err(FixedError::TooFew { repetitions: repetitions.len() });
        }
        let kept = repetitions[repetitions.len().saturating_sub(KEPT)..].to_vec();
        let n = kept.len() as f64;
        let width = (0..3 * keys - 2)
            .map(|at| {
                let (_, spread) = centre_and_spread(&kept, at);
                let prior = typical_within(kind(at, keys));
                KERNEL * ((n * spread * spread + PRIOR * prior * prior) / (n + PRIOR)).sqrt()
            })
            .collect();
        Ok(Self { keys, kept, width })
    }

    /// The same person's template with one more repetition, which they have proved to be theirs by other means.
    ///
    /// # Errors
    /// When it is of another text.
    pub fn with(&self, repetition: &Rhythm) -> Result<Self, FixedError> {
        let mut all = self.kept.clone();
        all.push(repetition.clone());
        Self::enrol(&all)
    }

    /// How many keys the text has.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// How many repetitions are kept.
    pub fn repetitions(&self) -> usize {
        self.kept.len()
    }

    /// The template as bytes (little-endian): `SYPT`, format 1, the number of keys, the number of repetitions, their
    /// values as 32-bit floats. 12 bytes and 4 (3 keys − 2) a repetition.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + 4 * self.width.len() * self.kept.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        bytes.extend_from_slice(&(self.keys as u16).to_le_bytes());
        bytes.extend_from_slice(&(self.kept.len() as u32).to_le_bytes());
        for value in self.kept.iter().flat_map(Rhythm::values) {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes
    }

    /// Reads [`Template::to_bytes`].
    ///
    /// # Errors
    /// When the bytes are not a template down to the last one.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FixedError> {
        let mut rest = bytes;
        if take::<4>(&mut rest)? != *MAGIC {
            return Err(FixedError::Format("it does not begin with SYPT"));
        }
        if u16::from_le_bytes(take(&mut rest)?) != FORMAT {
            return Err(FixedError::Format("its format is not 1, the one this program reads"));
        }
        let keys = usize::from(u16::from_le_bytes(take(&mut rest)?));
        let kept = u32::from_le_bytes(take(&mut rest)?) as usize;
        if !(MIN_KEYS..=MAX_KEYS).contains(&keys) || !(MIN_REPETITIONS..=KEPT).contains(&kept) {
            return Err(FixedError::Format("its number of keys or of repetitions is out of range"));
        }
        let values = 3 * keys - 2;
        if rest.len() != 4 * values * kept {
            return Err(FixedError::Format("its length does not fit its number of values"));
        }
        let mut all = Vec::with_capacity(kept);
        for _ in 0..kept {
            let read = (0..values).map(|_| Ok(f32::from_le_bytes(take(&mut rest)?))).collect::<Result<Vec<_>, _>>()?;
            let rhythm = Rhythm::from_values(keys, read);
            if !rhythm.values().iter().all(|v| v.abs() <= 10.0) {
                return Err(FixedError::Format("a value is not a number from -10 to 10"));
            }
            all.push(rhythm);
        }
        Self::enrol(&all)
    }

    /// The log density of the times of a rhythm of the same text, as if they were independent, summed for each of
    /// [`KINDS`].
    pub fn log_density(&self, rhythm: &Rhythm) -> [f64; KINDS.len()] {
        let mut sums = [0.0; KINDS.len()];
        for (at, x) in rhythm.values().iter().enumerate() {
            let width = self.width[at];
            let kernel = |r: &Rhythm| {
                let z = f64::from(x - r.values()[at]) / width;
                let q = 1.0 + 0.5 * z * z;
                1.0 / (q * q.sqrt())
            };
            let density = self.kept.iter().map(kernel).sum::<f64>() / self.kept.len() as f64;
            sums[kind(at, self.keys) as usize] += STUDENT_2 - width.ln() + density.ln();
        }
        sums
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({} keys, {} repetitions, times hidden)", self.keys, self.kept.len())
    }
}

/// A kernel's width as a part of the spread.
const KERNEL: f64 = 0.4;

/// How many repetitions the typical spread counts for.
const PRIOR: f64 = 3.0;

/// `−1.5 ln 2`: the logarithm of Student's density with 2 degrees of freedom at 0.
const STUDENT_2: f64 = -1.039_720_770_839_917_9;

const MAGIC: &[u8; 4] = b"SYPT";
const FORMAT: u16 = 1;
const HEADER: usize = 4 + 2 + 2 + 4;

fn take<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], FixedError> {
    let (head, rest) = from.split_first_chunk().ok_or(FixedError::Format("it is cut short"))?;
    *from = rest;
    Ok(*head)
}
