//! Everything that is done to the project: run, test, demo, train. `./x` installs what is missing and calls it.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod agent;
mod bench;
mod cargo;
mod check;
mod check_nets;
mod check_shap;
mod demo;
mod docs;
mod floors;
mod frontend;
mod fuzz;
mod machine;
mod models;
mod package;
mod run;
mod shots;
mod soak;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::{ffi::OsString, path::PathBuf, process::ExitCode};

/// Run StillYou, test it, or watch it work.
#[derive(Parser)]
#[command(name = "x", bin_name = "./x", arg_required_else_help = true)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open the app on this desktop; without a display, or with --demo, play the guided demo
    Run {
        /// Play the guided demo even where there is a display
        #[arg(long)]
        demo: bool,
        #[command(flatten)]
        how: demo::Args,
    },
    /// Play the guided demo: a genuine typist, then another one, and the lock. Needs root (asks sudo)
    Demo(demo::Args),
    /// Everything that must hold: format, lints, licences, tests, end-to-end tests
    Test(check::Args),
    /// Compare the face's networks with onnxruntime, which it fetches
    CheckNets(check_nets::Args),
    /// The tests in the virtual machine alone, which `test --full` runs too (Debian only)
    Machine,
    /// Compare explanations with the Python package shap, which it fetches
    CheckShap(check_shap::Args),
    /// Look for bytes that break a parser's promise: see docs/fuzzing.md
    Fuzz(fuzz::Args),
    /// Work a day in virtual time and see whether memory or handles grow
    Soak(soak::Args),
    /// Measure speed and cost beside other programs, into out/bench.md. Needs root and some minutes
    Bench(bench::Args),
    /// Write manual pages, completions and the policy's schema as they lie under /usr/share, for packagers
    Docs {
        /// The folder that stands for /usr/share
        #[arg(default_value = "out/share")]
        folder: PathBuf,
    },
    /// Build a package for users and print its path
    Package(package::Args),
    /// Take pictures of every view and every tray icon
    Shots {
        /// Where they go
        #[arg(default_value = "out/shots")]
        folder: PathBuf,
        /// Those in README as well
        #[arg(long)]
        readme: bool,
    },
    /// Get networks that are not part of the program
    Models(models::Args),
    /// Train a model pack: see `./x train --help`
    #[command(disable_help_flag = true)]
    Train {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
    /// Any command of `stillyou`, built first: `./x stillyou doctor`
    #[command(disable_help_flag = true)]
    Stillyou {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match perform(Args::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("x: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(command: Command) -> Result<()> {
    match command {
        Command::Run { demo, how } => run::run(demo, how),
        Command::Demo(how) => demo::run(how),
        Command::Test(how) => check::run(&how),
        Command::CheckNets(how) => check_nets::run(&how),
        Command::Machine => machine::run(),
        Command::CheckShap(how) => check_shap::run(&how),
        Command::Fuzz(how) => fuzz::run(&how),
        Command::Soak(how) => soak::run(&how),
        Command::Bench(how) => bench::run(&how),
        Command::Docs { folder } => docs::write(&folder),
        Command::Package(how) => package::run(&how),
        Command::Shots { folder, readme } => shots::take(&folder, readme),
        Command::Models(how) => models::get(&how),
        Command::Train { args } => cargo::run_program("stillyou-train", &args),
        Command::Stillyou { args } => cargo::run_program("stillyou", &args),
    }
}
