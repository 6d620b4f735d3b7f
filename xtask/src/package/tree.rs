use crate::cargo::{build_agent, build_app, must, root};
use crate::docs;
use crate::package::licences;
use anyhow::{Context, Result};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files of the checkout, and their places on a system.
const FILES: [(&str, &str); 11] = [
    ("packaging/linux/policy.toml", "etc/stillyou/policy.toml"),
    ("packaging/linux/stillyou-autostart.desktop", "etc/xdg/autostart/stillyou.desktop"),
    ("packaging/linux/stillyou.desktop", "usr/share/applications/stillyou.desktop"),
    ("packaging/linux/stillyou.service", "usr/lib/systemd/user/stillyou.service"),
    ("packaging/debian/copyright", "usr/share/doc/stillyou/copyright"),
    ("NOTICE", "usr/share/doc/stillyou/NOTICE"),
    ("icons/32x32.png", "usr/share/icons/hicolor/32x32/apps/stillyou.png"),
    ("icons/128x128.png", "usr/share/icons/hicolor/128x128/apps/stillyou.png"),
    ("icons/128x128@2x.png", "usr/share/icons/hicolor/256x256/apps/stillyou.png"),
    ("icons/icon.png", "usr/share/icons/hicolor/512x512/apps/stillyou.png"),
    ("icons/src/app.svg", "usr/share/icons/hicolor/scalable/apps/stillyou.svg"),
];

/// The unit that starts the agent with every graphical session, enabled for everybody.
const ENABLED: &str = "usr/lib/systemd/user/graphical-session.target.wants/stillyou.service";

/// Programs, documents and set-up as they lie on a Linux system; returns the two programs.
pub fn lay_out(tree: &Path) -> Result<[PathBuf; 2]> {
    let mut programs = [PathBuf::new(), PathBuf::new()];
    for (program, built) in programs.iter_mut().zip([build_agent()?, build_app()?]) {
        *program = tree.join("usr/bin").join(built.file_name().context("a program has a name")?);
        copy(&built, program, 0o755)?;
        must(Command::new("strip").arg("--strip-unneeded").arg(&*program))?;
    }
    for (from, to) in FILES {
        copy(&root().join(from), &tree.join(to), 0o644)?;
    }
    let enabled = tree.join(ENABLED);
    fs::create_dir_all(enabled.parent().unwrap_or(tree))?;
    symlink("../stillyou.service", &enabled)?;
    docs::write_into(&tree.join("usr/share"))?;
    let licences = tree.join("usr/share/doc/stillyou/third-party-licences");
    fs::write(&licences, licences::of_what_is_shipped()?)?;
    compress(&licences)?;
    for page in fs::read_dir(tree.join("usr/share/man/man1"))? {
        compress(&page?.path())?;
    }
    Ok(programs)
}

fn copy(from: &Path, to: &Path, mode: u32) -> Result<()> {
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    fs::copy(from, to).with_context(|| format!("{} to {}", from.display(), to.display()))?;
    Ok(fs::set_permissions(to, PermissionsExt::from_mode(mode))?)
}

fn compress(file: &Path) -> Result<()> {
    must(Command::new("gzip").args(["-9", "--no-name"]).arg(file))
}
