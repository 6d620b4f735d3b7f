use crate::refusal::Refusal;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use stillyou_agent::Places;
use stillyou_agent::ipc::{
    Attempt, CaseReply, CaseRequest, Client, ClientError, Reply, Request, SecretKind, Status, Wanted,
};
use zeroize::Zeroizing;

/// How long to wait before an agent that does not answer is looked for again.
const PAUSE: Duration = Duration::from_secs(1);

/// How long an answer may take: a password's check is slow after wrong ones, and so is the check of a long record.
const PATIENCE: Duration = Duration::from_secs(60);

/// The app's way to the agent: a connection for each question, and one that hears every change.
pub struct Link {
    places: Places,
    last: Mutex<Option<Status>>,
}

impl Link {
    /// A link to the agent of this desktop session.
    ///
    /// # Errors
    /// When the session has no place for it.
    pub fn of_session() -> Result<Self, stillyou_agent::NoPlace> {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        Ok(Self { places: Places::from_env(variable)?, last: Mutex::new(None) })
    }

    /// Where agent and policy are.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// What was heard last; nothing when no agent answers.
    pub fn last(&self) -> Option<Status> {
        self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Asks the agent.
    ///
    /// # Errors
    /// When no agent answers, or not intelligibly.
    pub fn ask(&self, request: &Request) -> Result<Reply, ClientError> {
        self.client()?.ask(request)
    }

    /// A connection that does not wait for ever.
    ///
    /// # Errors
    /// When no agent answers.
    pub fn client(&self) -> Result<Client, ClientError> {
        let mut client = Client::connect(&self.places.socket)?;
        client.set_patience(PATIENCE)?;
        Ok(client)
    }

    /// Asks for something that is done or not.
    ///
    /// # Errors
    /// Why it is not done.
    pub fn done(&self, request: &Request) -> Result<(), Refusal> {
        match self.ask(request)? {
            Reply::Done {} | Reply::EnrolmentCancelled {} | Reply::Quitting {} => Ok(()),
            other => Err(self.refusal(other)),
        }
    }

    /// What an answer that was not hoped for says.
    pub fn refusal(&self, reply: Reply) -> Refusal {
        Refusal::of(reply, self.last().is_some_and(|status| status.fresh_seconds.is_some()))
    }

    /// Hands over a secret, in one message; it is wiped here.
    ///
    /// # Errors
    /// When no agent answers, or not intelligibly.
    pub fn verify(&self, kind: SecretKind, secret: Zeroizing<Vec<u8>>) -> Result<Attempt, Refusal> {
        match self.client()?.verify(kind, secret)? {
            Reply::Verification { attempt } => Ok(attempt),
            other => Err(self.refusal(other)),
        }
    }

    /// Has the face checked, however long policy gives for it.
    ///
    /// # Errors
    /// When no agent answers, or not intelligibly.
    pub fn check_face(&self) -> Result<Attempt, Refusal> {
        match Client::connect(&self.places.socket)?.ask(&Request::CheckFace {})? {
            Reply::Verification { attempt } => Ok(attempt),
            other => Err(self.refusal(other)),
        }
    }

    /// Has a code read that is held before the camera, however long that takes.
    ///
    /// # Errors
    /// When no agent answers, or not intelligibly.
    pub fn scan(&self, wanted: Wanted) -> Result<CaseReply, Refusal> {
        let scan = Request::Case { about: CaseRequest::Scan { wanted } };
        match Client::connect(&self.places.socket)?.ask(&scan)? {
            Reply::Case { answer } => Ok(answer),
            other => Err(self.refusal(other)),
        }
    }

    /// Hands over a secret of something that is being set up: an authenticator's first code, a pass-phrase; it is wiped here.
    ///
    /// # Errors
    /// Why it is not set up.
    pub fn set_up(&self, kind: SecretKind, secret: Zeroizing<Vec<u8>>) -> Result<(), Refusal> {
        match self.client()?.verify(kind, secret)? {
            Reply::Done {} => Ok(()),
            other => Err(self.refusal(other)),
        }
    }

    /// Hears every change from now on, and `None` whenever the agent is gone. Never returns.
    pub fn watch(&self, heard: impl Fn(Option<&Status>)) -> ! {
        loop {
            if let Err(e) = self.follow(&heard) {
                tracing::debug!("not hearing the agent: {e}");
            }
            self.keep(None);
            heard(None);
            std::thread::sleep(PAUSE);
        }
    }

    fn follow(&self, heard: impl Fn(Option<&Status>)) -> Result<(), ClientError> {
        let mut client = Client::connect(&self.places.socket)?;
        let mut reply = client.ask(&Request::Watch {})?;
        loop {
            let Reply::Status { status } = reply else { return Ok(()) };
            self.keep(Some(*status.clone()));
            heard(Some(&status));
            reply = client.next_reply()?;
        }
    }

    fn keep(&self, status: Option<Status>) {
        *self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = status;
    }
}
