use crate::ask::{connect, unexpected};
use crate::output::say;
use crate::security_key::{self, SecurityKey};
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
    /// Set up a pass-phrase of StillYou's own, or another one in its place (needs `verify` first)
    PassPhrase {
        /// Read it from standard input up to the first line end
        #[arg(long)]
        stdin: bool,
    },
    /// Security keys (FIDO2)
    SecurityKey {
        #[command(subcommand)]
        what: SecurityKey,
    },
}

pub fn run(what: &Factor) -> Result<ExitCode> {
    match what {
        Factor::List => list(),
        Factor::Totp { stdin } => totp(*stdin),
        Factor::RecoveryCodes => recovery_codes(),
        Factor::PassPhrase { stdin } => pass_phrase(*stdin),
        Factor::SecurityKey { what } => security_key::run(what),
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
        let state = match (own.set_up, own.left, own.factor) {
            (true, Some(left), _) => format!("set up, {left} left"),
            (true, None, Name::SecurityKey) => format!("set up: {}", security_key::names(&status.own_keys)),
            (true, None, _) => "set up".into(),
            (false, ..) if own.needed => {
                format!("not set up; policy needs it: `stillyou factor {}`", command(own.factor))
            }
            (false, ..) => format!("not set up: `stillyou factor {}`", command(own.factor)),
        };
        say!("{}: {state}", own.factor.name());
    }
    Ok(ExitCode::SUCCESS)
}

fn command(factor: Name) -> &'static str {
    match factor {
        Name::RecoveryCode => "recovery-codes",
        Name::PassPhrase => "pass-phrase",
        Name::SecurityKey => "security-key add",
        _ => "totp",
    }
}

fn totp(stdin: bool) -> Result<ExitCode> {
    match connect()?.ask(&Request::SetUpTotp {})? {
        Reply::TotpKey { uri } => {
            say!("Give this to your authenticator; it is shown once:\n\n{}", Qr::of(&uri)?.in_blocks());
            say!("{uri}\n\nThen type the code that it shows.");
        }
        other => return unexpected(other),
    }
    // Read before connecting: the agent hangs up after ten seconds of silence.
    let code = read_secret(stdin, "one-time code")?;
    match connect()?.verify(SecretKind::NewTotp, code)? {
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

fn pass_phrase(stdin: bool) -> Result<ExitCode> {
    match connect()?.ask(&Request::SetUpPassPhrase {})? {
        Reply::Done {} => {}
        other => return unexpected(other),
    }
    if !stdin {
        say!("15 characters or more, such as five words that don't belong together. It is typed unseen.");
    }
    let typed = read_secret(stdin, "pass-phrase")?;
    if !stdin && *read_secret(stdin, "same pass-phrase again")? != *typed {
        bail!("not set up: what you typed the second time is another one");
    }
    match connect()?.verify(SecretKind::NewPassPhrase, typed)? {
        Reply::Done {} => say!("set up: it answers from now on"),
        Reply::Failed { why } => bail!("not set up: {why}"),
        other => return unexpected(other),
    }
    Ok(ExitCode::SUCCESS)
}
