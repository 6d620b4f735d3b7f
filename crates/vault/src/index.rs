use crate::{Digest, piece::PIECE_BYTES, seal::OVERHEAD, vault::MAX_TEMPLATE_BYTES};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which template is in a slot: what the ledger records, and what [`crate::Vault::load`] compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Counts up with every template of the slot, from 1.
    pub generation: u64,
    /// SHA-256 of the sealed bytes.
    pub hash: Digest,
}

/// One template's pieces in the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    pub generation: u64,
    pub pieces: usize,
    pub hash: Digest,
    pub model: String,
    pub device: String,
}

impl Version {
    pub fn stored(&self) -> Stored {
        Stored { generation: self.generation, hash: self.hash }
    }
}

/// What a slot's index entry says. Pieces are written only after it names them and forgotten only after they are
/// gone, so at any moment it names every piece that can exist.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    format: Format,
    pub current: Option<Version>,
    pub pending: Option<Version>,
    pub stale: Option<Version>,
}

impl Index {
    /// An index without leftovers.
    pub fn with(current: Option<Version>) -> Self {
        Self { current, ..Self::default() }
    }

    /// Reads an index entry; the error says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let index: Self = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        for version in index.versions() {
            if !(1..=MAX_PIECES).contains(&version.pieces) {
                return Err(format!("{} pieces, 1 to {MAX_PIECES} are possible", version.pieces));
            }
            if !(1..=MAX_GENERATION).contains(&version.generation) {
                return Err(format!("generation {}, 1 to {MAX_GENERATION} are possible", version.generation));
            }
        }
        Ok(index)
    }

    /// Every version that may have pieces.
    pub fn versions(&self) -> impl Iterator<Item = &Version> {
        [&self.current, &self.pending, &self.stale].into_iter().flatten()
    }

    /// The generation after all that this index knows.
    pub fn next_generation(&self) -> u64 {
        let highest = self.versions().map(|v| v.generation).max().unwrap_or(0);
        // The new pieces go to the bank in which the current ones are not.
        match &self.current {
            Some(current) if (highest + 1) % 2 == current.generation % 2 => highest + 2,
            _ => highest + 1,
        }
    }
}

/// The slots that this user has or had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    format: Format,
    pub slots: BTreeSet<String>,
}

/// The most pieces that a template can have.
pub const MAX_PIECES: usize = (MAX_TEMPLATE_BYTES + OVERHEAD).div_ceil(PIECE_BYTES);

/// More than anybody can store; after the highest there must be room for the next.
const MAX_GENERATION: u64 = u64::MAX / 2;

/// Version of the index and catalogue entries; another one is refused as damaged rather than guessed at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
struct Format;

impl TryFrom<u32> for Format {
    type Error = String;
    fn try_from(number: u32) -> Result<Self, String> {
        if number == 1 { Ok(Self) } else { Err(format!("format {number}, only format 1 is known")) }
    }
}

impl From<Format> for u32 {
    fn from(_: Format) -> u32 {
        1
    }
}
