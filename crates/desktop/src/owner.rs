//! Whether only the administrator can change a file: policy is read from such files alone.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Checks that `path` is a regular file which, with every folder above it and every link on the way, belongs to the
/// administrator (user 0) and can be written by nobody else. What passes can't be swapped between check and use
/// except by the administrator.
#[cfg(unix)]
pub fn administrator_owned(path: &Path) -> Result<(), NotAdministrators> {
    if !path.is_absolute() {
        return Err(NotAdministrators::NotAbsolute { path: path.into() });
    }
    let real = fs::canonicalize(path).map_err(|source| NotAdministrators::Unreadable { path: path.into(), source })?;
    for step in path.ancestors().chain(real.ancestors()) {
        let found =
            fs::symlink_metadata(step).map_err(|source| NotAdministrators::Unreadable { path: step.into(), source })?;
        judge(step, &Found::from(&found))?;
    }
    match fs::symlink_metadata(&real) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(NotAdministrators::NotAFile { path: real }),
        Err(source) => Err(NotAdministrators::Unreadable { path: real, source }),
    }
}

/// Checks that only the administrator can change `path`; this system's rules aren't written yet.
#[cfg(not(unix))]
pub fn administrator_owned(_path: &Path) -> Result<(), NotAdministrators> {
    Err(crate::Unsupported("the check of a file's owner").into())
}

/// Why a file may have been written by somebody who isn't the administrator.
#[derive(Debug, thiserror::Error)]
pub enum NotAdministrators {
    /// A relative path depends on where the process stands.
    #[error("{}: give the whole path, from the root", path.display())]
    NotAbsolute {
        /// The path given.
        path: PathBuf,
    },
    /// It can't be looked at, or isn't there.
    #[error("{}: {source}", path.display())]
    Unreadable {
        /// The file, or the folder on the way to it.
        path: PathBuf,
        /// What went wrong; `NotFound` where there is none.
        source: io::Error,
    },
    /// A folder, a device, a pipe.
    #[error("{}: is no regular file", path.display())]
    NotAFile {
        /// What was found, links resolved.
        path: PathBuf,
    },
    /// Somebody else owns it.
    #[error("{}: belongs to user {uid}; it must belong to the administrator (chown root)", path.display())]
    Owner {
        /// The file, or the folder on the way to it.
        path: PathBuf,
        /// Its owner.
        uid: u32,
    },
    /// Its group or everybody may write.
    #[error("{}: others may write it (mode {mode:04o}); only the administrator may (chmod go-w)", path.display())]
    Writable {
        /// The file, or the folder on the way to it.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not on this system yet.
    #[error(transparent)]
    Unsupported(#[from] crate::Unsupported),
}

impl NotAdministrators {
    /// Whether there simply is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

#[cfg(unix)]
struct Found {
    uid: u32,
    mode: u32,
    link: bool,
}

#[cfg(unix)]
impl From<&fs::Metadata> for Found {
    fn from(found: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { uid: found.uid(), mode: found.mode() & 0o7777, link: found.is_symlink() }
    }
}

#[cfg(unix)]
fn judge(path: &Path, found: &Found) -> Result<(), NotAdministrators> {
    if found.uid != 0 {
        return Err(NotAdministrators::Owner { path: path.into(), uid: found.uid });
    }
    // A link's own mode is always 0777 and means nothing; the folder it lies in guards it.
    if !found.link && found.mode & 0o022 != 0 {
        return Err(NotAdministrators::Writable { path: path.into(), mode: found.mode });
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

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
