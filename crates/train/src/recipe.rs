use crate::learner::Recipe;
use stillyou_models::keystroke::network::Architecture;

/// Which pack is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// With the Aalto set: most accurate, non-commercial.
    Research,
    /// Without it: open terms.
    Open,
}

impl Kind {
    /// The pack's name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Research => "research",
            Kind::Open => "open",
        }
    }

    /// The sets it is trained on, by the names of their folders; [`MADE_UP`](crate::people::MADE_UP) is generated.
    pub fn sets(self) -> &'static [&'static str] {
        match self {
            Kind::Research => &["aalto", "aalto_timing"],
            Kind::Open => &["typists", "bksd", "iiitbh"],
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
        }
    }

    /// Whose data it is.
    pub fn attribution(self) -> &'static [&'static str] {
        match self {
            Kind::Research => {
                &["Dhakal, Feit, Kristensson, Oulasvirta: Observations on Typing from 136 Million Keystrokes. CHI 2018"]
            }
            Kind::Open => &["BKSD, (c) 2023 Najwa Altwaijry, MIT", "IIITBh-keystroke, ODbL 1.0"],
        }
    }

    /// How it is trained.
    pub fn recipe(self, seed: u64) -> Recipe {
        Recipe {
            seed,
            sizes: Architecture::DEFAULT,
            people: 64,
            windows: 4,
            rate: 2e-3,
            warm_up: 150,
            temperature: 0.07,
            decay: 0.02,
        }
    }
}
