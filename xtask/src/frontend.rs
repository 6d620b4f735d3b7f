//! The app's front-end, which is built before the app: its pages are part of the program.

use crate::cargo::{must, root};
use anyhow::{Context, Result};
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

/// Builds the pages, where anything they are made of is newer.
pub fn build() -> Result<()> {
    install()?;
    let sources = [
        "src",
        "isolation",
        "index.html",
        "vite.config.ts",
        "svelte.config.js",
        "package-lock.json",
        "../locales",
        "../icons/src",
    ];
    let built = changed(&ui().join("dist/index.html"))?;
    let mut newest = None;
    for source in sources {
        newest = newest.max(newest_below(&ui().join(source))?);
    }
    if built.is_none() || built < newest {
        npm(&["run", "build", "--silent"])?;
    }
    Ok(())
}

/// Types, component tests, icons and texts; accessibility of every view in Chromium.
pub fn test() -> Result<()> {
    install()?;
    for script in ["check", "test", "a11y"] {
        npm(&["run", script, "--silent"])?;
    }
    Ok(())
}

/// Runs npm in the front-end's folder.
pub fn npm(args: &[&str]) -> Result<()> {
    must(Command::new("npm").current_dir(ui()).args(args))
}

/// Installs what the lock file names, where that has changed.
fn install() -> Result<()> {
    let installed = changed(&ui().join("node_modules/.package-lock.json"))?;
    if installed.is_none() || installed < changed(&ui().join("package-lock.json"))? {
        npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    }
    Ok(())
}

fn ui() -> PathBuf {
    root().join("ui")
}

fn newest_below(path: &Path) -> Result<Option<SystemTime>> {
    let mut newest = changed(path)?;
    if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(|| path.display().to_string())? {
            newest = newest.max(newest_below(&entry?.path())?);
        }
    }
    Ok(newest)
}

/// When a file was changed; nothing where there is none.
fn changed(path: &Path) -> Result<Option<SystemTime>> {
    match path.metadata() {
        Ok(metadata) => Ok(Some(metadata.modified()?)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e).with_context(|| path.display().to_string()),
    }
}
