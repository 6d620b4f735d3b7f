//! Explanations against the Python package shap: the Shapley values that an explanation shows, exact and sampled.

use crate::cargo::{must, python, root, run_program, target};
use anyhow::Result;
use std::process::Command;

/// How to check.
#[derive(clap::Args)]
pub struct Args {
    /// Windows of made-up typists to explain
    #[arg(long, default_value_t = 8)]
    windows: usize,
    /// Draws the typists
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Writes the games behind explanations, values them with shap, and fails where the two disagree.
pub fn run(how: &Args) -> Result<()> {
    let games = target().join("shapley.json");
    let args = ["shapley", "--export"].map(Into::into).into_iter().chain([
        games.clone().into_os_string(),
        "--windows".into(),
        how.windows.to_string().into(),
        "--seed".into(),
        how.seed.to_string().into(),
    ]);
    run_program("stillyou-train", &args.collect::<Vec<_>>())?;
    must(Command::new(python("shap-venv", &WHEELS)?).arg(root().join("crates/train/check_shap.py")).arg(&games))
}

const WHEELS: [&str; 2] = ["shap", "numpy"];
