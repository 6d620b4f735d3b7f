use super::spread::Spread;
use crate::check_nets::{Pair, compare};
use anyhow::{Context, Result};
use std::path::Path;

/// Looks of one run.
const ROUNDS: usize = 60;

/// Looks at made-up pictures with our networks and with onnxruntime in turns, on one thread each.
pub fn measure(models: &Path, repeats: usize) -> Result<String> {
    let runs = (0..repeats.max(3)).map(|_| compare(models, ROUNDS)).collect::<Result<Vec<_>>>()?;
    let first = runs.first().context("a run")?;
    let spread = |of: &dyn Fn(&Pair) -> f64| Spread::of(runs.iter().map(of));
    let mut page = format!(
        "\n## The face's networks\n\nMilliseconds of a look, one thread; each a median of runs taken in turns, and the least \
         and the most of them ({} runs of {ROUNDS} looks). Peer: {}.\n\n\
         | network | pictures | ours | peer | ratio |\n|---|---|---|---|---|\n",
        runs.len(),
        first.peer.version,
    );
    for (at, net) in first.peer.nets.iter().enumerate() {
        let (ours, peer) = (|p: &Pair| p.ours.nets[at].median_ms, |p: &Pair| p.peer.nets[at].median_ms);
        page += &format!(
            "| {}{} | {} | {:.2} | {:.2} | {:.2} |\n",
            net.name,
            if first.ours.nets[at].in_look { "" } else { " (not in a look)" },
            first.ours.nets[at].passes,
            spread(&ours),
            spread(&peer),
            spread(&|p| ours(p) / peer(p)),
        );
    }
    page += &format!(
        "| all of a look | | {:.1} | {:.1} | {:.2} |\n",
        spread(&|p| p.ours.look_median_ms),
        spread(&|p| p.peer.look_median_ms),
        spread(&|p| p.ours.look_median_ms / p.peer.look_median_ms),
    );
    Ok(page)
}
