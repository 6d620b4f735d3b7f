use crate::ask::places;
use anyhow::Result;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Runs the agent until it fails or the session ends. Logs to standard error; what is typed is never in it.
pub fn run() -> Result<ExitCode> {
    let filter = EnvFilter::try_from_env("STILLYOU_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    stillyou_agent::run(&places()?)?;
    Ok(ExitCode::SUCCESS)
}
