use super::cost::POLICY;
use super::process::usage_below;
use super::spread::Spread;
use crate::{agent, cargo};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;
use stillyou_stage::Stage;

/// What a process held, as `stillyou-train face-memory` prints it.
#[derive(Deserialize)]
struct Held {
    rss_mib: f64,
    pss_mib: f64,
}

#[derive(Deserialize)]
struct Steps {
    behaviour: Held,
    face: Held,
    passive: Held,
    looked: Held,
}

/// Memory of an agent, and what the networks for faces add to a process that has those for keystrokes and pointer. No
/// camera is on the stage, so the two are measured apart and added up.
pub fn measure(program: &Path, models: &Path, repeats: usize) -> Result<String> {
    let pad = cargo::target().join("bench-pad");
    let from = cargo::root().join(models);
    let mut convert: Vec<OsString> = vec!["face-nets".into(), "--optional".into(), "--from".into(), from.into()];
    convert.extend([OsString::from("--out"), (&pad).into()]);
    convert.extend(["--only", "passive-v2", "--only", "passive-v1se"].map(OsString::from));
    cargo::run_program("stillyou-train", &convert)?;

    let (mut agents, mut nets) = (Vec::new(), Vec::new());
    for _ in 0..repeats {
        let stage = Stage::builder().policy(POLICY).build()?;
        stage.provide(program)?;
        let ours = agent::start(&stage, &cargo::root().join("out/bench-agent.log"))?;
        sleep(Duration::from_secs(5));
        agents.push(usage_below(ours.id())?);
        let mut process = Command::new(cargo::target().join("stillyou-train"));
        nets.push(cargo::answer::<Steps>(process.arg("face-memory").arg("--pad").arg(&pad))?);
    }
    let agent = agents.iter().map(|a| a.rss_mib).fold(0.0, f64::max);
    let looked = |of: fn(&Held) -> f64| Spread::of(nets.iter().map(|s| of(&s.looked) - of(&s.behaviour)));
    let all = nets.iter().map(|s| agent + s.looked.rss_mib - s.behaviour.rss_mib).max_by(f64::total_cmp);
    let mut page = format!(
        "\n## Memory with all networks\n\nMiB; {repeats} times: median, least and most.\n\n| what | RSS | PSS |\n|---|---|---|\n\
         | the agent, both processes, before its first look | {:.1} | {:.1} |\n",
        Spread::of(agents.iter().map(|a| a.rss_mib)),
        Spread::of(agents.iter().map(|a| a.pss_mib)),
    );
    for (what, of) in [
        ("detector, mesh and embedder add", (|s| (&s.face, &s.behaviour)) as fn(&Steps) -> (&Held, &Held)),
        ("the passive networks add", |s| (&s.passive, &s.face)),
        ("the first looks and a map of a face add", |s| (&s.looked, &s.passive)),
    ] {
        let more = |held: fn(&Held) -> f64| {
            Spread::of(nets.iter().map(|s| {
                let (after, before) = of(s);
                held(after) - held(before)
            }))
        };
        page += &format!("| {what} | {:.1} | {:.1} |\n", more(|h| h.rss_mib), more(|h| h.pss_mib));
    }
    page += &format!(
        "| all of these together | {:.1} | {:.1} |\n| agent with all networks, at most | {:.1} | |\n",
        looked(|h| h.rss_mib),
        looked(|h| h.pss_mib),
        all.context("no run")?,
    );
    Ok(page)
}
