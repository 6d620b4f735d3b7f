//! The face's networks against onnxruntime: the same outputs, and how long both take.

use crate::cargo::{answer, python, root, run_program, target};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How to check.
#[derive(clap::Args)]
pub struct Args {
    /// Folder of the networks as ONNX
    #[arg(long, default_value = "../shared/models")]
    from: PathBuf,
}

/// How far outputs may be apart, as a share of the largest of them.
const APART: f64 = 1e-4;

/// Runs every network with made-up pictures here and there, and fails where the outputs are apart.
pub fn run(how: &Args) -> Result<()> {
    let Pair { ours: _, peer } = compare(&how.from, 5)?;
    println!("differences as shares of the largest output; beside {}", peer.version);
    for net in &peer.nets {
        println!("{:<22} {:.1e}   as shipped, weights in 16 bits: {:.1e}", net.name, net.single, net.half);
    }
    let worst = peer.nets.iter().map(|net| net.single).fold(0.0, f64::max);
    ensure!(worst <= APART, "outputs are {worst:.1e} apart; they must be within {APART:.0e}");
    Ok(())
}

/// One measurement of both.
pub struct Pair {
    pub ours: Ours,
    pub peer: Peer,
}

/// What our networks took.
#[derive(Deserialize)]
pub struct Ours {
    pub nets: Vec<Time>,
    pub look_median_ms: f64,
}

/// The time of a look, of one network.
#[derive(Deserialize)]
pub struct Time {
    pub median_ms: f64,
    pub passes: usize,
    pub in_look: bool,
}

/// What onnxruntime took, and how far apart the outputs are.
#[derive(Deserialize)]
pub struct Peer {
    pub version: String,
    pub nets: Vec<Compared>,
    pub look_median_ms: f64,
}

/// Of one network.
#[derive(Deserialize)]
pub struct Compared {
    pub name: String,
    pub single: f64,
    pub half: f64,
    pub median_ms: f64,
}

const WHEELS: [&str; 2] = ["onnxruntime==1.31.1", "numpy>=2,<3"];

/// Runs both once, so many looks each.
pub fn compare(models: &Path, rounds: usize) -> Result<Pair> {
    let folder = target().join("face-nets");
    let (models, rounds) = (root().join(models), rounds.to_string());
    let args = ["face-measure", "--rounds", &rounds, "--from"].map(Into::into);
    let args = args.into_iter().chain([models.clone().into(), "--out".into(), folder.clone().into()]);
    run_program("stillyou-train", &args.collect::<Vec<_>>())?;
    let file = folder.join("nets.json");
    let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut peer = Command::new(python("nets-venv", &WHEELS)?);
    peer.arg(root().join("crates/train/check_nets.py")).arg(&folder).arg(&models).arg(&rounds);
    Ok(Pair { ours: serde_json::from_str(&text)?, peer: answer(&mut peer)? })
}
