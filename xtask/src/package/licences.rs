use crate::cargo::{cargo, host, root};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The programs that are shipped.
const SHIPPED: [&str; 2] = ["stillyou", "stillyou-desktop"];

/// What a file with terms is called.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    manifest_path: PathBuf,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

/// Name, version, licence and terms of every crate and every npm package that is part of the shipped programs.
pub fn of_what_is_shipped() -> Result<String> {
    let mut text = String::from("StillYou is made of the following works of others, under their terms.\n");
    for (name, licence, folder) in crates()?.into_iter().chain(npm_packages()?) {
        text += &format!("\n{}\n{name} ({licence})\n\n", "=".repeat(100));
        text += &terms(&folder)?;
    }
    Ok(text)
}

fn crates() -> Result<Vec<(String, String, PathBuf)>> {
    let output = cargo().args(["metadata", "--format-version", "1", "--filter-platform", &host()?]).output()?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let Metadata { packages, resolve } = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let needs: BTreeMap<&str, &[Dependency]> = resolve.nodes.iter().map(|n| (&*n.id, &*n.deps)).collect();
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = packages.iter().filter(|p| SHIPPED.contains(&&*p.name)).map(|p| &*p.id).collect();
    while let Some(id) = next.pop() {
        if reached.insert(id) {
            // What builds or tests it is not part of it.
            let normal = |d: &&Dependency| d.dep_kinds.iter().any(|k| k.kind.is_none());
            next.extend(needs.get(id).into_iter().copied().flatten().filter(normal).map(|d| &*d.pkg));
        }
    }
    let others = packages.iter().filter(|p| p.source.is_some() && reached.contains(&*p.id));
    others
        .map(|p| {
            let licence = p.license.clone().unwrap_or_else(|| "see below".into());
            let folder = p.manifest_path.parent().context("a manifest lies in a folder")?;
            Ok((format!("{} {}", p.name, p.version), licence, folder.to_owned()))
        })
        .collect()
}

/// What the pages are made of: the lock file's packages that are not for development.
fn npm_packages() -> Result<Vec<(String, String, PathBuf)>> {
    #[derive(Deserialize)]
    struct Lock {
        packages: BTreeMap<String, Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        version: Option<String>,
        license: Option<String>,
        #[serde(default)]
        dev: bool,
        #[serde(default)]
        optional: bool,
    }
    // Not a dependency by npm's book, but its runtime is in the pages.
    const COMPILED_IN: [&str; 1] = ["node_modules/svelte"];
    let text = fs::read_to_string(root().join("ui/package-lock.json"))?;
    let lock: Lock = serde_json::from_str(&text).context("ui/package-lock.json")?;
    let shipped = |path: &str, l: &Locked| COMPILED_IN.contains(&path) || !(path.is_empty() || l.dev || l.optional);
    let packages = lock.packages.into_iter().filter(|(path, locked)| shipped(path, locked));
    Ok(packages
        .map(|(path, locked)| {
            let name = path.trim_start_matches("node_modules/");
            let licence = locked.license.unwrap_or_else(|| "see below".into());
            (format!("{name} {} (npm)", locked.version.unwrap_or_default()), licence, root().join("ui").join(&path))
        })
        .collect())
}

/// The texts in a package's folder; where it has none, the licence's name above stands for it.
fn terms(folder: &Path) -> Result<String> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files: Vec<PathBuf> = entries.map(|e| Ok(e?.path())).collect::<Result<_>>()?;
    files.retain(|f| f.is_file() && is_terms(f));
    files.sort();
    let mut text = String::new();
    for file in files {
        text += &String::from_utf8_lossy(&fs::read(&file)?);
        text.push('\n');
    }
    Ok(text)
}

fn is_terms(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
    NAMES.iter().any(|start| name.starts_with(start))
}
