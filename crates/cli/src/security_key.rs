use crate::ask::{connect, done, unexpected};
use crate::output::say;
use crate::verify::read_secret;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use std::process::ExitCode;
use stillyou_agent::ipc::{Attempt, OwnKey, Reply, Request};
use stillyou_fido::Key;
use zeroize::Zeroizing;

/// Security keys that prove who you are
#[derive(Subcommand)]
pub enum SecurityKey {
    /// Set up the key that is plugged in (needs `verify` first)
    Add {
        /// What you call it; a number without
        #[arg(long)]
        name: Option<String>,
        /// Read the key's PIN from standard input, where it wants one
        #[arg(long)]
        stdin: bool,
    },
    /// Name the keys that are set up
    List,
    /// Take a key no longer (needs `verify` first)
    Remove {
        /// What you call it
        name: String,
    },
}

pub fn run(what: &SecurityKey) -> Result<ExitCode> {
    match what {
        SecurityKey::Add { name, stdin } => add(name.clone(), *stdin),
        SecurityKey::List => list(),
        SecurityKey::Remove { name } => done(&Request::RemoveKey { name: name.clone() }, "removed: it answers no more"),
    }
}

/// Proves who is there by the key that is plugged in.
pub fn check(stdin: bool) -> Result<Attempt> {
    let ask = match connect()?.ask(&Request::AskKey {})? {
        Reply::AskKey { ask } => ask,
        other => return unexpected(other),
    };
    let key = Key::find()?;
    let pin = pin(&key, ask.verify, stdin)?;
    say!("Touch your security key.");
    let answer = key.sign(&ask, pin)?;
    match connect()?.ask(&Request::CheckKey { answer })? {
        Reply::Verification { attempt } => Ok(attempt),
        other => unexpected(other),
    }
}

/// The names of keys, as a list in a line.
pub fn names(keys: &[OwnKey]) -> String {
    keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn add(name: Option<String>, stdin: bool) -> Result<ExitCode> {
    let ask = match connect()?.ask(&Request::SetUpKey {})? {
        Reply::AskNewKey { ask } => ask,
        other => return unexpected(other),
    };
    let key = Key::find()?;
    let pin = pin(&key, ask.verify, stdin)?;
    say!("Touch your security key.");
    let authenticator_data = key.make(&ask, pin)?;
    match connect()?.ask(&Request::KeepKey { name, authenticator_data })? {
        Reply::Done {} => say!("set up: it answers from now on"),
        Reply::Failed { why } => bail!("not set up: {why}"),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

fn list() -> Result<ExitCode> {
    let status = match connect()?.ask(&Request::Status {})? {
        Reply::Status { status } => status,
        other => return unexpected(other),
    };
    if status.own_keys.is_empty() {
        say!("no security key is set up: `stillyou factor security-key add`");
    }
    for key in &status.own_keys {
        let since = chrono::DateTime::from_timestamp_millis(key.since_unix_ms).unwrap_or_default();
        say!("{}, since {}", key.name, since.format("%Y-%m-%d"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The key's PIN, where it wants one.
fn pin(key: &Key, verify: bool, stdin: bool) -> Result<Option<Zeroizing<String>>> {
    if !key.wants_pin(verify)? {
        return Ok(None);
    }
    let mut typed = read_secret(stdin, "PIN of your security key")?;
    let pin = String::from_utf8(std::mem::take(&mut *typed)).ok().context("the PIN is not UTF-8 text")?;
    Ok(Some(Zeroizing::new(pin)))
}
