//! Networks that may not be part of the program: fetched from where they are published, or from files that somebody has, and
//! converted into the user's own folder.

use crate::cargo::{must, run_program};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which to get, and from where.
#[derive(clap::Args)]
pub struct Args {
    /// The networks that tell faces from pictures and screens (MiniFASNet, Apache-2.0 repository)
    #[arg(long)]
    pad: bool,
    /// Folder with their files, as published or as ONNX; they are fetched without it
    #[arg(long, value_name = "DIR", conflicts_with = "address")]
    from: Option<PathBuf>,
    /// Where the published files lie, a mirror of one's own for instance
    #[arg(long, value_name = "URL", default_value = ADDRESS)]
    address: String,
}

/// One state of the repository that publishes the networks. Whatever comes from there, its hash must be the known one.
const ADDRESS: &str = "https://raw.githubusercontent.com/minivision-ai/Silent-Face-Anti-Spoofing/\
    f679b7c96ad407d1114182847d3e0c20619a76d0/resources/anti_spoof_models";

/// Its files.
const PUBLISHED: [&str; 2] = ["2.7_80x80_MiniFASNetV2.pth", "4_0_0_80x80_MiniFASNetV1SE.pth"];

/// Fetches networks if need be, converts them once their hashes hold, and says where they are now.
pub fn get(how: &Args) -> Result<()> {
    if !how.pad {
        bail!("which networks? --pad gets those that tell faces from pictures and screens");
    }
    let fetched = tempfile::tempdir()?;
    let from = match &how.from {
        Some(folder) => folder.as_path(),
        None => {
            fetch(&how.address, fetched.path())?;
            fetched.path()
        }
    };
    convert(from, &folder()?)?;
    println!("An agent that is started from now on uses them.");
    Ok(())
}

/// Converts the networks that tell faces from pictures and screens; fails unless they are those that were measured.
pub fn convert(from: &Path, to: &Path) -> Result<()> {
    let mut args: Vec<OsString> = vec!["face-nets".into(), "--optional".into(), "--measured".into(), "--from".into()];
    args.extend([from.into(), "--out".into(), to.into()]);
    args.extend(["--only", "passive-v2", "--only", "passive-v1se"].map(OsString::from));
    run_program("stillyou-train", &args)
}

/// Over HTTPS alone, or from a folder of this machine (`file://`).
fn fetch(address: &str, to: &Path) -> Result<()> {
    for name in PUBLISHED {
        let mut curl = Command::new("curl");
        curl.args([
            "--fail",
            "--silent",
            "--show-error",
            "--location",
            "--max-time",
            "120",
            "--max-filesize",
            "16777216",
        ]);
        curl.args(["--proto", "=https,file", "--proto-redir", "=https", "--output"]).arg(to.join(name));
        must(curl.arg(format!("{}/{name}", address.trim_end_matches('/'))))?;
    }
    Ok(())
}

/// `models/pad` in the user's data folder, where the agent looks.
fn folder() -> Result<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")));
    Ok(data.context("HOME is not set")?.join("stillyou/models/pad"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn published_files_are_fetched_whole_and_a_missing_one_is_an_error() {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let address = format!("file://{}/", there.path().display());
        fs::write(there.path().join(PUBLISHED[0]), b"weights").unwrap();
        let missing = fetch(&address, here.path()).unwrap_err().to_string();
        assert!(missing.contains(PUBLISHED[1]), "{missing}");
        fs::write(there.path().join(PUBLISHED[1]), b"others").unwrap();
        fetch(&address, here.path()).unwrap();
        assert_eq!(fs::read(here.path().join(PUBLISHED[0])).unwrap(), b"weights");
        assert_eq!(fs::read(here.path().join(PUBLISHED[1])).unwrap(), b"others");
        assert!(fetch("http://localhost/", here.path()).is_err(), "not over an open line");
    }
}
