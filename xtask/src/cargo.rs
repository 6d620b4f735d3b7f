use anyhow::{Context, Result, ensure};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// Cargo, in the root of the checkout, as whoever calls `x` would call it: packages that watch what the cargo that runs us says
/// of our own package (ring does) would else be built anew each time, and all that depends on them.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    let of_our_package = |name: &OsString| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    };
    for (name, _) in std::env::vars_os().filter(|(name, _)| of_our_package(name)) {
        command.env_remove(name);
    }
    command
}

/// Runs a command; its failure is an error that names it.
pub fn must(command: &mut Command) -> Result<()> {
    let line = line(command);
    let status = command.status().with_context(|| format!("can't run `{line}`"))?;
    ensure!(status.success(), "`{line}` failed ({status})");
    Ok(())
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    // We were built there ourselves, into target/debug.
    let exe = std::env::current_exe().unwrap_or_default();
    exe.parent().map(Path::to_owned).unwrap_or_else(|| root().join("target/debug"))
}

/// Builds the agent and returns its program.
pub fn build_agent() -> Result<PathBuf> {
    build("stillyou")
}

/// Builds the desktop app, its pages first, and returns its program.
pub fn build_app() -> Result<PathBuf> {
    build("stillyou-desktop")
}

/// Builds a program and runs it with `args`.
pub fn run_program(name: &str, args: &[OsString]) -> Result<()> {
    must(Command::new(build(name)?).args(args))
}

/// Builds a program with the features that the tests have, so that nothing is built twice: those of the whole
/// workspace and, because a test is built along, of its development dependencies.
fn build(name: &str) -> Result<PathBuf> {
    crate::frontend::build()?;
    must(cargo().args(["build", "--workspace", "--bin", name, "--test", "stage"]))?;
    let program = target().join(name);
    ensure!(program.exists(), "the build left no {}", program.display());
    Ok(program)
}

/// A Python of our own in the folder that cargo builds into, with packages from PyPI.
pub fn python(name: &str, wheels: &[&str]) -> Result<PathBuf> {
    let folder = target().join(name);
    let python = folder.join("bin/python");
    if !python.exists() {
        must(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    must(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(wheels))?;
    Ok(python)
}

/// The JSON object that a program prints.
pub fn answer<T: serde::de::DeserializeOwned>(command: &mut Command) -> Result<T> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stderr(std::process::Stdio::inherit()).output().with_context(|| name.clone())?;
    ensure!(output.status.success(), "{name} failed ({})", output.status);
    serde_json::from_slice(&output.stdout).with_context(|| format!("what {name} printed"))
}

/// The target triple that is built for by default.
pub fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output().context("rustc -vV")?;
    let text = String::from_utf8(output.stdout).context("rustc -vV")?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc -vV names no host")?;
    Ok(host.to_owned())
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
