use super::process::{Usage, usage_below};
use super::spread::Spread;
use crate::{agent, cargo};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use stillyou_stage::{Panel, Stage};

const POLICY: &str = include_str!("../demo/policy.toml");

/// How long a program is left alone before it is weighed.
const SETTLE: Duration = Duration::from_secs(8);

/// What was seen of a program in the tray, and again with a window.
struct Weight {
    icon_ms: f64,
    used: Usage,
    seconds: f64,
}

/// The app's weight in the tray and with a window open, and how long it takes to its icon; beside the least that a Tauri app in
/// the tray can be, on the same desktop, in turns.
pub fn measure(agent_program: &Path, app_program: &Path, stretch: Duration, repeats: usize) -> Result<String> {
    let bare = build_bare()?;
    let stage = Stage::builder().policy(POLICY).build()?;
    for program in [agent_program, app_program, &bare] {
        stage.provide(program)?;
    }
    let mut running = agent::start(&stage, &cargo::root().join("out/bench-agent.log"))?;
    let programs: [(&str, &str, &[&str]); 4] = [
        ("StillYou's app, in the tray", "stillyou-desktop", &["--once"]),
        ("bare Tauri app, in the tray", "bare-tray", &[]),
        ("StillYou's app, with its window", "stillyou-desktop", &["--once", "--open", "now"]),
        ("bare Tauri app, with an empty window", "bare-tray", &["--window"]),
    ];
    let mut weights: [Vec<Weight>; 4] = Default::default();
    for _ in 0..repeats {
        for ((_, program, args), weights) in programs.iter().zip(&mut weights) {
            weights.push(weigh(&stage, program, args, stretch)?);
        }
    }
    let agent_used = usage_below(running.id())?;
    running.kill()?;
    running.wait()?;

    let mut page = format!(
        "\n## What the app weighs\n\nAll processes of the app, the webview's too, without the agent (which holds {:.1} MiB resident, \
         {:.1} MiB PSS): {repeats} times {} s, {} s after the start, nobody typing (median, least and most).\n\n\
         | program | start to tray icon, ms | RSS, MiB | PSS, MiB | CPU, % of a core | wake-ups a second |\n\
         |---|---|---|---|---|---|\n",
        agent_used.rss_mib,
        agent_used.pss_mib,
        stretch.as_secs(),
        SETTLE.as_secs(),
    );
    for ((name, ..), weights) in programs.iter().zip(&weights) {
        let spread = |of: fn(&Weight) -> f64| Spread::of(weights.iter().map(of));
        page += &format!(
            "| {name} | {:.0} | {:.1} | {:.1} | {:.2} | {:.1} |\n",
            spread(|w| w.icon_ms),
            spread(|w| w.used.rss_mib),
            spread(|w| w.used.pss_mib),
            spread(|w| 100.0 * w.used.cpu_s / w.seconds),
            spread(|w| w.used.wake_ups / w.seconds),
        );
    }
    Ok(page)
}

fn weigh(stage: &Stage, program: &str, args: &[&str], stretch: Duration) -> Result<Weight> {
    let panel = Panel::on(stage)?;
    let mut command = stage.command(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = Running(command.spawn().with_context(|| program.to_owned())?);
    panel.wait_for_icon()?;
    let icon_ms = start.elapsed().as_secs_f64() * 1e3;
    sleep(SETTLE);
    let (before, start) = (usage_below(child.0.id())?, Instant::now());
    sleep(stretch);
    let used = usage_below(child.0.id())? - before;
    Ok(Weight { icon_ms, used, seconds: start.elapsed().as_secs_f64() })
}

fn build_bare() -> Result<PathBuf> {
    let folder = cargo::root().join("xtask/bare_tray");
    let mut build = cargo::cargo();
    build.args(["build", "--locked", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    cargo::must(build.arg("--target-dir").arg(folder.join("target")))?;
    Ok(folder.join("target/debug/bare-tray"))
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
