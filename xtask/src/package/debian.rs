use crate::cargo::{must, root};
use crate::package::tree;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds `out/stillyou_VERSION_ARCHITECTURE.deb`.
pub fn build() -> Result<PathBuf> {
    let folder = tempfile::tempdir()?;
    let tree = folder.path().join("tree");
    // Whatever the umask of whoever builds.
    must(Command::new("install").args(["-d", "-m", "755"]).arg(&tree).arg(tree.join("DEBIAN")))?;
    let programs = tree::lay_out(&tree)?;
    let version = env!("CARGO_PKG_VERSION");
    let architecture = said(Command::new("dpkg").arg("--print-architecture"))?;
    let control = fs::read_to_string(root().join("packaging/debian/control"))?
        .replace("@version@", version)
        .replace("@architecture@", &architecture)
        .replace("@kibibytes@", &size_kib(&tree)?.to_string())
        .replace("@depends@", &libraries(folder.path(), &programs)?);
    fs::write(tree.join("DEBIAN/control"), control)?;
    for (from, name, mode) in [("debian/conffiles", "conffiles", 0o644), ("linux/before-removal", "prerm", 0o755)] {
        let to = tree.join("DEBIAN").join(name);
        fs::copy(root().join("packaging").join(from), &to)?;
        fs::set_permissions(&to, PermissionsExt::from_mode(mode))?;
    }
    must(Command::new("chmod").args(["-R", "go=rX"]).arg(&tree))?;
    let package = root().join(format!("out/stillyou_{version}_{architecture}.deb"));
    fs::create_dir_all(root().join("out"))?;
    let mut pack = Command::new("dpkg-deb");
    said(pack.args(["--root-owner-group", "--build"]).arg(&tree).arg(&package))?;
    Ok(package)
}

/// The packages, and their versions, that bring the libraries of `programs`.
fn libraries(folder: &Path, programs: &[PathBuf]) -> Result<String> {
    fs::create_dir(folder.join("debian"))?;
    // dpkg-shlibdeps wants to stand in a source package.
    fs::write(folder.join("debian/control"), "Source: stillyou\n\nPackage: stillyou\nArchitecture: any\n")?;
    let found = said(Command::new("dpkg-shlibdeps").current_dir(folder).arg("-O").args(programs))?;
    let found = found.strip_prefix("shlibs:Depends=").context("dpkg-shlibdeps names no packages")?;
    Ok(found.to_owned())
}

fn size_kib(tree: &Path) -> Result<u64> {
    let said = said(Command::new("du").args(["--summarize", "--block-size=1024", "--apparent-size"]).arg(tree))?;
    said.split_whitespace().next().and_then(|size| size.parse().ok()).context("du gives no size")
}

/// What a command prints; its failure is an error that has what it said.
fn said(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("can't run `{name}` (Debian package dpkg-dev has it)"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`{name}` failed ({}): {}", output.status, complaint.trim());
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
