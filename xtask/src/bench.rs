//! Benchmarks, each beside a program that does the like, in the same run. Never part of the tests.

mod app;
mod cost;
mod lock;
mod memory;
mod nets;
mod process;
mod spread;
mod window;

use crate::cargo;
use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use std::{path::PathBuf, time::Duration};

/// What to measure, how long and how often.
#[derive(clap::Args)]
pub struct Args {
    /// One of the benchmarks; all of them without it
    #[arg(value_enum)]
    what: Option<Bench>,
    /// Seconds of each stretch of idling and of typing
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Times that everything is measured
    #[arg(long, default_value_t = 3)]
    repeats: usize,
    /// Folder of the face's networks as ONNX, for `nets` and `memory`
    #[arg(long, default_value = "../shared/models")]
    models: PathBuf,
}

/// A benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Bench {
    /// Scoring a window, beside onnxruntime
    Window,
    /// The face's networks, beside onnxruntime
    Nets,
    /// CPU, memory and wake-ups of the agent, beside other programs that listen to every key
    Cost,
    /// Memory of the agent with all networks
    Memory,
    /// From the deciding keystroke to the lock
    Lock,
    /// Weight of the desktop app, beside a bare Tauri app in the tray
    App,
}

/// Measures, prints the tables and writes them to out/bench.md.
pub fn run(how: &Args) -> Result<()> {
    ensure!(rustix::process::geteuid().is_root(), "the benchmarks need root, for a throw-away user: sudo ./x bench");
    ensure!(how.repeats > 0 && how.seconds > 0, "--seconds and --repeats must be at least 1");
    let agent = cargo::build_agent()?;
    let mut page = format!("# Benchmarks\n\nOn {}.\n", machine()?);
    for bench in Bench::value_variants().iter().filter(|bench| how.what.is_none_or(|one| one == **bench)) {
        println!("x: {}", bench.to_possible_value().and_then(|v| Some(v.get_help()?.to_string())).unwrap_or_default());
        page += &match bench {
            Bench::Window => window::measure(how.repeats)?,
            Bench::Nets => nets::measure(&how.models, how.repeats)?,
            Bench::Cost => cost::measure(&agent, Duration::from_secs(how.seconds), how.repeats)?,
            Bench::Memory => memory::measure(&agent, &how.models, how.repeats)?,
            Bench::Lock => lock::measure(&agent, how.repeats)?,
            Bench::App => {
                let stretch = Duration::from_secs(how.seconds);
                app::measure(&agent, &cargo::build_app()?, stretch, how.repeats)?
            }
        };
    }
    let file = cargo::root().join("out/bench.md");
    std::fs::create_dir_all(cargo::root().join("out"))?;
    std::fs::write(&file, &page).with_context(|| file.display().to_string())?;
    println!("\n{page}\nx: written to {}", file.display());
    Ok(())
}

/// Processor, cores, kernel, and how busy others keep it: figures mean little without.
fn machine() -> Result<String> {
    let read = |file: &str| std::fs::read_to_string(file).with_context(|| file.to_owned());
    let processors = read("/proc/cpuinfo")?;
    let name = processors.lines().find_map(|line| Some(line.strip_prefix("model name")?.split_once(": ")?.1));
    let cores = std::thread::available_parallelism()?;
    let kernel = read("/proc/sys/kernel/osrelease")?;
    let load = read("/proc/loadavg")?;
    let load: Vec<&str> = load.split(' ').take(2).collect();
    Ok(format!(
        "{} ({cores} cores), Linux {}, built as `./x` builds (profile dev, optimised); load average at the start {} \
         (1 min) and {} (5 min)",
        name.unwrap_or("an unnamed processor"),
        kernel.trim(),
        load[0],
        load[1],
    ))
}
