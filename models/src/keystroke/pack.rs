use super::card::{Card, Files};
use super::cohort::Cohorts;
use super::tokens::KeyDetail;
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    fmt, fs,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// Where a trained network comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackSource {
    /// The pack trained with the Aalto set, in this program: most accurate, non-commercial use only.
    Research,
    /// The pack trained without it, in this program: open terms, less accurate.
    Open,
    /// A folder with `card.toml`, `weights.bpk`, `cohort.bin` and `seen.txt`.
    Directory(PathBuf),
}

impl fmt::Display for PackSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackSource::Research => f.write_str("the built-in pack research"),
            PackSource::Open => f.write_str("the built-in pack open"),
            PackSource::Directory(path) => write!(f, "the pack in {}", path.display()),
        }
    }
}

/// Why a pack can't be used.
#[derive(Debug, Error)]
pub enum PackError {
    /// A file is missing or can't be read.
    #[error("{}: can't be read: {source}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The card is not understood.
    #[error("{pack}, card.toml: {problem}")]
    Card {
        /// Which pack.
        pack: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A file is not the one the card describes.
    #[error("{pack}, {file}: its SHA-256 is {found}; the card says {expected}: the file was changed or damaged")]
    Hash {
        /// Which pack.
        pack: String,
        /// Which file.
        file: &'static str,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A file has the right hash but not the right content.
    #[error("{pack}, {file}: {problem}")]
    Content {
        /// Which pack.
        pack: String,
        /// Which file.
        file: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
}

/// Which trained network made a template, a score or a record: a pack's name and the hash of all its files.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelVersion {
    name: String,
    hash: [u8; 32],
}

impl ModelVersion {
    /// The pack's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version of this pack shown so much of the keys.
    pub(crate) fn showing(&self, detail: KeyDetail) -> Self {
        if detail == KeyDetail::Keys {
            return self.clone();
        }
        let hash = Sha256::digest([self.hash.as_slice(), detail.name().as_bytes()].concat());
        Self { name: format!("{}-{}", self.name, detail.name()), hash: hash.into() }
    }

    /// The version of a pack of these files, or parts.
    pub(crate) fn of(name: &str, parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self { name: name.to_owned(), hash: hash.finalize().into() }
    }

    /// SHA-256 over all files of the pack.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
}

/// The name and the first 8 digits of the hash: `research-1f0a9c2e`.
impl fmt::Display for ModelVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.name, hex(&self.hash[..4]))
    }
}

/// A pack whose hashes hold, its weights not yet loaded.
pub(crate) struct Pack {
    pub(crate) card: Card,
    pub(crate) cohorts: Cohorts,
    pub(crate) version: ModelVersion,
    pub(crate) weights: Vec<u8>,
    pub(crate) seen: HashSet<[u8; 8]>,
}

impl Pack {
    pub(crate) fn open(source: &PackSource) -> Result<Self, PackError> {
        let files = match source {
            PackSource::Research => embedded!("research"),
            PackSource::Open => embedded!("open"),
            PackSource::Directory(path) => PackFiles::read(path)?,
        };
        let pack = source.to_string();
        let card =
            Card::parse(files.card(&pack)?).map_err(|problem| PackError::Card { pack: pack.clone(), problem })?;
        let seen = files.check(&pack, &card.files)?;
        let cohorts = files.cohort(&pack, |bytes| Cohorts::from_bytes(bytes, card.architecture.embedding))?;
        Ok(Self { version: files.version(&card.name), card, cohorts, weights: files.weights, seen })
    }
}

/// What `seen.txt` holds for a subject: the first 8 bytes of `sha256("<salt>:<set>:<subject>")`.
pub fn seen_hash(salt: &str, set: &str, subject: &str) -> [u8; 8] {
    let digest = Sha256::digest(format!("{salt}:{set}:{subject}").as_bytes());
    let mut first = [0; 8];
    first.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    first
}

/// Writes a pack: `card`'s file hashes are filled in. `seen` are [`seen_hash`]es, in any order.
///
/// # Errors
/// When the card would be refused on reading, or a file can't be written.
pub fn write_pack(
    folder: &Path,
    mut card: Card,
    weights: &[u8],
    cohorts: &Cohorts,
    mut seen: Vec<[u8; 8]>,
) -> Result<(), PackError> {
    let files = PackFiles::of(weights, cohorts.to_bytes(), &mut seen);
    card.files = files.hashes();
    let in_card = |problem| PackError::Card { pack: PackSource::Directory(folder.to_owned()).to_string(), problem };
    let text = toml::to_string(&card).map_err(|e| in_card(e.to_string()))?;
    Card::parse(&text).map_err(in_card)?;
    files.write(folder, &text)
}

const CARD_FILE: &str = "card.toml";
const WEIGHTS_FILE: &str = "weights.bpk";
const COHORT_FILE: &str = "cohort.bin";
const SEEN_FILE: &str = "seen.txt";

/// The bytes of a pack's files, of whatever modality: a card, weights, a cohort and the subjects seen.
pub(crate) struct PackFiles {
    pub(crate) card: Vec<u8>,
    pub(crate) weights: Vec<u8>,
    pub(crate) cohort: Vec<u8>,
    pub(crate) seen: Vec<u8>,
}

impl PackFiles {
    pub(crate) fn read(path: &Path) -> Result<Self, PackError> {
        Ok(Self {
            card: read(path, CARD_FILE)?,
            weights: read(path, WEIGHTS_FILE)?,
            cohort: read(path, COHORT_FILE)?,
            seen: read(path, SEEN_FILE)?,
        })
    }

    /// Files to be written, without a card yet.
    pub(crate) fn of(weights: &[u8], cohort: Vec<u8>, seen: &mut Vec<[u8; 8]>) -> Self {
        seen.sort_unstable();
        seen.dedup();
        let seen: String = seen.iter().map(|h| hex(h) + "\n").collect();
        Self { card: Vec::new(), weights: weights.to_vec(), cohort, seen: seen.into_bytes() }
    }

    /// What a card says about the other files.
    pub(crate) fn hashes(&self) -> Files {
        let hash = |bytes: &[u8]| hex(&Sha256::digest(bytes));
        Files { weights_sha256: hash(&self.weights), cohort_sha256: hash(&self.cohort), seen_sha256: hash(&self.seen) }
    }

    pub(crate) fn write(&self, folder: &Path, card: &str) -> Result<(), PackError> {
        let failed = |path: PathBuf| move |source| PackError::Read { path, source };
        fs::create_dir_all(folder).map_err(failed(folder.to_owned()))?;
        for (name, bytes) in [
            (CARD_FILE, card.as_bytes()),
            (WEIGHTS_FILE, &self.weights),
            (COHORT_FILE, &self.cohort),
            (SEEN_FILE, &self.seen),
        ] {
            fs::write(folder.join(name), bytes).map_err(failed(folder.join(name)))?;
        }
        Ok(())
    }

    /// The card's text.
    pub(crate) fn card(&self, pack: &str) -> Result<&str, PackError> {
        let problem = "it must be text in UTF-8";
        let wrong = |_| PackError::Card { pack: pack.to_owned(), problem: problem.to_owned() };
        str::from_utf8(&self.card).map_err(wrong)
    }

    /// That the files are those the card describes; the subjects seen.
    pub(crate) fn check(&self, pack: &str, expected: &Files) -> Result<HashSet<[u8; 8]>, PackError> {
        for (file, bytes, expected) in [
            (WEIGHTS_FILE, &self.weights, &expected.weights_sha256),
            (COHORT_FILE, &self.cohort, &expected.cohort_sha256),
            (SEEN_FILE, &self.seen, &expected.seen_sha256),
        ] {
            let found = hex(&Sha256::digest(bytes));
            if found != *expected {
                return Err(PackError::Hash { pack: pack.to_owned(), file, expected: expected.clone(), found });
            }
        }
        let wrong = |problem| PackError::Content { pack: pack.to_owned(), file: SEEN_FILE, problem };
        parse_seen(&self.seen).map_err(wrong)
    }

    /// The cohort, as `read` understands the file.
    pub(crate) fn cohort<T>(&self, pack: &str, read: impl FnOnce(&[u8]) -> Result<T, String>) -> Result<T, PackError> {
        let wrong = |problem| PackError::Content { pack: pack.to_owned(), file: COHORT_FILE, problem };
        read(&self.cohort).map_err(wrong)
    }

    pub(crate) fn version(&self, name: &str) -> ModelVersion {
        ModelVersion::of(name, &[&self.card, &self.weights, &self.cohort, &self.seen])
    }
}

macro_rules! embedded {
    ($name:literal) => {
        $crate::keystroke::pack::PackFiles {
            card: include_bytes!(concat!("../../packs/", $name, "/card.toml")).to_vec(),
            weights: include_bytes!(concat!("../../packs/", $name, "/weights.bpk")).to_vec(),
            cohort: include_bytes!(concat!("../../packs/", $name, "/cohort.bin")).to_vec(),
            seen: include_bytes!(concat!("../../packs/", $name, "/seen.txt")).to_vec(),
        }
    };
}
pub(crate) use embedded;

pub(crate) fn read(folder: &Path, name: &str) -> Result<Vec<u8>, PackError> {
    let path = folder.join(name);
    fs::read(&path).map_err(|source| PackError::Read { path, source })
}

fn parse_seen(bytes: &[u8]) -> Result<HashSet<[u8; 8]>, String> {
    let text = str::from_utf8(bytes).map_err(|_| "it must be text in UTF-8".to_owned())?;
    let parse = |(at, line): (usize, &str)| {
        let digits = line.len() == 16 && line.bytes().all(|b| b.is_ascii_hexdigit());
        let value = digits.then(|| u64::from_str_radix(line, 16).ok()).flatten();
        value.map(u64::to_be_bytes).ok_or_else(|| format!("line {}: it must be 16 hexadecimal digits", at + 1))
    };
    text.lines().enumerate().map(parse).collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
