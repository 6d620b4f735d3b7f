use super::frame::{Frame, FrameError, MAX_REQUEST_BYTES};
use super::message::{Reply, Request};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use thiserror::Error;
use zeroize::Zeroizing;

/// Connections served at a time; more are closed at once.
const MAX_CLIENTS: usize = 16;

/// How long a client may take to send a whole request or to take an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers that wait for a slow watcher before it is cut off.
const MAX_WAITING: usize = 256;

/// The listening socket of the one agent of this session.
pub struct Server {
    path: PathBuf,
    _only_one: File,
}

/// One request, to be answered through `reply`. A watcher is answered many times.
pub struct Asked {
    /// What is asked.
    pub question: Question,
    /// Where the answers go; it is closed when the client is gone.
    pub reply: Sender<Reply>,
}

/// What is asked.
pub enum Question {
    /// A request.
    Request(Request),
    /// A secret to verify.
    Secret(Zeroizing<Vec<u8>>),
}

/// Why the agent can't listen.
#[derive(Debug, Error)]
pub enum ServerError {
    /// Another agent of this session is running.
    #[error("another agent of this session is already running (process {pid}, socket {})", path.display())]
    AlreadyRunning {
        /// Its process id.
        pid: String,
        /// Its socket.
        path: PathBuf,
    },
    /// The socket's folder is not the user's alone.
    #[error("{} is not a folder of this user alone (mode 0700); remove it and start again", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused.
    #[error("can't listen at {}: {source}", path.display())]
    Io {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Server {
    /// Listens at `path` and sends what is asked to `asked`. Only processes of this user are heard.
    ///
    /// # Errors
    /// When another agent runs, or the place is not this user's alone.
    pub fn listen(path: &Path, asked: Sender<Asked>) -> Result<Self, ServerError> {
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
        let spawn = std::thread::Builder::new().name("ipc".into()).spawn(move || accept(&listener, &asked));
        spawn.map_err(failed)?;
        Ok(Self { path: path.to_owned(), _only_one: only_one })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn is_private(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let meta = fs::symlink_metadata(folder)?;
    Ok(meta.is_dir() && meta.uid() == rustix::process::geteuid().as_raw() && meta.mode() & 0o077 == 0)
}

/// An exclusive lock on a file that holds our process id, kept as long as the file is open.
fn only_one(lock: &Path, socket: &Path) -> Result<File, ServerError> {
    use std::io::{Read, Seek, Write};
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

fn accept(listener: &UnixListener, asked: &Sender<Asked>) {
    let clients = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        if !is_same_user(&stream) || clients.load(Ordering::Relaxed) >= MAX_CLIENTS {
            continue;
        }
        clients.fetch_add(1, Ordering::Relaxed);
        let (asked, clients) = (asked.clone(), clients.clone());
        let left = clients.clone();
        let serve = move || {
            if let Err(e) = serve(stream, &asked) {
                tracing::debug!("a client was cut off: {e}");
            }
            clients.fetch_sub(1, Ordering::Relaxed);
        };
        if std::thread::Builder::new().name("client".into()).spawn(serve).is_err() {
            left.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

fn is_same_user(stream: &UnixStream) -> bool {
    rustix::net::sockopt::socket_peercred(stream).is_ok_and(|peer| peer.uid == rustix::process::geteuid())
}

/// Serves one client until it leaves: each request is answered before the next is read; a watcher only listens.
fn serve(mut stream: UnixStream, asked: &Sender<Asked>) -> Result<(), FrameError> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    loop {
        let question = match Frame::read(&mut stream, MAX_REQUEST_BYTES)? {
            Frame::Secret(secret) => Question::Secret(secret),
            Frame::Json(body) => match serde_json::from_slice(&body) {
                Ok(request) => Question::Request(request),
                Err(e) => {
                    send(&mut stream, &Reply::Failed { why: format!("the request is not understood: {e}") })?;
                    continue;
                }
            },
        };
        let watches = matches!(question, Question::Request(Request::Watch {}));
        let (reply, replies) = bounded(MAX_WAITING);
        if asked.send(Asked { question, reply }).is_err() {
            return Err(FrameError::Closed);
        }
        if watches {
            return watch(&mut stream, &replies);
        }
        for reply in &replies {
            send(&mut stream, &reply)?;
        }
    }
}

fn watch(stream: &mut UnixStream, replies: &Receiver<Reply>) -> Result<(), FrameError> {
    for reply in replies {
        send(stream, &reply)?;
    }
    Ok(())
}

fn send(stream: &mut UnixStream, reply: &Reply) -> Result<(), FrameError> {
    let body = serde_json::to_vec(reply).map_err(io::Error::from)?;
    Frame::Json(Zeroizing::new(body)).write(stream)
}
