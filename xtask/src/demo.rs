//! The guided demo: a genuine typist is enrolled and works on, another one takes over, the session locks.

mod app;
mod counters;
mod play;
mod svg;
mod terminal;
mod timeline;
mod typists;
mod watch;

use crate::cargo;
use anyhow::{Context, Result, ensure};
use std::{
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

/// Who types, and where the picture goes.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Recorded people (CSV or CSV.gz); without it seeded, made-up typists type
    #[arg(long, requires_all = ["genuine", "impostor"])]
    typing: Option<PathBuf>,
    /// Subject who is enrolled and types first
    #[arg(long, requires = "typing")]
    genuine: Option<String>,
    /// Subject who takes over
    #[arg(long, requires = "typing")]
    impostor: Option<String>,
    /// Seed of the made-up typists
    #[arg(long, default_value_t = 1, conflicts_with = "typing")]
    seed: u64,
    /// Where the score's timeline is drawn
    #[arg(long, default_value = "out/demo.svg")]
    svg: PathBuf,
    /// Agent and app, already built
    #[arg(long, hide = true, num_args = 2)]
    built: Option<Vec<PathBuf>>,
}

/// Builds agent and app, becomes root when need be, and plays.
pub fn run(how: Args) -> Result<()> {
    let (agent, app) = match how.built.as_deref() {
        Some([agent, app]) => (agent.clone(), app.clone()),
        _ => (cargo::build_agent()?, cargo::build_app()?),
    };
    if !rustix::process::geteuid().is_root() {
        return as_root(&how, &agent, &app);
    }
    let cast = typists::cast(how.typing.as_deref(), how.genuine.as_deref(), how.impostor.as_deref(), how.seed)?;
    let timeline = play::play(&cast, &agent, &app)?;

    let svg = cargo::root().join(&how.svg);
    if let Some(folder) = svg.parent() {
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    std::fs::write(&svg, svg::draw(&timeline)).with_context(|| svg.display().to_string())?;
    give_back(&svg);
    println!("The score's timeline: {}", svg.display());
    let outcome = timeline.outcome()?;
    println!("demo: step-up after {} keystrokes, locked after {}", outcome.step_up_after, outcome.locked_after);
    Ok(())
}

/// The stage needs root: a user of its own and a namespace with a policy of its own.
fn as_root(how: &Args, agent: &Path, app: &Path) -> Result<()> {
    let sudo = Command::new("sudo").arg("--version").output();
    ensure!(
        sudo.is_ok_and(|output| output.status.success()),
        "the demo needs root, for a throw-away user and a policy of its own, and there is no sudo: run `./x demo` as root"
    );
    println!("The demo needs root, for a throw-away user and a policy of its own: asking sudo.");
    let mut command = Command::new("sudo");
    command.arg(std::env::current_exe()?).arg("demo").arg("--built").args([agent, app]).arg("--svg").arg(&how.svg);
    match (&how.typing, &how.genuine, &how.impostor) {
        (Some(typing), Some(genuine), Some(impostor)) => {
            let typing = std::path::absolute(typing)?;
            command.arg("--typing").arg(typing).args(["--genuine", genuine, "--impostor", impostor]);
        }
        _ => _ = command.args(["--seed", &how.seed.to_string()]),
    }
    Err(command.exec()).context("sudo")
}

/// What root wrote for a user belongs to the user.
fn give_back(file: &Path) {
    let id = |name: &str| std::env::var(name).ok().and_then(|id| id.parse().ok());
    for path in [Some(file), file.parent()].into_iter().flatten() {
        // A convenience: the file is there either way.
        let _ = std::os::unix::fs::chown(path, id("SUDO_UID"), id("SUDO_GID"));
    }
}
