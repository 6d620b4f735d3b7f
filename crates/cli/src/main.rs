//! `stillyou`: the agent, and everything for a terminal.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod agent;
mod args;
mod ask;
mod case;
mod doctor;
mod documents;
mod drill;
mod evaluate;
mod face;
mod factor;
mod grant;
mod ledger;
mod output;
mod policy;
mod policy_explain;
mod replay;
mod report;
mod review;
mod security_key;
mod show;
mod train;
mod verify;

use args::{Command, Drill, Evaluate, Ledger, Policy};
use clap::Parser;
use std::alloc::System;
use std::process::ExitCode;
use stillyou_agent::ipc::Request;
use zeroizing_alloc::ZeroAlloc;

/// Every piece of memory is wiped when it is given back: channels, X events and tensors that held keys included, which
/// no type of ours could wipe.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    let args = args::Args::parse();
    let outcome = match args.command {
        Command::Agent(how) => agent::run(&how),
        Command::Quit => ask::quit(),
        Command::Enroll(how) => ask::enroll(how),
        Command::Status(how) => ask::status(&how),
        Command::Verify(how) => verify::run(&how),
        Command::Factor { what } => factor::run(&what),
        Command::Erase => ask::erase(&Request::Erase {}),
        Command::WithdrawConsent => ask::erase(&Request::WithdrawConsent {}),
        Command::Pause { minutes } => {
            ask::done(&Request::Pause { minutes }, "paused: nothing is captured until it is over or `stillyou resume`")
        }
        Command::Resume => ask::done(&Request::Resume {}, "monitoring goes on"),
        Command::Lock => ask::done(&Request::Lock {}, "the session is being locked"),
        Command::Sensor { modality, to } => {
            ask::done(&Request::Turn { modality, on: to == "on" }, &format!("{modality} sensor: {to}"))
        }
        Command::Stored => ask::stored(),
        Command::Explain { list: true, .. } => ask::decisions(),
        Command::Explain { entry, json, .. } => ask::explain(entry, json),
        Command::Ledger { what: Ledger::Verify } => ask::verify_ledger(),
        Command::Ledger { what: Ledger::Prove { entry, with_entry } } => ledger::prove(entry, with_entry),
        Command::Ledger { what: Ledger::Check(how) } => ledger::check(&how),
        Command::Ledger { what: Ledger::Export { from, follow, json } } => ledger::export(from, follow, json),
        Command::Case { what } => case::run(what),
        Command::Grant { what } => grant::run(what),
        Command::Review { what } => review::run(what),
        Command::Report(how) => report::run(&how),
        Command::Policy { what: Policy::Check { file } } => policy::check(file),
        Command::Policy { what: Policy::Explain { field } } => policy_explain::explain(field.as_deref()),
        Command::Policy { what: Policy::Schema } => policy::schema(),
        Command::Evaluate { what: Evaluate::Keystroke(how) } => evaluate::keystroke(&how),
        Command::Evaluate { what: Evaluate::Session(how) } => evaluate::session(&how),
        Command::Evaluate { what: Evaluate::Pointer(how) } => evaluate::pointer(&how),
        Command::Evaluate { what: Evaluate::Face(how) } => evaluate::face(&how),
        Command::Evaluate { what: Evaluate::Pad(how) } => evaluate::pad(&how),
        Command::Evaluate { what: Evaluate::LiveCheck(how) } => evaluate::live_check(&how),
        Command::Evaluate { what: Evaluate::Fixed(how) } => evaluate::fixed(&how),
        Command::Evaluate { what: Evaluate::Attacks(how) } => evaluate::attacks(&how),
        Command::Train { args } => train::run(&args),
        Command::Replay(how) => replay::run(&how),
        Command::Drill { what: Drill::BiometricOutage(how) } => drill::biometric_outage(&how),
        Command::Doctor { timing } => doctor::run(timing),
        Command::Completions { shell } => documents::completions(shell),
        Command::Man { folder } => documents::man(&folder),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("stillyou: {error:#}");
        ExitCode::FAILURE
    })
}
