use super::calibration::Calibrations;
use super::network::Architecture;
use super::neutral::Neutral;
use super::window::FEATURES;
use serde::{Deserialize, Serialize};

/// The version of the card's own format.
pub const CARD: u32 = 2;

/// What is known about a pack: a strict TOML document that lies beside its weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The card's format; [`CARD`].
    pub card: u32,
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
    pub calibration: Calibrations,
    /// What people's timings look like on the whole, for explanations.
    pub neutral: Neutral,
    /// How it came to be.
    pub training: Training,
    /// How good it is.
    pub measured: Vec<Measured>,
}

/// Who may use a pack for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Whether only non-commercial use is allowed.
    pub non_commercial: bool,
    /// The terms in words.
    pub licence: String,
    /// Whose data it was trained on, to be shown with it.
    pub attribution: Vec<String>,
}

/// Hashes of the pack's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Of `weights.bpk`.
    pub weights_sha256: String,
    /// Of `cohort.bin`.
    pub cohort_sha256: String,
    /// Of `seen.txt`.
    pub seen_sha256: String,
}

/// How a network was trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// The command that makes the same weights again.
    pub command: String,
    /// Its seed.
    pub seed: u64,
    /// Steps of training.
    pub steps: u64,
    /// The sets trained on, by the names of their folders.
    pub sets: Vec<String>,
    /// People trained on.
    pub subjects: u32,
    /// People calibrated on.
    pub calibration_subjects: u32,
    /// How people were divided and what was chosen on whom, in words.
    pub protocol: String,
    /// Goes into the hashes of `seen.txt`.
    pub seen_salt: String,
}

/// One measurement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The set, by the name of its folder.
    pub set: String,
    /// The share of its subjects.
    pub share: String,
    /// What was shown of the keys: keys, movements or nothing.
    pub shown: String,
    /// The protocol in words.
    pub protocol: String,
    /// People.
    pub subjects: u32,
    /// Equal error rate, one threshold for all, 0 to 1.
    pub eer: f64,
    /// False non-match rate where the false match rate is 1 %.
    pub fnmr_at_fmr_1e_2: f64,
    /// False non-match rate where the false match rate is 0.1 %.
    pub fnmr_at_fmr_1e_3: f64,
    /// Cost of the log-likelihood ratios, in bits.
    pub cllr: f64,
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
        must(self.features == FEATURES, || format!("features is {}; this program makes {FEATURES}", self.features))?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        must((1..=32).contains(&self.name.len()) && self.name.chars().all(plain), || {
            format!("name is {:?}; it must be 1 to 32 lower case letters, digits and hyphens", self.name)
        })?;
        must(self.architecture.is_sane(), || {
            "architecture: widths must be 8 to 512, layers and heads 1 to 8, heads a divisor of width".to_owned()
        })?;
        let Files { weights_sha256, cohort_sha256, seen_sha256 } = &self.files;
        for (field, value) in
            [("weights_sha256", weights_sha256), ("cohort_sha256", cohort_sha256), ("seen_sha256", seen_sha256)]
        {
            let hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
            must(value.len() == 64 && value.chars().all(hex), || {
                format!("files.{field} is {value:?}; it must be 64 lower case hexadecimal digits")
            })?;
        }
        self.calibration.check()?;
        self.neutral.check()?;
        for measured in &self.measured {
            let rates = [measured.eer, measured.fnmr_at_fmr_1e_2, measured.fnmr_at_fmr_1e_3];
            must(
                rates.iter().all(|r| (0.0..=1.0).contains(r)) && measured.cllr >= 0.0 && measured.cllr.is_finite(),
                || format!("measured, set {}: rates must lie between 0 and 1, cllr must be at least 0", measured.set),
            )?;
        }
        Ok(())
    }
}

fn must(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}
