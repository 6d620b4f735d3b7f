use crate::cargo::{build_agent, build_app, cargo, host, must};
use crate::{frontend, machine, package};
use anyhow::{Context, Result};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// What of the tests to run.
#[derive(clap::Args)]
pub struct Args {
    /// Leave out the end-to-end tests
    #[arg(long)]
    no_end_to_end: bool,
    /// The tests on real cameras, keyboards and sessions too, in a virtual machine that is set up for them (Debian only)
    #[arg(long)]
    full: bool,
}

/// Front-end, format, lints, licences, tests, the machine's tests if asked for, end-to-end tests; stops at the first that fails.
pub fn run(how: &Args) -> Result<()> {
    step("front-end", frontend::build)?;
    step("format", || must(cargo().args(["fmt", "--all", "--check"])))?;
    step("lints", || {
        must(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
    })?;
    if installed("deny") {
        step("licences", || must(cargo().args(["deny", "--offline", "check", "licenses", "bans", "sources"])))?;
    } else {
        println!("x: skipped: licences (cargo-deny is not installed; the workflow runs it)");
    }
    step("front-end tests", frontend::test)?;
    step("tests", || must(cargo().args(["test", "--quiet", "--workspace"])))?;
    if how.full {
        step("tests in the virtual machine", machine::run)?;
    }
    if how.no_end_to_end {
        println!("x: skipped: end-to-end tests (--no-end-to-end)");
        return Ok(());
    }
    let mut package = PathBuf::new();
    step("package", || {
        package = package::debian::build()?;
        Ok(())
    })?;
    step("end-to-end tests", || end_to_end(&package))
}

/// A stage with a policy of its own needs root: without it the tests, already built, run through sudo.
fn end_to_end(package: &Path) -> Result<()> {
    let (agent, app) = (build_agent()?, build_app()?);
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--test", "stage", "--test", "end_to_end"])
        .env("STILLYOU", agent)
        .env("STILLYOU_DESKTOP", app)
        .env("STILLYOU_PACKAGE", package);
    if !rustix::process::geteuid().is_root() {
        let runner = format!("CARGO_TARGET_{}_RUNNER", host()?.to_uppercase().replace('-', "_"));
        tests.env(runner, "sudo --preserve-env=STILLYOU,STILLYOU_DESKTOP,STILLYOU_PACKAGE");
    }
    must(&mut tests)
}

fn step(name: &str, run: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("x: {name}");
    let start = Instant::now();
    run().with_context(|| format!("{name} failed"))?;
    println!("x: {name}: good ({} s)", start.elapsed().as_secs());
    Ok(())
}

fn installed(subcommand: &str) -> bool {
    let output = cargo().args([subcommand, "--version"]).output();
    output.is_ok_and(|output| output.status.success())
}
