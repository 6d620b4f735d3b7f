//! Whether only the administrator can change a file: policy is read from such files alone.

use std::{
    io,
    path::{Path, PathBuf},
};

#[cfg(unix)]
#[path = "owner/unix.rs"]
mod platform;
#[cfg(not(any(unix, windows)))]
#[path = "owner/unsupported.rs"]
mod platform;
#[cfg(windows)]
#[path = "owner/windows.rs"]
mod platform;

/// Checks that `path` is a regular file which, with every folder above it and every link on the way, belongs to the
/// administrator (user 0; on Windows the system, its installer or the group of administrators) and can be written,
/// removed or replaced by nobody else. What passes can't be swapped between check and use except by the administrator.
pub fn administrator_owned(path: &Path) -> Result<(), NotAdministrators> {
    if !path.is_absolute() {
        return Err(NotAdministrators::NotAbsolute { path: path.into() });
    }
    let real = path.canonicalize().map_err(|source| NotAdministrators::Unreadable { path: path.into(), source })?;
    for step in path.ancestors().chain(real.ancestors()) {
        platform::check(step)?;
    }
    match real.symlink_metadata() {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(NotAdministrators::NotAFile { path: real }),
        Err(source) => Err(NotAdministrators::Unreadable { path: real, source }),
    }
}

/// Whether a pipe, which must be open for reading its access rights, belongs to this user.
#[cfg(windows)]
pub fn is_own(pipe: &std::os::windows::io::OwnedHandle) -> io::Result<bool> {
    platform::is_own(pipe)
}

/// The folder of the administrator's files: `/etc/stillyou`, `/Library/Application Support/StillYou`,
/// `%ProgramData%\StillYou`. No variable of the environment moves it, since whoever starts the agent sets those.
pub fn administrators_folder() -> PathBuf {
    platform::administrators_folder()
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
    #[error("{}: belongs to {owner}; it must belong to the administrator{}", path.display(), platform::MEND_OWNER)]
    Owner {
        /// The file, or the folder on the way to it.
        path: PathBuf,
        /// Its owner: a user's number, or a SID.
        owner: String,
    },
    /// Others than the administrator may write.
    #[error("{}: others may write it ({by}); only the administrator may{}", path.display(), platform::MEND_WRITABLE)]
    Writable {
        /// The file, or the folder on the way to it.
        path: PathBuf,
        /// Who: its permission bits, or a SID.
        by: String,
    },
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] crate::Unsupported),
}

impl NotAdministrators {
    /// Whether there simply is no such file.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}
