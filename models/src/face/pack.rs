use super::card::{Card, Files, Input, Role};
use super::net::{Net, Plan, Precision, Shape, Weights};
use crate::keystroke::model::caught;
use crate::keystroke::pack::{hex, read};
use crate::keystroke::{ModelVersion, PackError};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// Where a network comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackSource {
    /// The detector in this program.
    Detector,
    /// The mesh in this program.
    Mesh,
    /// The embedder in this program: dlib's ResNet, CC0.
    Dlib,
    /// A folder with `card.toml`, `plan.toml` and `weights.bpk`.
    Directory(PathBuf),
}

impl fmt::Display for PackSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackSource::Detector => f.write_str("the built-in pack face/detector"),
            PackSource::Mesh => f.write_str("the built-in pack face/mesh"),
            PackSource::Dlib => f.write_str("the built-in pack face/dlib"),
            PackSource::Directory(path) => write!(f, "the pack in {}", path.display()),
        }
    }
}

/// A network of the face with its card.
pub struct Pack {
    /// What is known about it.
    pub card: Card,
    /// The network.
    pub net: Net,
    /// Its name and the hash of all its files.
    pub version: ModelVersion,
}

impl Pack {
    /// Loads a pack, once its hashes hold.
    ///
    /// # Errors
    /// When a file is missing, changed, damaged or not understood.
    pub fn load(source: &PackSource) -> Result<Self, PackError> {
        let files = PackFiles::of(source)?;
        let pack = source.to_string();
        let in_card = |problem| PackError::Card { pack: pack.clone(), problem };
        let card = Card::parse(&text(&files.card).map_err(in_card)?).map_err(in_card)?;
        for (file, bytes, expected) in [
            (PLAN_FILE, &files.plan, &card.files.plan_sha256),
            (WEIGHTS_FILE, &files.weights, &card.files.weights_sha256),
        ] {
            let found = hex(&Sha256::digest(bytes));
            if found != *expected {
                return Err(PackError::Hash { pack, file, expected: expected.clone(), found });
            }
        }
        let wrong = |file| {
            let pack = pack.clone();
            move |problem| PackError::Content { pack, file, problem }
        };
        let plan = text(&files.plan).and_then(|text| Plan::parse(&text)).map_err(wrong(PLAN_FILE))?;
        let square: Shape = [card.input.size, card.input.size, 3];
        if plan.input != square {
            let problem = format!("input is {:?}; by the card it must be {square:?}", plan.input);
            return Err(wrong(PLAN_FILE)(problem));
        }
        let version = ModelVersion::of(&card.name, &[&files.card, &files.plan, &files.weights]);
        let weights = caught(|| Weights::from_bytes(files.weights)).and_then(|read| read);
        let net = weights.and_then(|weights| Net::new(&plan, weights)).map_err(wrong(WEIGHTS_FILE))?;
        Ok(Self { card, net, version })
    }

    /// Hash of what it answers: its plan, weights, input and role, not of where they came from. Lower case hexadecimal.
    pub fn content(&self) -> String {
        let Card { files, input, role, .. } = &self.card;
        // What is of plain numbers and names can be written.
        let text = toml::to_string(&Content { files, input, role }).unwrap_or_default();
        hex(&Sha256::digest(text.as_bytes()))
    }

    /// That the network answers in these shapes.
    pub(super) fn must_answer(&self, source: &PackSource, shapes: &[Shape]) -> Result<(), PackError> {
        let found: Vec<Shape> = self.net.outputs().collect();
        if found == shapes {
            return Ok(());
        }
        let problem = format!("its outputs are {found:?}; as {} they must be {shapes:?}", self.card.role.name());
        Err(PackError::Content { pack: source.to_string(), file: PLAN_FILE, problem })
    }

    /// That it is what it is loaded as: what else it is, as an error.
    pub(super) fn other_role(&self, source: &PackSource, wanted: &str) -> PackError {
        let problem = format!("role is {}; it must be {wanted}", self.card.role.name());
        PackError::Card { pack: source.to_string(), problem }
    }
}

#[derive(Serialize)]
struct Content<'a> {
    files: &'a Files,
    input: &'a Input,
    role: &'a Role,
}

/// Writes a pack: `card`'s file hashes are filled in.
///
/// # Errors
/// When the card would be refused on reading, or a file can't be written.
pub fn write_pack(
    folder: &Path,
    mut card: Card,
    plan: &Plan,
    weights: &Weights,
    precision: Precision,
) -> Result<(), PackError> {
    let pack = PackSource::Directory(folder.to_owned()).to_string();
    let content = |file| {
        let pack = pack.clone();
        move |problem| PackError::Content { pack, file, problem }
    };
    let plan = toml::to_string(plan).map_err(|e| content(PLAN_FILE)(e.to_string()))?;
    let weights = weights.to_bytes(precision).map_err(content(WEIGHTS_FILE))?;
    let hash = |bytes: &[u8]| hex(&Sha256::digest(bytes));
    card.files = Files { plan_sha256: hash(plan.as_bytes()), weights_sha256: hash(&weights) };
    let text = card_text(&card).map_err(|problem| PackError::Card { pack: pack.clone(), problem })?;
    fs::create_dir_all(folder).map_err(|source| PackError::Read { path: folder.to_owned(), source })?;
    write(folder, CARD_FILE, text.as_bytes())?;
    write(folder, PLAN_FILE, plan.as_bytes())?;
    write(folder, WEIGHTS_FILE, &weights)
}

/// Writes another card to a pack whose other files stay.
///
/// # Errors
/// As [`write_pack`].
pub fn write_card(folder: &Path, card: &Card) -> Result<(), PackError> {
    let pack = PackSource::Directory(folder.to_owned()).to_string();
    let text = card_text(card).map_err(|problem| PackError::Card { pack, problem })?;
    write(folder, CARD_FILE, text.as_bytes())
}

fn card_text(card: &Card) -> Result<String, String> {
    let text = toml::to_string(card).map_err(|e| e.to_string())?;
    Card::parse(&text).map(|_| text)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), PackError> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(|source| PackError::Read { path, source })
}

const CARD_FILE: &str = "card.toml";
const PLAN_FILE: &str = "plan.toml";
const WEIGHTS_FILE: &str = "weights.bpk";

struct PackFiles {
    card: Vec<u8>,
    plan: Vec<u8>,
    weights: Vec<u8>,
}

macro_rules! embedded {
    ($name:literal) => {
        PackFiles {
            card: include_bytes!(concat!("../../packs/face/", $name, "/card.toml")).to_vec(),
            plan: include_bytes!(concat!("../../packs/face/", $name, "/plan.toml")).to_vec(),
            weights: include_bytes!(concat!("../../packs/face/", $name, "/weights.bpk")).to_vec(),
        }
    };
}

impl PackFiles {
    fn of(source: &PackSource) -> Result<Self, PackError> {
        Ok(match source {
            PackSource::Detector => embedded!("detector"),
            PackSource::Mesh => embedded!("mesh"),
            PackSource::Dlib => embedded!("dlib"),
            PackSource::Directory(path) => {
                Self { card: read(path, CARD_FILE)?, plan: read(path, PLAN_FILE)?, weights: read(path, WEIGHTS_FILE)? }
            }
        })
    }
}

fn text(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|_| "it must be text in UTF-8".to_owned())
}
