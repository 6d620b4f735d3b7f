use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::NotAdministrators;

pub(super) const MEND_OWNER: &str = " (chown root)";
pub(super) const MEND_WRITABLE: &str = " (chmod go-w)";

/// Checks one file, folder or link, without following it.
pub(super) fn check(path: &Path) -> Result<(), NotAdministrators> {
    let found =
        fs::symlink_metadata(path).map_err(|source| NotAdministrators::Unreadable { path: path.into(), source })?;
    judge(path, &Found::from(&found))
}

pub(super) fn administrators_folder() -> PathBuf {
    let folder = if cfg!(target_os = "macos") { "/Library/Application Support/StillYou" } else { "/etc/stillyou" };
    folder.into()
}

struct Found {
    uid: u32,
    mode: u32,
    link: bool,
}

impl From<&fs::Metadata> for Found {
    fn from(found: &fs::Metadata) -> Self {
        Self { uid: found.uid(), mode: found.mode() & 0o7777, link: found.is_symlink() }
    }
}

fn judge(path: &Path, found: &Found) -> Result<(), NotAdministrators> {
    if found.uid != 0 {
        return Err(NotAdministrators::Owner { path: path.into(), owner: format!("user {}", found.uid) });
    }
    // A link's own mode is always 0777 and means nothing; the folder it lies in guards it.
    if !found.link && found.mode & 0o022 != 0 {
        return Err(NotAdministrators::Writable { path: path.into(), by: format!("mode {:04o}", found.mode) });
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::owner::administrator_owned;

    #[test]
    fn owner_and_mode_decide() {
        let path = Path::new("/etc/x");
        let ok = |uid, mode, link| judge(path, &Found { uid, mode, link }).is_ok();
        assert!(ok(0, 0o644, false) && ok(0, 0o755, false) && ok(0, 0o777, true));
        assert!(!ok(1000, 0o600, false) && !ok(1000, 0o777, true));
        assert!(!ok(0, 0o664, false) && !ok(0, 0o646, false) && !ok(0, 0o1777, false));
    }

    #[test]
    fn a_system_file_passes_and_others_say_why() {
        administrator_owned(Path::new("/etc/passwd")).unwrap();
        assert!(matches!(administrator_owned(Path::new("etc/passwd")), Err(NotAdministrators::NotAbsolute { .. })));
        assert!(matches!(administrator_owned(Path::new("/etc")), Err(NotAdministrators::NotAFile { .. })));
        assert!(administrator_owned(Path::new("/etc/no-such-file")).unwrap_err().is_missing());
    }

    #[test]
    fn a_folder_that_others_write_spoils_the_file_in_it() {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let file = folder.path().join("policy.toml");
        fs::write(&file, "").unwrap();
        assert!(administrator_owned(&file).is_err());
    }

    #[test]
    fn a_link_in_a_folder_that_others_write_is_refused() {
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let link = folder.path().join("policy.toml");
        std::os::unix::fs::symlink("/etc/passwd", &link).unwrap();
        assert!(administrator_owned(&link).is_err());
    }
}
