use crate::{
    learner::{Recipe, Variation},
    people::MADE_UP,
};
use anyhow::{Result, ensure};
use std::path::Path;
use stillyou_models::keystroke::network::Architecture;
use stillyou_recordings::discover;

/// Which pack is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// With the Aalto set: most accurate, non-commercial.
    Research,
    /// Without it: open terms.
    Open,
    /// From all recordings in the folder: an organisation's own.
    Own,
}

impl Kind {
    /// The pack's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Research => "research",
            Kind::Open => "open",
            Kind::Own => "own",
        }
    }

    /// The sets it is trained on, by the names of their folders; [`MADE_UP`] is generated.
    ///
    /// # Errors
    /// When an organisation's folder holds no recordings.
    pub fn sets(self, data: &Path) -> Result<Vec<String>> {
        let named = |names: &[&str]| Ok(names.iter().map(|n| (*n).to_owned()).collect());
        match self {
            Kind::Research => named(&["aalto", "aalto_timing"]),
            Kind::Open => named(&[MADE_UP, "bksd", "iiitbh"]),
            Kind::Own => Ok(discover(data)?.into_iter().map(|source| source.name).collect()),
        }
    }

    /// The set that the pack is measured on; an organisation's own pack is measured on all its sets.
    pub fn measured_on(self) -> Option<&'static str> {
        match self {
            Kind::Research | Kind::Open => Some("aalto"),
            Kind::Own => None,
        }
    }

    /// The terms of its data, in words.
    pub fn licence(self) -> &'static str {
        match self {
            Kind::Research => {
                "weights trained on the Aalto 136M Keystrokes set: non-commercial use only, with attribution"
            }
            Kind::Open => {
                "weights under MIT OR Apache-2.0; trained on BKSD (MIT), IIITBh-keystroke (ODbL 1.0) and made-up typists \
                 whose summary statistics were measured on the Aalto set; no recording of that set was trained on"
            }
            Kind::Own => "weights trained on recordings of whoever made this pack; their terms hold",
        }
    }

    /// Whose data it is.
    pub fn attribution(self) -> &'static [&'static str] {
        match self {
            Kind::Research => {
                &["Dhakal, Feit, Kristensson, Oulasvirta: Observations on Typing from 136 Million Keystrokes. CHI 2018"]
            }
            Kind::Open => &["BKSD, (c) 2023 Najwa Altwaijry, MIT", "IIITBh-keystroke, ODbL 1.0"],
            Kind::Own => &[],
        }
    }

    /// How it is trained on so many people.
    ///
    /// # Errors
    /// When they are too few to learn from.
    pub fn recipe(self, seed: u64, people: usize, variations: &[Variation]) -> Result<Recipe> {
        ensure!(people >= FEWEST, "{people} people to train on; at least {FEWEST} with 6 passages each are needed");
        Ok(Recipe {
            seed,
            sizes: Architecture::DEFAULT,
            people: people.min(64),
            windows: 4,
            rate: 2e-3,
            warm_up: 150,
            temperature: 0.07,
            decay: 0.02,
            variations: variations.to_vec(),
        })
    }
}

/// As many as the cohort needs.
const FEWEST: usize = 20;
