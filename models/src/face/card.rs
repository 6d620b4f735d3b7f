use super::calibration::Calibration;
use super::chip::Chip;
use crate::keystroke::Terms;
use serde::{Deserialize, Serialize};

/// The version of the card's own format.
pub const CARD: u32 = 1;

/// What is known about a network of the face: a strict TOML document that lies beside its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The card's format; [`CARD`].
    pub card: u32,
    /// What the pack is for; `face`.
    pub modality: String,
    /// The pack's name: lower case letters, digits and hyphens.
    pub name: String,
    /// Who may use it for what.
    pub terms: Terms,
    /// Where its weights come from.
    pub origin: Origin,
    /// What it is shown.
    pub input: Input,
    /// SHA-256 of the other files of the pack, in lower case hexadecimal.
    pub files: Files,
    /// What it answers.
    pub role: Role,
}

/// Where weights come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The ONNX file that was converted.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The published package that it was made from.
    pub package: String,
    /// The package's SHA-256.
    pub package_sha256: String,
    /// What converted it.
    pub command: String,
}

/// What a network is shown: a square picture, each value `(v − mean) · scale`, `v` 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Pixels of a side.
    pub size: usize,
    /// Which channel comes first.
    pub order: Order,
    /// Of each channel, in that order.
    pub mean: [f32; 3],
    /// Of all.
    pub scale: f32,
}

/// The order of the channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Red first.
    Rgb,
    /// Blue first.
    Bgr,
}

/// SHA-256 of a pack's files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Of `plan.toml`.
    pub plan_sha256: String,
    /// Of `weights.bpk`.
    pub weights_sha256: String,
}

/// What a network answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Role {
    /// Where faces are (BlazeFace, front camera).
    Detector {},
    /// Where 468 points of a face are (MediaPipe's face mesh).
    Mesh {},
    /// Whose face it is.
    Embedder {
        /// How a face is cut out for it.
        chip: Chip,
        /// From similarities to evidence.
        calibration: Calibration,
        /// How the calibration came to be.
        calibrated: String,
    },
    /// Whether a face is real (MiniFASNet).
    Passive {
        /// How many times the face's box it is shown.
        zoom: f32,
    },
}

impl Role {
    /// The name used in messages.
    pub fn name(&self) -> &'static str {
        match self {
            Role::Detector {} => "detector",
            Role::Mesh {} => "mesh",
            Role::Embedder { .. } => "embedder",
            Role::Passive { .. } => "passive",
        }
    }
}

impl Card {
    /// Reads a card.
    ///
    /// # Errors
    /// What is wrong and what would be right, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let card: Card = toml::from_str(text).map_err(|e| e.to_string().trim_end().to_owned())?;
        card.check()?;
        Ok(card)
    }

    fn check(&self) -> Result<(), String> {
        must(self.card == CARD, || format!("card is {}; this program reads {CARD}", self.card))?;
        must(self.modality == "face", || format!("modality is {:?}; it must be \"face\"", self.modality))?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        must((1..=32).contains(&self.name.len()) && self.name.chars().all(plain), || {
            format!("name is {:?}; it must be 1 to 32 lower case letters, digits and hyphens", self.name)
        })?;
        let Input { size, mean, scale, .. } = self.input;
        must((16..=512).contains(&size), || format!("input.size is {size}; it must be 16 to 512"))?;
        must(mean.iter().all(|m| (0.0..=255.0).contains(m)), || "input.mean: each must be 0 to 255".to_owned())?;
        must(scale > 0.0 && scale <= 1.0, || format!("input.scale is {scale}; it must be above 0, at most 1"))?;
        match &self.role {
            Role::Embedder { calibration, .. } => calibration.check(),
            Role::Passive { zoom } => {
                must((1.0..=8.0).contains(zoom), || format!("role.passive.zoom is {zoom}; it must be 1 to 8"))
            }
            Role::Detector {} | Role::Mesh {} => Ok(()),
        }
    }
}

fn must(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}
