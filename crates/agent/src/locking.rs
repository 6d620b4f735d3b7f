use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use stillyou_desktop_os::Desktop;
use stillyou_desktop_os::lock::{
    LockCommand, LockCommandError, LockFailed, LockMethods, LockProof, Locker, StartedLocker,
};
use stillyou_trust::policy::{LockMethod, LockPolicy};

/// Locks on its own thread: proving a lock takes seconds, and the loop must go on.
pub struct Locking {
    ask: Sender<()>,
    answers: Receiver<Result<LockProof, LockFailed>>,
    started: StartedLocker,
}

impl Locking {
    /// A locker for this desktop that may use what policy allows.
    ///
    /// # Errors
    /// When policy's lock command can't be used, or there is no thread.
    pub fn start(desktop: Desktop, policy: &LockPolicy) -> Result<Self, LockingError> {
        let locker = Locker::new(desktop, methods(policy)?);
        let started = locker.started();
        // One lock at a time: asking again while one is under way adds nothing.
        let (ask, asked) = bounded::<()>(1);
        let (answer, answers) = unbounded();
        std::thread::Builder::new().name("lock".into()).spawn(move || {
            while asked.recv().is_ok() {
                if answer.send(locker.lock()).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { ask, answers, started })
    }

    /// Asks for the lock.
    pub fn lock(&self) {
        let _ = self.ask.try_send(());
    }

    /// What came of it.
    pub fn answers(&self) -> &Receiver<Result<LockProof, LockFailed>> {
        &self.answers
    }

    /// The locker that was started, for whoever watches the lock state.
    pub fn started(&self) -> StartedLocker {
        self.started.clone()
    }
}

/// Why nothing can lock.
#[derive(Debug, thiserror::Error)]
pub enum LockingError {
    /// The command can't be used.
    #[error("lock.command: {0}")]
    Command(#[from] LockCommandError),
    /// No thread.
    #[error("the system gives no thread: {0}")]
    Thread(#[from] std::io::Error),
}

/// What policy allows, as the desktop crate takes it.
///
/// # Errors
/// When the lock command can't be used.
pub fn methods(policy: &LockPolicy) -> Result<LockMethods, LockCommandError> {
    let allowed = |m| policy.methods.contains(&m);
    let by_command = allowed(LockMethod::Command) && !policy.command.is_empty();
    let command = by_command.then(|| LockCommand::new(policy.command.clone())).transpose()?;
    Ok(LockMethods {
        logind: allowed(LockMethod::Logind),
        screensaver: allowed(LockMethod::ScreenSaver),
        command,
        ..LockMethods::default()
    })
}
