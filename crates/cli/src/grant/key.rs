use crate::output::say;
use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use std::io::BufRead;
use std::process::ExitCode;
use stillyou_agent::{own_identity, user_id};
use stillyou_governance::{SigningKey, VoiceKey};
use stillyou_vault::{Owner, Vault, device_id};
use zeroize::Zeroizing;

/// An approver's keys.
#[derive(Subcommand)]
pub enum Key {
    /// Make the key that you sign with, and print the lines for the administrator's policy
    New {
        /// In the place of one that you have
        #[arg(long)]
        replace: bool,
    },
    /// Print those lines again
    Show,
    /// The desk's secret for grants by telephone, from which each device has its own
    Telephone(Telephone),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Telephone {
    /// Make one, in the place of one that you have
    #[arg(long)]
    pub new: bool,
    /// Print it, for another approver at the desk
    #[arg(long)]
    pub print: bool,
    /// Take the one that another approver printed, from standard input
    #[arg(long)]
    pub import: bool,
    /// Print the secret of this device, for its administrator to put into its file voice.key
    #[arg(long, value_name = "NAME")]
    pub device: Option<String>,
}

pub fn run(what: Key) -> Result<ExitCode> {
    let vault = vault()?;
    match what {
        Key::New { replace } => {
            if !replace && vault.approver_key()?.is_some() {
                bail!("there is a key in your keychain already; --replace makes another in its place");
            }
            lines(&SigningKey::from_secret(&*vault.new_approver_key()?))?;
        }
        Key::Show => match vault.approver_key()? {
            Some(key) => lines(&SigningKey::from_secret(&key))?,
            None => bail!("there is no key in your keychain; `stillyou grant key new` makes one"),
        },
        Key::Telephone(how) => telephone(&vault, how)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// This user's keychain.
pub fn vault() -> Result<Vault> {
    Ok(Vault::open(Owner { user: user_id(), device: device_id()? })?)
}

fn lines(key: &SigningKey) -> Result<()> {
    let me = own_identity().map_err(|why| anyhow!(why))?;
    say!("[[governance.approvers]]");
    say!("id = {:?}", me.person());
    say!("roles = [\"service-desk\"]");
    say!("key = \"{}\"", key.public());
    eprintln!(
        "An administrator puts these lines into every device's policy, with your roles: service-desk, security, manager."
    );
    Ok(())
}

fn telephone(vault: &Vault, how: Telephone) -> Result<()> {
    if how.new {
        vault.new_desk_secret()?;
        say!("made; every device needs its secret from it: stillyou grant key telephone --device NAME");
        return Ok(());
    }
    if how.import {
        let mut line = Zeroizing::new(String::new());
        std::io::stdin().lock().read_line(&mut line).context("standard input")?;
        let secret =
            VoiceKey::from_hex(&line).ok_or_else(|| anyhow!("a secret is 64 lower-case hexadecimal digits"))?;
        vault.keep_desk_secret(secret.as_bytes())?;
        say!("taken");
        return Ok(());
    }
    let secret =
        vault.desk_secret()?.ok_or_else(|| anyhow!("there is no secret for the telephone in your keychain"))?;
    let shown = match how.device {
        Some(device) => VoiceKey::of_device(&secret, &device),
        None => VoiceKey::new(*secret),
    };
    say!("{}", *shown.to_hex());
    Ok(())
}
