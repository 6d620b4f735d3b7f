use super::card::Card;
use crate::keystroke::{Cohort, ModelVersion, PackError, pack::PackFiles};
use std::{
    collections::HashSet,
    fmt,
    path::{Path, PathBuf},
};

/// Where a trained network comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackSource {
    /// The pack in this program.
    BuiltIn,
    /// A folder with `card.toml`, `weights.bpk`, `cohort.bin` and `seen.txt`.
    Directory(PathBuf),
}

impl fmt::Display for PackSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackSource::BuiltIn => f.write_str("the built-in pack pointer"),
            PackSource::Directory(path) => write!(f, "the pack in {}", path.display()),
        }
    }
}

/// A pack whose hashes hold, its weights not yet loaded.
pub(super) struct Pack {
    pub card: Card,
    pub cohort: Cohort,
    pub version: ModelVersion,
    pub weights: Vec<u8>,
    pub seen: HashSet<[u8; 8]>,
}

impl Pack {
    pub fn open(source: &PackSource) -> Result<Self, PackError> {
        let files = match source {
            PackSource::BuiltIn => crate::keystroke::pack::embedded!("pointer"),
            PackSource::Directory(path) => PackFiles::read(path)?,
        };
        let pack = source.to_string();
        let card =
            Card::parse(files.card(&pack)?).map_err(|problem| PackError::Card { pack: pack.clone(), problem })?;
        let seen = files.check(&pack, &card.files)?;
        let cohort = files.cohort(&pack, |bytes| Cohort::from_bytes(bytes, card.architecture.embedding()))?;
        Ok(Self { version: files.version(&card.name), card, cohort, weights: files.weights, seen })
    }
}

/// Writes a pack: `card`'s file hashes are filled in. `seen` are [`seen_hash`](crate::keystroke::seen_hash)es, in any
/// order.
///
/// # Errors
/// When the card would be refused on reading, or a file can't be written.
pub fn write_pack(
    folder: &Path,
    mut card: Card,
    weights: &[u8],
    cohort: &Cohort,
    mut seen: Vec<[u8; 8]>,
) -> Result<(), PackError> {
    let files = PackFiles::of(weights, cohort.to_bytes(), &mut seen);
    card.files = files.hashes();
    let in_card = |problem| PackError::Card { pack: PackSource::Directory(folder.to_owned()).to_string(), problem };
    let text = toml::to_string(&card).map_err(|e| in_card(e.to_string()))?;
    Card::parse(&text).map_err(in_card)?;
    files.write(folder, &text)
}
