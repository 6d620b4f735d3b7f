use crate::ask::{connect, unexpected};
use crate::output::say;
use crate::verify::read_secret;
use anyhow::{Result, bail};
use clap::Subcommand;
use std::process::ExitCode;
use stillyou_agent::ipc::{Reply, Request, SecretKind};
use stillyou_governance::Qr;
use stillyou_trust::Factor as Name;

/// What proves who you are, beside your password
#[derive(Subcommand)]
pub enum Factor {
    /// Say which factors answer now, and which are set up
    List,
    /// Set up an authenticator for one-time codes, or another one in its place (needs `verify` first)
    Totp {
        /// Read the authenticator's first code from standard input
        #[arg(long)]
        stdin: bool,
    },
    /// Make ten recovery codes; older ones no longer count (needs `verify` first)
    RecoveryCodes,
}

pub fn run(what: &Factor) -> Result<ExitCode> {
    match what {
        Factor::List => list(),
        Factor::Totp { stdin } => totp(*stdin),
        Factor::RecoveryCodes => recovery_codes(),
    }
}

fn list() -> Result<ExitCode> {
    let status = match connect()?.ask(&Request::Status {})? {
        Reply::Status { status } => status,
        other => return unexpected(other),
    };
    let names: Vec<&str> = status.factors.iter().map(|factor| factor.name()).collect();
    say!("{} of these answers now: {}", status.factors_needed, names.join(", "));
    for own in &status.own_factors {
        let state = match (own.set_up, own.left) {
            (true, Some(left)) => format!("set up, {left} left"),
            (true, None) => "set up".into(),
            (false, _) if own.needed => {
                format!("not set up; policy needs it: `stillyou factor {}`", command(own.factor))
            }
            (false, _) => format!("not set up: `stillyou factor {}`", command(own.factor)),
        };
        say!("{}: {state}", own.factor.name());
    }
    Ok(ExitCode::SUCCESS)
}

fn command(factor: Name) -> &'static str {
    match factor {
        Name::RecoveryCode => "recovery-codes",
        _ => "totp",
    }
}

fn totp(stdin: bool) -> Result<ExitCode> {
    let mut client = connect()?;
    match client.ask(&Request::SetUpTotp {})? {
        Reply::TotpKey { uri } => {
            say!("Give this to your authenticator; it is shown once:\n\n{}", Qr::of(&uri)?.in_blocks());
            say!("{uri}\n\nThen type the code that it shows.");
        }
        other => return unexpected(other),
    }
    match client.verify(SecretKind::NewTotp, read_secret(stdin, "one-time code")?)? {
        Reply::Done {} => say!("set up: its codes answer from now on"),
        Reply::Failed { why } => bail!("not set up: {why}"),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}

fn recovery_codes() -> Result<ExitCode> {
    match connect()?.ask(&Request::MakeRecoveryCodes {})? {
        Reply::RecoveryCodes { codes } => {
            say!("Keep these where nobody else finds them. Each works once, and they are shown once:\n");
            codes.iter().for_each(|code| say!("  {code}"));
        }
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}
