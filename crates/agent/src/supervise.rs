//! The supervisor: starts the worker, and when it dies or freezes, locks the session, records it and starts another.

use crate::locking::methods;
use crate::places::Places;
use crate::policy_file;
use crate::record::{self, Locked, Lost, Who};
use crate::talk::{BEAT, Fate, SILENCE, Word};
use crossbeam_channel::{Receiver, after, select, tick};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};
use stillyou_desktop_os::Desktop;
use stillyou_desktop_os::clock::Clock;
use stillyou_desktop_os::hardening::{seal_memory, separate_code_from_data};
use stillyou_desktop_os::lock::Locker;
use stillyou_desktop_os::partner::{self, Talk};
use stillyou_desktop_os::signals::told_to_end;
use thiserror::Error;

/// How long a worker may take to load its model, ask the desktop and say its first word.
const BEGINNING: Duration = Duration::from_secs(60);

/// How long it may take to lock and end once it is told to.
const ENDING: Duration = Duration::from_secs(12);

/// A worker that lives for so long was not lost for a reason that its start brings back.
const LONG_LIFE: Duration = Duration::from_secs(60);

/// The pause before a worker is started again, doubled for each short life up to the second figure.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));

/// Why there is no agent.
#[derive(Debug, Error)]
pub enum SuperviseError {
    /// The worker did not begin; it has said why.
    #[error("the agent did not begin ({0})")]
    NotBegun(ExitStatus),
    /// The system refuses.
    #[error("the agent's worker can't be started: {0}")]
    System(#[from] std::io::Error),
}

/// Runs workers, each made by `worker`, until one ends as it should.
///
/// # Errors
/// When the first worker does not begin, or none can be started.
pub fn supervise(places: &Places, worker: impl Fn() -> Command) -> Result<(), SuperviseError> {
    harden();
    let ends = told_to_end()?;
    let mut pause = PAUSES.0;
    let mut begun = false;
    loop {
        let started = Instant::now();
        let mut running = match Worker::start(&mut worker()) {
            Ok(running) => running,
            Err(e) if !begun => return Err(e),
            Err(e) => {
                tracing::error!("no worker can be started, it is tried again: {e}");
                std::thread::sleep(PAUSES.1);
                continue;
            }
        };
        let end = running.watch(&ends)?;
        begun |= running.protects.is_some();
        let (fate, status) = match end {
            End::Orderly => return Ok(()),
            End::Lost(_, status) if !begun => return Err(SuperviseError::NotBegun(status)),
            End::Lost(fate, status) => (fate, status),
        };
        tracing::error!("the agent's worker was lost ({fate:?}, {status})");
        answer(places, fate, status, running.protects == Some(true));
        if running.told_to_end {
            return Ok(());
        }
        pause = if started.elapsed() >= LONG_LIFE { PAUSES.0 } else { (pause * 2).min(PAUSES.1) };
        std::thread::sleep(pause);
    }
}

/// What either of the two processes does first. Where the system can't, the agent is still better than none.
pub fn harden() {
    if let Err(e) = seal_memory() {
        tracing::warn!("other processes of this user can read the agent's memory: {e}");
    }
    if let Err(e) = separate_code_from_data() {
        tracing::info!("this system does not keep memory either writable or executable: {e}");
    }
}

struct Worker {
    process: Child,
    talk: Talk,
    /// What it said last: whether it protects the session. `None` until it has begun.
    protects: Option<bool>,
    told_to_end: bool,
}

enum End {
    Orderly,
    Lost(Fate, ExitStatus),
}

impl Worker {
    fn start(command: &mut Command) -> Result<Self, SuperviseError> {
        let (process, talk) = partner::start(command)?;
        Ok(Self { process, talk, protects: None, told_to_end: false })
    }

    fn watch(&mut self, ends: &Receiver<()>) -> Result<End, SuperviseError> {
        let beats = tick(BEAT);
        // The worker counts our silence from our first word on.
        self.say(Word::Alive);
        let mut silent_at = self.silent_at();
        loop {
            select! {
                recv(self.talk.heard) -> word => match word.ok().map(Word::of) {
                    // A worker that is gone is noticed here.
                    None => return Ok(End::Lost(Fate::Gone, self.collect()?)),
                    Some(Some(Word::Ending)) => {
                        self.collect()?;
                        return Ok(End::Orderly);
                    }
                    Some(word) => {
                        match word {
                            Some(Word::Learning) => self.protects = Some(false),
                            Some(Word::Protecting) => self.protects = Some(true),
                            _ => {}
                        }
                        if !self.told_to_end {
                            silent_at = self.silent_at();
                        }
                    }
                },
                recv(beats) -> _ => self.say(Word::Alive),
                recv(ends) -> _ => {
                    self.told_to_end = true;
                    self.say(Word::End);
                    silent_at = Instant::now() + ENDING;
                }
                recv(after(silent_at.saturating_duration_since(Instant::now()))) -> _ => {
                    // After this process itself was held up, what it was told meanwhile is still to be heard.
                    if self.talk.heard.is_empty() {
                        self.process.kill()?;
                        return Ok(End::Lost(Fate::Frozen, self.collect()?));
                    }
                }
            }
        }
    }

    fn silent_at(&self) -> Instant {
        Instant::now() + if self.protects.is_some() { SILENCE } else { BEGINNING }
    }

    fn say(&mut self, word: Word) {
        // One that can't hear any more is noticed by its own silence.
        let _ = self.talk.voice.say(word.byte());
    }

    fn collect(&mut self) -> Result<ExitStatus, SuperviseError> {
        Ok(self.process.wait()?)
    }
}

/// The worker is dead. What it protected is locked first; the record is this process's alone until the next worker.
fn answer(places: &Places, fate: Fate, status: ExitStatus, protected: bool) {
    let locked = protected.then(|| lock(places));
    let lost = Lost { who: Who::Worker, fate, how: status.to_string(), locked };
    let recorded = Clock::new()
        .map_err(|e| e.to_string())
        .and_then(|clock| record::append_alone(places, clock, "lost", &lost).map_err(|e| e.to_string()));
    if let Err(why) = recorded {
        tracing::error!("the loss could not be recorded: {why}");
    }
}

/// Locks the session; the next worker goes on trying where that can't be proven.
fn lock(places: &Places) -> Locked {
    let policy = policy_file::usable(places).in_force.policy;
    let outcome = match methods(&policy.lock) {
        Ok(methods) => Locker::new(Desktop::from_env(), methods).lock().map_err(|e| e.to_string()),
        Err(e) => Err(e.to_string()),
    };
    match outcome {
        Ok(proof) => {
            tracing::info!("locked: {proof}");
            Locked::Proven(proof.to_string())
        }
        Err(why) => {
            tracing::error!("the session could not be locked: {why}");
            Locked::Failed(why)
        }
    }
}
