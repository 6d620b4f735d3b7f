use super::calibration::Calibration;
use super::network::Architecture;
use super::window::FEATURES;
use crate::keystroke::{Files, Terms, Training};
use serde::{Deserialize, Serialize};

/// The version of the card's own format.
pub const CARD: u32 = 1;

/// What is known about a pointer pack: a strict TOML document that lies beside its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The card's format; [`CARD`].
    pub card: u32,
    /// What the pack recognises people by; `pointer`.
    pub modality: String,
    /// The pack's name: lower case letters, digits and hyphens.
    pub name: String,
    /// The version of the features the network reads; [`FEATURES`].
    pub features: u32,
    /// Who may use it for what.
    pub terms: Terms,
    /// The network's sizes.
    pub architecture: Architecture,
    /// SHA-256 of the other files of the pack, in lower case hexadecimal.
    pub files: Files,
    /// From scores to evidence.
    pub calibration: Calibration,
    /// How it came to be.
    pub training: Training,
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
        must(self.modality == "pointer", || format!("modality is {:?}; it must be \"pointer\"", self.modality))?;
        must(self.features == FEATURES, || format!("features is {}; this program makes {FEATURES}", self.features))?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        must((1..=32).contains(&self.name.len()) && self.name.chars().all(plain), || {
            format!("name is {:?}; it must be 1 to 32 lower case letters, digits and hyphens", self.name)
        })?;
        must(self.architecture.is_sane(), || "architecture: widths must be 8 to 512, balance 0 to 1".to_owned())?;
        self.calibration.check()
    }
}

fn must(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}
