use crate::ipc::ServerError;
use crate::places::private_folder;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[cfg_attr(target_os = "linux", path = "peer/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "peer/bsd.rs")]
mod peer;

/// A connection.
pub struct Stream(UnixStream);

impl Stream {
    /// Connects to the agent at `path`.
    pub fn connect(path: &Path) -> io::Result<Self> {
        UnixStream::connect(path).map(Self)
    }

    /// How long to wait for the other side, to read and to write.
    pub fn set_patience(&mut self, patience: Duration) -> io::Result<()> {
        self.0.set_read_timeout(Some(patience))?;
        self.0.set_write_timeout(Some(patience))
    }

    /// Whether the program at the other end runs as this user.
    pub fn is_same_user(&self) -> bool {
        peer::uid(&self.0).is_some_and(|uid| uid == rustix::process::geteuid().as_raw())
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A socket that is listened at.
pub struct Listener(UnixListener);

/// The place is this agent's until this is dropped; then the socket is removed.
pub struct Claim {
    path: PathBuf,
    _only_one: File,
}

impl Listener {
    /// Claims `path` and listens there.
    ///
    /// # Errors
    /// When another agent runs, or the place is not this user's alone.
    pub fn bind(path: &Path) -> Result<(Self, Claim), ServerError> {
        let failed = |source| ServerError::Io { path: path.to_owned(), source };
        let folder = path.parent().unwrap_or(Path::new("/"));
        private_folder(folder).map_err(failed)?;
        if !is_private(folder).map_err(failed)? {
            return Err(ServerError::Folder { path: folder.to_owned() });
        }
        let only_one = only_one(&path.with_extension("lock"), path)?;
        // The lock is ours: a socket that is still there belongs to nobody.
        match fs::remove_file(path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(e)),
            _ => {}
        }
        let listener = UnixListener::bind(path).map_err(failed)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
        Ok((Self(listener), Claim { path: path.to_owned(), _only_one: only_one }))
    }

    /// Waits for the next connection.
    pub fn accept(&mut self) -> io::Result<Stream> {
        self.0.accept().map(|(stream, _)| Stream(stream))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn is_private(folder: &Path) -> io::Result<bool> {
    let meta = fs::symlink_metadata(folder)?;
    Ok(meta.is_dir() && meta.uid() == rustix::process::geteuid().as_raw() && meta.mode() & 0o077 == 0)
}

/// An exclusive lock on a file that holds our process id, kept as long as the file is open.
fn only_one(lock: &Path, socket: &Path) -> Result<File, ServerError> {
    use std::io::Seek;
    let failed = |source| ServerError::Io { path: lock.to_owned(), source };
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(lock).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(fs::TryLockError::WouldBlock) => {
            let mut pid = String::new();
            file.read_to_string(&mut pid).map_err(failed)?;
            return Err(ServerError::AlreadyRunning { pid: pid.trim().to_owned(), path: socket.to_owned() });
        }
        Err(fs::TryLockError::Error(e)) => return Err(failed(e)),
    }
    file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    Ok(file)
}
