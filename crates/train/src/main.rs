//! Trains, calibrates and packs the networks; for developers only.
#![allow(clippy::print_stdout, reason = "a command line tool")]

mod backends;
mod calibrate;
mod disguise;
mod face;
mod gates;
mod learner;
mod loss;
mod packing;
mod people;
mod person;
mod plots;
mod pointer;
mod recipe;
mod sampler;
mod scored;
mod shapley;
mod training;
mod trials;
mod tune;
mod workers;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use learner::{Learner, Recipe, Variation};
use packing::Origin;
use recipe::Kind;
use std::path::{Path, PathBuf};
use stillyou_evaluate::Subjects;
use stillyou_models::keystroke::{Model, PackSource};
use stillyou_recordings::Share;
use stillyou_trust::Policy;
use training::Length;

#[derive(Parser)]
#[command(name = "stillyou-train", about = "Trains, calibrates and packs StillYou's networks")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train the keystroke network, then write its pack to OUT/pack; goes on where it was stopped
    Keystroke(Keystroke),
    /// Cross-validate the pointer's network, then train it and write its pack to OUT/pack
    Pointer(pointer::Pointer),
    /// Write the pack of a training's last checkpoint to OUT/pack
    Pack(Pack),
    /// Fit the signal "is this a person at this keyboard", and tell how it does
    Person(PersonArgs),
    /// Print the medians of people that stand for left-out features, as they stand in a pack's card
    Neutral(Neutral),
    /// Write the games behind explanations, with their exact and sampled Shapley values, to be checked elsewhere
    Shapley(Shapley),
    /// Tell how the enrolment's gates do on recorded people
    Gates(Gates),
    /// Find thresholds, floor, cap and weight that detect fastest within the budget of false step-ups
    Session(Session),
    /// Draw the error rates: DET curve, reliability and trade-off, as SVG
    Plots(Plots),
    /// Convert the face's networks from ONNX into packs
    FaceNets(face::FaceNets),
    /// Run the face's networks on made-up pictures: outputs and times for a comparison elsewhere (./x check-nets)
    FaceMeasure(face::Measure),
    /// Load every network that an agent may have, take looks, and tell what the process holds (./x bench memory)
    FaceMemory(face::Memory),
    /// Fit a face embedder's calibration on the half of a set that choices are made with, into its pack's card
    FaceCalibrate(face::Calibrate),
    /// Check that burn's flex and ndarray backends give the same outputs (needs the feature ndarray)
    CompareBackends(CompareBackends),
}

#[derive(Args)]
struct Keystroke {
    #[command(flatten)]
    pack: Pack,
    /// Train for this many steps: the same weights each time
    #[arg(long, conflicts_with = "minutes", required_unless_present = "minutes")]
    steps: Option<u64>,
    /// Train for about this long; the number of steps it came to is in the card
    #[arg(long)]
    minutes: Option<f64>,
}

#[derive(Args)]
struct Pack {
    /// Folder of the recorded sets
    #[arg(long)]
    data: PathBuf,
    /// Which pack
    #[arg(long)]
    pack: Kind,
    /// Seeds the first weights and every batch
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What to do otherwise than for the shipped packs, to see what it is worth
    #[arg(long = "try", value_name = "VARIATION")]
    variations: Vec<Variation>,
    /// Folder for checkpoints and the pack
    #[arg(long)]
    out: PathBuf,
}

#[derive(Args)]
struct PersonArgs {
    /// Folder of the recorded sets
    #[arg(long)]
    data: PathBuf,
    /// Draws the forgeries
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the coefficients to this file; in the sources: models/src/keystroke/pad/fitted.rs
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Args)]
struct Neutral {
    /// Folder of the recorded sets
    #[arg(long)]
    data: PathBuf,
    /// Which pack
    #[arg(long)]
    pack: Kind,
}

#[derive(Args)]
struct Shapley {
    /// The file, JSON
    #[arg(long)]
    export: PathBuf,
    /// How many windows of made-up typists
    #[arg(long, default_value_t = 8)]
    windows: usize,
    /// Draws the typists
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder of the pack; the built-in research pack without it
    #[arg(long)]
    pack_dir: Option<PathBuf>,
}

#[derive(Args)]
struct Gates {
    /// A recorded set of sentences
    #[arg(long)]
    data: PathBuf,
    /// Which share of its people: train, calibrate, validate or test
    #[arg(long, default_value = "validate")]
    subjects: Share,
    /// Folder of the pack; the built-in research pack without it
    #[arg(long)]
    pack_dir: Option<PathBuf>,
}

#[derive(Args)]
struct Session {
    /// A recorded set of sentences
    #[arg(long)]
    data: PathBuf,
    /// Which share of its people: train, calibrate or validate
    #[arg(long, default_value = "validate")]
    subjects: Share,
    /// Folder of the pack; the built-in research pack without it
    #[arg(long)]
    pack_dir: Option<PathBuf>,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Args)]
struct Plots {
    /// A recorded set of sentences
    #[arg(long)]
    data: PathBuf,
    /// Which share of its people: train, calibrate, validate, test or all
    #[arg(long, default_value = "validate")]
    subjects: Subjects,
    /// Folder of the pack; the built-in research pack without it
    #[arg(long)]
    pack_dir: Option<PathBuf>,
    /// Seed of every random choice
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for the pictures
    #[arg(long, default_value = "docs/pictures/science")]
    out: PathBuf,
}

#[derive(Args)]
struct CompareBackends {
    /// Folder of the pack; the built-in research pack without it
    #[arg(long)]
    pack_dir: Option<PathBuf>,
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Keystroke(Keystroke { pack, steps, minutes }) => {
            let length = steps.map_or(Length::Minutes(minutes.unwrap_or_default()), Length::Steps);
            let learner = training::train(&pack, length)?;
            write(&pack, &learner)
        }
        Command::Person(PersonArgs { data, seed, out }) => person::person(&data, seed, out.as_deref()),
        Command::Neutral(Neutral { data, pack }) => packing::tell_neutral(&data, pack),
        Command::Shapley(Shapley { export, windows, seed, pack_dir }) => {
            shapley::export(&Model::load(&source(pack_dir))?, &export, windows, seed)
        }
        Command::CompareBackends(CompareBackends { pack_dir }) => backends::compare(&source(pack_dir)),
        Command::Gates(Gates { data, subjects, pack_dir }) => {
            gates::gates(&Model::load(&source(pack_dir))?, &data, subjects)
        }
        Command::Session(Session { data, subjects, pack_dir, seed }) => {
            tune::tune(&as_shipped(pack_dir)?, &data, subjects, seed)
        }
        Command::Plots(Plots { data, subjects, pack_dir, seed, out }) => {
            plots::draw(&as_shipped(pack_dir)?, &data, subjects, seed, &out)
        }
        Command::Pointer(how) => pointer::run(&how),
        Command::FaceNets(how) => face::nets(&how),
        Command::FaceMeasure(how) => face::measure(&how),
        Command::FaceMemory(how) => face::memory(&how),
        Command::FaceCalibrate(how) => face::calibrate(&how),
        Command::Pack(pack) => {
            let people = people::load(&pack.data, pack.pack, Share::Train)?.len();
            let found = Learner::resume(&pack.recipe(people)?, &checkpoints(&pack.out))?;
            let (learner, _) = found.with_context(|| format!("{}: no checkpoint there", pack.out.display()))?;
            write(&pack, &learner)
        }
    }
}

impl Pack {
    /// How it is trained on so many people.
    fn recipe(&self, people: usize) -> Result<Recipe> {
        self.pack.recipe(self.seed, people, &self.variations)
    }
}

fn write(pack: &Pack, learner: &Learner) -> Result<()> {
    let origin = Origin {
        kind: pack.pack,
        seed: pack.seed,
        steps: learner.step(),
        sizes: learner.sizes(),
        variations: pack.variations.clone(),
    };
    packing::pack(&learner.network(), &origin, &pack.data, &pack.out.join("pack"))
}

/// A pack's model, shown as much of the keys as the default policy says.
fn as_shipped(pack_dir: Option<PathBuf>) -> Result<Model> {
    Ok(Model::load(&source(pack_dir))?.showing(Policy::default().model.keys.into()))
}

fn source(pack_dir: Option<PathBuf>) -> PackSource {
    pack_dir.map_or(PackSource::Research, PackSource::Directory)
}

fn checkpoints(out: &Path) -> PathBuf {
    out.join("checkpoint")
}
