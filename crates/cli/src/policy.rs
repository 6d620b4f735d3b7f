use crate::ask::variable;
use crate::output::say;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;
use stillyou_trust::Policy;

pub fn check(file: Option<PathBuf>) -> Result<ExitCode> {
    match file {
        Some(file) => {
            let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            Policy::parse(&text, &file.display().to_string())?;
            say!("{}: understood and safe", file.display());
        }
        None => {
            let (system, user) = stillyou_agent::policies(variable);
            let loaded = stillyou_agent::load_policy(&system, user.as_deref())?;
            match loaded.files.as_slice() {
                [] => say!("no policy documents: the defaults are in force"),
                files => files.iter().for_each(|f| say!("{}: understood and safe", f.display())),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn schema() -> Result<ExitCode> {
    say!("{:#}", Policy::schema());
    Ok(ExitCode::SUCCESS)
}
