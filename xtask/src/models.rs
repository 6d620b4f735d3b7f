//! Networks that may not be part of the program: converted from files that somebody has, into the user's own folder.

use crate::cargo::run_program;
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::PathBuf;

/// Which to get, and from where.
#[derive(clap::Args)]
pub struct Args {
    /// The networks that tell faces from pictures and screens (MiniFASNet, Apache-2.0 repository)
    #[arg(long)]
    pad: bool,
    /// Folder with their ONNX files
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

/// Where the networks come from, for whoever has no ONNX files of them.
const ORIGIN: &str = "https://github.com/minivision-ai/Silent-Face-Anti-Spoofing";

/// Converts them once their hashes hold, and says where they are now.
pub fn get(how: &Args) -> Result<()> {
    if !how.pad {
        bail!("which networks? --pad gets those that tell faces from pictures and screens");
    }
    let Some(from) = &how.from else {
        bail!(
            "name a folder with the ONNX files of sfas_minifasnetv2_2.7_80 and sfas_minifasnetv1se_4.0_80 by --from. Their weights \
             are published at {ORIGIN} (resources/anti_spoof_models) as PyTorch files, which this command can't read yet"
        );
    };
    let to = folder()?;
    let mut args: Vec<OsString> =
        vec!["face-nets".into(), "--optional".into(), "--from".into(), from.into(), "--out".into(), (&to).into()];
    args.extend(["--only", "passive-v2", "--only", "passive-v1se"].map(OsString::from));
    run_program("stillyou-train", &args)?;
    println!("An agent that is started from now on uses them.");
    Ok(())
}

/// `models/pad` in the user's data folder, where the agent looks.
fn folder() -> Result<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")));
    Ok(data.context("HOME is not set")?.join("stillyou/models/pad"))
}
