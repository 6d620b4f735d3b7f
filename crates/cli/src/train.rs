use anyhow::{Context, Result, bail};
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

/// Hands over to `stillyou-train`, a program of its own: what learns is left out of the programs that watch.
pub fn run(args: &[OsString]) -> Result<ExitCode> {
    let program = std::env::current_exe()?.with_file_name(format!("stillyou-train{EXE_SUFFIX}"));
    if !program.is_file() {
        bail!(
            "{} is not there: it is not part of the installed app. Build it from the source with \
             `cargo build --workspace --bin stillyou-train`, or run `./x train` there",
            program.display()
        );
    }
    let status = Command::new(&program).args(args).status().with_context(|| program.display().to_string())?;
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
