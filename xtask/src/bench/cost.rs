use super::process::{Usage, usage_below};
use super::spread::Spread;
use crate::{agent, cargo};
use anyhow::{Context, Result, ensure};
use std::{
    path::Path,
    process::{Child, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use stillyou_recordings::{Session, typist::Typist};
use stillyou_sense::{
    Micros,
    keyboard::{Keystroke, inject::XtestTypist},
};
use stillyou_stage::{Stage, recording, type_on_time};

/// 60 words of five characters a minute.
const KEYS_PER_S: f64 = 5.0;

/// The made-up person who is enrolled.
pub const OWNER: u64 = 4;

const ENROL: usize = 10;

pub const POLICY: &str = include_str!("../demo/policy.toml");

/// Programs that listen to every key on many a desktop, all day: beside them the agent's figures mean something.
const PEERS: [(&str, &[&str]); 2] = [("xscreensaver", &["--no-splash"]), ("xinput", &["test-xi2", "--root"])];

/// CPU, wake-ups and memory of the agent and of its peers, at the same time on the same desktop, idle and while the owner
/// types.
pub fn measure(program: &Path, stretch: Duration, repeats: usize) -> Result<String> {
    let stage = Stage::builder().policy(POLICY).build()?;
    stage.provide(program)?;
    let ours = agent::start(&stage, &cargo::root().join("out/bench-agent.log"))?;
    let keys = (stretch.as_secs_f64() * KEYS_PER_S) as usize;
    let (sentences, typed) = owner(keys * repeats);
    agent::enrol(&stage, "owner", &recording("owner", &sentences), ENROL)?;
    let mut programs = vec![("StillYou, supervisor and worker".to_owned(), ours)];
    for (peer, args) in PEERS {
        let mut command = stage.command(peer);
        let child = command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        programs.push((format!("{peer} {}", args.join(" ")), child));
    }
    sleep(Duration::from_secs(5));

    type_on_time();
    let mut typist = XtestTypist::connect(stage.display())?;
    let mut idle = Vec::new();
    let mut typing = Vec::new();
    for stretch_keys in typed.chunks(keys).take(repeats) {
        idle.push(used(&programs, || {
            sleep(stretch);
            Ok(())
        })?);
        typing.push(used(&programs, || Ok(typist.type_keystrokes(stretch_keys, |_| {})?))?);
    }
    let output = stage.command("stillyou").args(["status", "--json"]).output()?;
    let status: serde_json::Value = serde_json::from_slice(&output.stdout).context("the agent's status")?;
    ensure!(status["state"]["state"] == "watching", "the owner did not stay verified: {status}");

    let mut page = format!(
        "\n## What the agent costs\n\nTwo processes with all their threads, beside others on the same X server at the same \
         time: {repeats} stretches of {} s idle, and as many of the owner typing {:.0} words a minute (median, least and \
         most). Nobody else on that desktop.\n\n\
         | program | | CPU, % of a core | wake-ups a second | RSS, MiB | PSS, MiB |\n|---|---|---|---|---|---|\n",
        stretch.as_secs(),
        KEYS_PER_S * 12.0,
    );
    for (index, (name, child)) in programs.iter_mut().enumerate() {
        ensure!(child.try_wait()?.is_none(), "{name} ended while it was measured");
        for (what, stretches) in [("idle", &idle), ("typing", &typing)] {
            let spread = |of: fn(&(Usage, f64)) -> f64| Spread::of(stretches.iter().map(|s| of(&s[index])));
            page += &format!(
                "| {} | {what} | {:.2} | {:.1} | {:.1} | {:.1} |\n",
                name.trim(),
                spread(|(used, s)| 100.0 * used.cpu_s / s),
                spread(|(used, s)| used.wake_ups / s),
                spread(|(used, _)| used.rss_mib),
                spread(|(used, _)| used.pss_mib),
            );
        }
    }
    Ok(page)
}

/// What each program used while something went on, and how many seconds that took.
fn used(programs: &[(String, Child)], something: impl FnOnce() -> Result<()>) -> Result<Vec<(Usage, f64)>> {
    let look = || programs.iter().map(|(_, child)| usage_below(child.id())).collect::<Result<Vec<Usage>>>();
    let (before, start) = (look()?, Instant::now());
    something()?;
    let (after, seconds) = (look()?, start.elapsed().as_secs_f64());
    Ok(after.into_iter().zip(before).map(|(after, before)| (after - before, seconds)).collect())
}

/// A made-up person at the pace asked for: sentences that enrol, and as many keystrokes of other typing.
fn owner(keys: usize) -> (Vec<Session>, Vec<Keystroke>) {
    let typist = Typist::new(OWNER);
    let mut typed: Vec<Keystroke> = typist.typing(1).take(keys).collect();
    let took = typed.last().map_or(1.0, |last| last.pressed_at.0 as f64 / 1e6);
    let pace = keys as f64 / KEYS_PER_S / took;
    let mut sentences = typist.record(ENROL).sessions;
    for keystroke in sentences.iter_mut().flat_map(|s| &mut s.keystrokes).chain(&mut typed) {
        for at in [&mut keystroke.pressed_at, &mut keystroke.released_at] {
            *at = Micros((at.0 as f64 * pace) as u64);
        }
    }
    (sentences, typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_types_at_the_pace_asked_for() {
        let (sentences, typed) = owner(600);
        let seconds = (typed[599].pressed_at.0 - typed[0].pressed_at.0) as f64 / 1e6;
        assert!((seconds - 120.0).abs() < 2.0, "{seconds}");
        assert_eq!(sentences.len(), ENROL);
        assert!(typed.windows(2).all(|pair| pair[0].pressed_at <= pair[1].pressed_at));
    }
}
