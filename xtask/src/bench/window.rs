use super::spread::Spread;
use crate::cargo::{answer, cargo, python, root, target};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::process::Command;

/// What the peer needs, from PyPI.
const WHEELS: [&str; 4] = ["onnxruntime==1.31.1", "onnx==1.23.2", "cbor2==6.2.1", "numpy>=2,<3"];

/// Times that the peer goes through all windows, as many as `models/benches/window.rs` does.
const ROUNDS: &str = "40";

#[derive(Deserialize)]
struct Ours {
    network: Times,
    evidence: Times,
    attributed: Times,
    judged: Times,
    layers: usize,
    heads: usize,
}

#[derive(Deserialize)]
struct Times {
    median_us: f64,
    p95_us: f64,
}

#[derive(Deserialize)]
struct Peer {
    #[serde(flatten)]
    times: Times,
    apart: f64,
    name: String,
}

/// Scores windows with burn and with onnxruntime in turns, on one thread each.
pub fn measure(repeats: usize) -> Result<String> {
    let python = python("bench-venv", &WHEELS)?;
    let windows = target().join("bench-windows.json");
    let mut runs = Vec::new();
    for _ in 0..repeats.max(3) {
        let mut bench = cargo();
        bench.args(["bench", "--quiet", "--workspace", "--profile", "dev", "--bench", "window", "--"]).arg(&windows);
        let ours: Ours = answer(bench.env("RAYON_NUM_THREADS", "1"))?;
        let mut peer = Command::new(&python);
        peer.arg(root().join("models/benches/peer.py")).arg(root().join("models/packs/research/weights.bpk"));
        peer.arg(&windows).args([&ours.layers.to_string(), &ours.heads.to_string(), ROUNDS]);
        let peer: Peer = answer(&mut peer)?;
        runs.push((ours, peer));
    }
    let spread = |of: fn(&(Ours, Peer)) -> f64| Spread::of(runs.iter().map(of));
    let (_, peer) = runs.first().context("a run")?;
    let apart = runs.iter().map(|(_, peer)| peer.apart).fold(0.0, f64::max);
    Ok(format!(
        "\n## A window of 50 keystrokes\n\nMilliseconds, one thread, the research pack; each a median of runs taken in \
         turns, and the least and the most of them ({} runs). Outputs agree to {apart:.0e}.\n\n\
         | what | median of a run | 95th percentile of a run |\n|---|---|---|\n\
         | burn (flex), the network | {:.3} | {:.3} |\n| {}, the same network | {:.3} | {:.3} |\n\
         | ratio, burn to peer | {:.2} | |\n\
         | burn, evidence: features, network, cohort; all that ten keystrokes cost while the score is at its best | {:.3} | {:.3} |\n\
         | burn, evidence with its attribution (about 20 windows more): what they cost otherwise | {:.3} | {:.3} |\n\
         | is it a person: machine or replay, after 20,000 keystrokes of even tapping, where the search is longest | {:.3} | {:.3} |\n",
        runs.len(),
        spread(|(ours, _)| ours.network.median_us / 1e3),
        spread(|(ours, _)| ours.network.p95_us / 1e3),
        peer.name,
        spread(|(_, peer)| peer.times.median_us / 1e3),
        spread(|(_, peer)| peer.times.p95_us / 1e3),
        spread(|(ours, peer)| ours.network.median_us / peer.times.median_us),
        spread(|(ours, _)| ours.evidence.median_us / 1e3),
        spread(|(ours, _)| ours.evidence.p95_us / 1e3),
        spread(|(ours, _)| ours.attributed.median_us / 1e3),
        spread(|(ours, _)| ours.attributed.p95_us / 1e3),
        spread(|(ours, _)| ours.judged.median_us / 1e3),
        spread(|(ours, _)| ours.judged.p95_us / 1e3),
    ))
}
