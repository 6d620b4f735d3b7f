use crate::ask::{connect, unexpected};
use crate::face;
use crate::output::say;
use crate::security_key;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use stillyou_agent::ipc::{Attempt, Reply, SecretKind};
use zeroize::Zeroizing;

#[derive(Args)]
pub struct Verify {
    /// With what
    #[arg(long, value_enum, default_value_t = With::Password)]
    with: With,
    /// Read the password, the code or the key's PIN from standard input up to the first line end
    #[arg(long, visible_alias = "stdin")]
    password_stdin: bool,
}

/// A factor, as somebody names it.
#[derive(Clone, Copy, ValueEnum)]
pub enum With {
    /// The password of this computer
    Password,
    /// A one-time code of an authenticator
    Totp,
    /// A recovery code
    RecoveryCode,
    /// The face, doing what it is asked to
    Face,
    /// A security key that is plugged in (FIDO2)
    SecurityKey,
    /// The pass-phrase of StillYou's own
    PassPhrase,
}

pub fn run(how: &Verify) -> Result<ExitCode> {
    let (kind, what) = match how.with {
        With::Password => (SecretKind::Password, "password"),
        With::Totp => (SecretKind::Totp, "one-time code"),
        With::RecoveryCode => (SecretKind::RecoveryCode, "recovery code"),
        With::PassPhrase => (SecretKind::PassPhrase, "pass-phrase"),
        With::Face => return came_of(face::check()?, "live check"),
        With::SecurityKey => return came_of(security_key::check(how.password_stdin)?, "security key"),
    };
    let secret = read_secret(how.password_stdin, what)?;
    match connect()?.verify(kind, secret)? {
        Reply::Verification { attempt } => came_of(attempt, what),
        other => unexpected(other),
    }
}

fn came_of(attempt: Attempt, what: &str) -> Result<ExitCode> {
    match attempt {
        Attempt::Verified {} => say!("verified"),
        Attempt::More { factors } => {
            say!("right; {factors} more of the factors that `stillyou factor list` names are needed");
        }
        Attempt::Wrong { wait_seconds, why: Some(why), .. } if wait_seconds > 0 => {
            bail!("{what}: {why}; try again in {wait_seconds} s")
        }
        Attempt::Wrong { why: Some(why), .. } => bail!("{what}: {why}"),
        Attempt::Wrong { tries_left: 0, wait_seconds, .. } => bail!("wrong {what}; try again in {wait_seconds} s"),
        Attempt::Wrong { tries_left, .. } => bail!("wrong {what}; {tries_left} more before you have to wait"),
        Attempt::Wait { seconds } => bail!("too many wrong answers; try again in {seconds} s"),
        Attempt::Disabled {} => bail!("far too many wrong answers; lock the session and sign in again"),
        Attempt::Unavailable { why } => bail!("the {what} can't be checked: {why}"),
    }
    Ok(ExitCode::SUCCESS)
}

/// A secret, typed unseen or read from standard input.
pub fn read_secret(stdin: bool, what: &str) -> Result<Zeroizing<Vec<u8>>> {
    let reading = || format!("reading the {what}");
    if stdin {
        let mut line = Zeroizing::new(Vec::with_capacity(1024));
        std::io::stdin().lock().read_until(b'\n', &mut line).with_context(reading)?;
        while matches!(line.last(), Some(b'\n' | b'\r')) {
            line.pop();
        }
        return Ok(line);
    }
    if !std::io::stdin().is_terminal() {
        bail!("no terminal to ask for the {what}; use --stdin");
    }
    let prompt = format!("{}{}: ", what[..1].to_uppercase(), &what[1..]);
    Ok(Zeroizing::new(rpassword::prompt_password(prompt).with_context(reading)?.into_bytes()))
}
