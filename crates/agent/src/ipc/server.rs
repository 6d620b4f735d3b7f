use super::frame::{Frame, FrameError, MAX_REQUEST_BYTES, SecretKind};
use super::message::{Reply, Request};
use super::stream::{Claim, Listener, Stream};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use thiserror::Error;
use zeroize::Zeroizing;

/// Connections served at a time; more are closed at once.
const MAX_CLIENTS: usize = 16;

/// How long a client may take to send a whole request or to take an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to rest when no connection could be taken.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// How long an agent that was killed may hold the place while the system clears it away.
const CLEARING: Duration = Duration::from_secs(1);

/// How long to rest before the place is tried again.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);

/// Answers that wait for a slow watcher before it is cut off.
const MAX_WAITING: usize = 256;

/// The listening socket of the one agent of this session.
pub struct Server {
    _claim: Claim,
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
    Secret(SecretKind, Zeroizing<Vec<u8>>),
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
        let (listener, claim) = claim(path)?;
        let spawn = std::thread::Builder::new().name("ipc".into()).spawn(move || accept(listener, &asked));
        spawn.map_err(|source| ServerError::Io { path: path.to_owned(), source })?;
        Ok(Self { _claim: claim })
    }
}

/// Claims the place, also from an agent that is just ending.
fn claim(path: &Path) -> Result<(Listener, Claim), ServerError> {
    let start = Instant::now();
    loop {
        match Listener::bind(path) {
            Err(ServerError::AlreadyRunning { .. }) if start.elapsed() < CLEARING => std::thread::sleep(BETWEEN_TRIES),
            claimed => return claimed,
        }
    }
}

fn accept(mut listener: Listener, asked: &Sender<Asked>) {
    let clients = Arc::new(AtomicUsize::new(0));
    loop {
        let Ok(stream) = listener.accept() else {
            // Out of handles, for instance: trying again at once would only burn the processor.
            std::thread::sleep(AFTER_FAILURE);
            continue;
        };
        if !stream.is_same_user() || clients.load(Ordering::Relaxed) >= MAX_CLIENTS {
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

/// Serves one client until it leaves: each request is answered before the next is read; a watcher only listens.
fn serve(mut stream: Stream, asked: &Sender<Asked>) -> Result<(), FrameError> {
    stream.set_patience(PATIENCE)?;
    loop {
        let question = match Frame::read(&mut stream, MAX_REQUEST_BYTES)? {
            Frame::Secret(kind, secret) => Question::Secret(kind, secret),
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

fn watch(stream: &mut Stream, replies: &Receiver<Reply>) -> Result<(), FrameError> {
    for reply in replies {
        send(stream, &reply)?;
    }
    Ok(())
}

fn send(stream: &mut Stream, reply: &Reply) -> Result<(), FrameError> {
    let body = serde_json::to_vec(reply).map_err(io::Error::from)?;
    Frame::Json(Zeroizing::new(body)).write(stream)
}
