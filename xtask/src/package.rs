//! Packages for users, of the programs that were tested: one profile, stripped.

pub mod debian;
mod licences;
mod tree;

use anyhow::{Result, ensure};

/// Which package.
#[derive(clap::Args)]
pub struct Args {
    /// For Debian and Ubuntu
    #[arg(long)]
    deb: bool,
}

/// Builds what is asked for and prints its path.
pub fn run(how: &Args) -> Result<()> {
    ensure!(how.deb, "which package? there is --deb; the workflow builds the others (docs/packages.md)");
    println!("{}", debian::build()?.display());
    Ok(())
}
