//! Fuzzing with libFuzzer on the stable toolchain: coverage counters are an LLVM pass that needs no nightly option, and no
//! cargo-fuzz either (which finds its way in `fuzz/` as well). `docs/fuzzing.md` says what is fuzzed.

use crate::cargo::{cargo, host, must, root};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};
use tempfile::TempDir;

/// What to fuzz, and how long.
#[derive(clap::Args)]
pub struct Args {
    /// The target, a name in `fuzz/fuzz_targets`; all of them, one after the other, without it
    target: Option<String>,
    /// How many inputs a target is given
    #[arg(long, default_value_t = 1_000_000)]
    runs: u64,
    /// Take the smallest of what was found interesting into `fuzz/corpus`
    #[arg(long)]
    keep: bool,
}

/// Coverage counters in every crate, and what tells the fuzzer which values were compared.
const INSTRUMENT: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The most bytes that `--keep` adds to a target's corpus.
const KEPT_BYTES: u64 = 8_000;

/// Builds and fuzzes; stops at the first target with a finding.
pub fn run(how: &Args) -> Result<()> {
    let targets = targets()?;
    let chosen: Vec<&String> = match &how.target {
        Some(name) => targets.iter().filter(|target| *target == name).collect(),
        None => targets.iter().collect(),
    };
    if chosen.is_empty() {
        bail!("there is no target of that name; there are {}", targets.join(", "));
    }
    let programs = build()?;
    for name in chosen {
        let target = Target { name, program: programs.join(name) };
        target.fuzz(how.runs)?;
        if how.keep {
            target.keep()?;
        }
    }
    Ok(())
}

struct Target<'a> {
    name: &'a str,
    program: PathBuf,
}

impl Target<'_> {
    fn fuzz(&self, runs: u64) -> Result<()> {
        let (grown, log) = (self.grown(), folder("logs")?.join(self.name));
        fs::create_dir_all(&grown)?;
        let start = Instant::now();
        let quiet = scratch()?;
        let status = Command::new(&self.program)
            .args([&grown, &corpus(self.name)])
            .args(["-print_final_stats=1", "-timeout=20", "-rss_limit_mb=4096"])
            .arg(format!("-runs={runs}"))
            .arg(format!("-artifact_prefix={}/{}-", folder("found")?.display(), self.name))
            .env("TMPDIR", quiet.path())
            .stderr(File::create(&log).context("the log")?)
            .status()
            .with_context(|| self.program.display().to_string())?;
        let said = fs::read_to_string(&log).unwrap_or_default();
        let last = said.lines().rev().find(|line| is_progress(line)).unwrap_or("no input was run");
        println!("{:12} {last} ({} s)", self.name, start.elapsed().as_secs());
        ensure!(status.success(), "{} broke a promise: see {}", self.name, log.display());
        Ok(())
    }

    /// Of the inputs that add coverage to the corpus, the smallest.
    fn keep(&self) -> Result<()> {
        let merged = scratch()?;
        let mut merge = Command::new(&self.program);
        merge.arg("-set_cover_merge=1").arg(merged.path()).args([corpus(self.name), self.grown()]);
        must(merge.env("TMPDIR", scratch()?.path()).stderr(File::create(folder("logs")?.join("merge"))?))?;
        let mut found: Vec<(u64, PathBuf)> = Vec::new();
        for entry in fs::read_dir(merged.path())? {
            let entry = entry?;
            found.push((entry.metadata()?.len(), entry.path()));
        }
        found.sort();
        let mut bytes = 0;
        for (len, path) in found {
            bytes += len;
            if bytes > KEPT_BYTES {
                break;
            }
            fs::copy(&path, corpus(self.name).join(path.file_name().unwrap_or_default()))?;
        }
        Ok(())
    }

    /// What the fuzzer found interesting so far.
    fn grown(&self) -> PathBuf {
        root().join("fuzz/target/corpus").join(self.name)
    }
}

/// Whether libFuzzer says there how far it is: `#1048576 pulse cov: ...`.
fn is_progress(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("fuzz/fuzz_targets"))? {
        names.push(entry?.path().file_stem().unwrap_or_default().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Naming the host as the target keeps build scripts and procedural macros free of counters.
fn build() -> Result<PathBuf> {
    let host = host()?;
    let mut build = cargo();
    build.args(["build", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "fuzz/target"]);
    must(build.args(["--bins", "--target", &host]).env("RUSTFLAGS", INSTRUMENT))?;
    Ok(root().join("fuzz/target").join(host).join("release"))
}

fn corpus(target: &str) -> PathBuf {
    root().join("fuzz/corpus").join(target)
}

fn folder(name: &str) -> Result<PathBuf> {
    let folder = root().join("fuzz/target").join(name);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    Ok(folder)
}

/// In memory where there is such a place: some targets write a file an input.
fn scratch() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? })
}
