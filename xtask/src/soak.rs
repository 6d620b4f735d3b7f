use crate::cargo::{cargo, must};
use anyhow::Result;

/// How long a day is.
#[derive(clap::Args)]
pub struct Args {
    /// Hours of work, at least 4
    #[arg(long, default_value_t = 24)]
    hours: u32,
}

/// Runs `crates/agent/src/soak.rs`, a test that plain test runs leave out; fails when something grew.
pub fn run(how: &Args) -> Result<()> {
    let mut soak = cargo();
    soak.args(["test", "--quiet", "--workspace", "--lib", "soak::", "--", "--ignored", "--nocapture"]);
    must(soak.env("STILLYOU_SOAK_HOURS", how.hours.to_string()))
}
