//! The pointer's network: trained by contrast, its projection fitted in closed form, calibrated on people left out.

mod discriminants;
mod encoder;
mod folds;
mod packing;
mod people;

use anyhow::{Result, ensure};
use clap::Args;
use std::path::PathBuf;
use stillyou_models::pointer::network::Architecture;
use stillyou_recordings::Share;

#[derive(Args)]
pub struct Pointer {
    /// A recorded set with sessions named 3min and 1min
    #[arg(long)]
    data: PathBuf,
    /// Seeds the first weights, every batch and the folds
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Steps of training of each network
    #[arg(long, default_value_t = 300)]
    steps: u64,
    /// The encoder's share of a score, 0 to 1
    #[arg(long, default_value_t = Architecture::DEFAULT.balance)]
    balance: f32,
    /// Parts that people are divided into; each is scored by networks trained on the others
    #[arg(long, default_value_t = 5)]
    folds: usize,
    /// Only tell the cross-validated rates, over the share test as well; write no pack
    #[arg(long)]
    everybody: bool,
    /// Only tell the cross-validated rates; write no pack
    #[arg(long)]
    only_folds: bool,
    /// Folder for the pack, `pack`, and those of the folds
    #[arg(long)]
    out: PathBuf,
}

/// Cross-validates on everybody outside the share test, calibrates on the scores of that, then trains on all of them and
/// writes the pack.
pub fn run(how: &Pointer) -> Result<()> {
    let sizes = Architecture { balance: how.balance, ..Architecture::DEFAULT };
    ensure!(sizes.is_sane(), "--balance is {}; it must be 0 to 1", how.balance);
    ensure!((2..=20).contains(&how.folds), "--folds is {}; it must be 2 to 20", how.folds);
    let mut people = people::load(&how.data)?;
    if !how.everybody {
        people.retain(|p| Share::of(&p.set, &p.subject) != Share::Test);
    }
    let recipe = encoder::Recipe { seed: how.seed, steps: how.steps, sizes };
    let scored = folds::cross_validate(&people, how.folds, &recipe, &how.out)?;
    scored.tell(how.seed);
    if how.everybody || how.only_folds {
        return Ok(());
    }
    packing::pack(&people, &recipe, scored.calibration(), &how.out.join("pack"))
}
