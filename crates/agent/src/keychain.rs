use crossbeam_channel::{Sender, bounded};
use std::time::Duration;
use stillyou_vault::Vault;
use thiserror::Error;

/// How long the loop waits for the keychain. It may be asking the person to unlock it, or hang.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a keychain that still works on an earlier request is waited for.
const BUSY: Duration = Duration::from_millis(50);

/// The vault on a thread of its own: the keychain is another process, and the loop must go on without it.
pub struct Keychain {
    ask: Sender<Job>,
}

type Job = Box<dyn FnOnce(&Vault) + Send>;

/// The keychain does not answer.
#[derive(Debug, Error)]
#[error("the keychain does not answer; unlock it if it asks, or sign in again")]
pub struct KeychainSilent;

impl Keychain {
    /// Puts `vault` on its thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(vault: Vault) -> std::io::Result<Self> {
        let (ask, asked) = bounded::<Job>(0);
        std::thread::Builder::new().name("keychain".into()).spawn(move || {
            for job in asked {
                job(&vault);
            }
        })?;
        Ok(Self { ask })
    }

    /// What `job` makes of the vault, within [`PATIENCE`]. A job that takes longer is finished, but nobody hears of it.
    ///
    /// # Errors
    /// When no answer comes in time.
    pub fn ask<T: Send + 'static>(&self, job: impl FnOnce(&Vault) -> T + Send + 'static) -> Result<T, KeychainSilent> {
        self.ask_within(PATIENCE, job)
    }

    /// As [`Keychain::ask`], within `patience`.
    ///
    /// # Errors
    /// When no answer comes in time.
    pub fn ask_within<T: Send + 'static>(
        &self,
        patience: Duration,
        job: impl FnOnce(&Vault) -> T + Send + 'static,
    ) -> Result<T, KeychainSilent> {
        let (answer, answered) = bounded(1);
        let job: Job = Box::new(move |vault| {
            let _ = answer.send(job(vault));
        });
        self.ask.send_timeout(job, BUSY).map_err(|_| KeychainSilent)?;
        answered.recv_timeout(patience).map_err(|_| KeychainSilent)
    }
}
