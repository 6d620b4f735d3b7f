use super::frame::{Frame, FrameError, MAX_REPLY_BYTES, SecretKind};
use super::message::{Reply, Request};
use super::stream::Stream;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;
use zeroize::Zeroizing;

/// A connection to the agent.
pub struct Client {
    stream: Stream,
}

/// Why the agent can't be asked.
#[derive(Debug, Error)]
pub enum ClientError {
    /// Nobody answers at the socket.
    #[error("no agent answers at {}: {source}; start it with `stillyou agent`", path.display())]
    NoAgent {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The conversation broke off.
    #[error("the agent's answer can't be read: {0}")]
    Frame(#[from] FrameError),
    /// The answer is not understood.
    #[error("the agent's answer is not understood ({0}); are agent and command of one version?")]
    Reply(String),
}

impl Client {
    /// Connects to the agent's socket.
    ///
    /// # Errors
    /// When nobody answers there.
    pub fn connect(path: &Path) -> Result<Self, ClientError> {
        let stream = Stream::connect(path).map_err(|source| ClientError::NoAgent { path: path.to_owned(), source })?;
        Ok(Self { stream })
    }

    /// The longest that an answer may take; without it, however long it takes.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn set_patience(&mut self, patience: Duration) -> Result<(), ClientError> {
        self.stream.set_patience(patience).map_err(|e| ClientError::Frame(FrameError::from(e)))
    }

    /// Asks, and returns the answer.
    ///
    /// # Errors
    /// When the conversation breaks off or the answer is not understood.
    pub fn ask(&mut self, request: &Request) -> Result<Reply, ClientError> {
        let body = serde_json::to_vec(request).map_err(|e| ClientError::Reply(e.to_string()))?;
        Frame::Json(Zeroizing::new(body)).write(&mut self.stream)?;
        self.next_reply()
    }

    /// Sends a secret for verification; it is wiped here once it is sent.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn verify(&mut self, kind: SecretKind, secret: Zeroizing<Vec<u8>>) -> Result<Reply, ClientError> {
        Frame::Secret(kind, secret).write(&mut self.stream)?;
        self.next_reply()
    }

    /// The next answer, after [`Request::Watch`].
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn next_reply(&mut self) -> Result<Reply, ClientError> {
        match Frame::read(&mut self.stream, MAX_REPLY_BYTES)? {
            Frame::Json(body) => serde_json::from_slice(&body).map_err(|e| ClientError::Reply(e.to_string())),
            Frame::Secret(..) => Err(ClientError::Reply("the agent sent a secret".into())),
        }
    }
}
