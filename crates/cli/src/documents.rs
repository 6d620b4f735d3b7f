use crate::args::Args;
use crate::output::text;
use anyhow::{Context, Result};
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use std::path::Path;
use std::process::ExitCode;

/// Prints the script that completes `stillyou` commands in a shell.
pub fn completions(shell: Shell) -> Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut visible(&Args::command()), "stillyou", &mut script);
    text(&String::from_utf8(script)?);
    Ok(ExitCode::SUCCESS)
}

/// Writes a page for `stillyou` and for each of its commands: `stillyou-ledger-verify.1`.
pub fn man(folder: &Path) -> Result<ExitCode> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let mut stillyou = Args::command().disable_help_subcommand(true);
    stillyou.build();
    pages(&stillyou, folder)?;
    Ok(ExitCode::SUCCESS)
}

/// The command without what is hidden, which completion scripts would show.
fn visible(command: &Command) -> Command {
    Command::new(command.get_name().to_owned())
        .about(command.get_about().cloned().unwrap_or_default())
        .version(command.get_version().unwrap_or_default().to_owned())
        .disable_version_flag(command.get_version().is_none())
        .args(command.get_arguments().filter(|argument| !argument.is_hide_set()))
        .subcommands(command.get_subcommands().filter(|inner| !inner.is_hide_set()).map(visible))
}

fn pages(command: &Command, folder: &Path) -> Result<()> {
    let source = concat!("StillYou ", env!("CARGO_PKG_VERSION"));
    let page = Man::new(command.clone()).source(source).manual("StillYou");
    let file = folder.join(page.get_filename());
    let mut roff = Vec::new();
    page.render(&mut roff)?;
    if command.get_name() == "stillyou" {
        around().to_writer(&mut roff)?;
    }
    std::fs::write(&file, roff).with_context(|| file.display().to_string())?;
    command.get_subcommands().filter(|inner| !inner.is_hide_set()).try_for_each(|inner| pages(inner, folder))
}

/// What the main page says beyond the command line.
fn around() -> Roff {
    let mut roff = Roff::new();
    let mut section = |name: &str, entries: &[(&str, &str)]| {
        roff.control("SH", [name]);
        for (what, is) in entries {
            roff.control("TP", []).text([bold(*what)]).text([roman(*is)]);
        }
    };
    section(
        "FILES",
        &[
            ("/etc/stillyou/policy.toml", "The policy. Read only when nobody but root can write it."),
            ("$XDG_CONFIG_HOME/stillyou/policy.toml", "A user's own policy, which may only tighten the one above."),
            ("$XDG_STATE_HOME/stillyou/ledger.db", "The record of decisions."),
            ("$XDG_RUNTIME_DIR/stillyou/", "The agent's socket."),
        ],
    );
    section(
        "ENVIRONMENT",
        &[("STILLYOU_LOG", "What the agent logs to standard error: error, warn, info (the default), debug or trace.")],
    );
    section(
        "EXIT STATUS",
        &[
            ("0", "Done; of doctor and the checks: all is well."),
            ("1", "Not done; standard error says why."),
            ("2", "The command line is not understood."),
            ("3", "From agent: another agent runs already."),
        ],
    );
    roff
}
