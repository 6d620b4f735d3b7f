use super::counters::Counters;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// One line of `stillyou status --watch --json`; only what the demo shows.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Status {
    pub state: State,
    pub score: Option<f64>,
    pub log_odds: Option<f64>,
    pub contributions: Option<Vec<Contribution>>,
    #[serde(default)]
    pub trouble: Vec<Trouble>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    #[default]
    Learning,
    Watching {
        band: String,
    },
    StepUp {},
    Locked {},
}

/// What moved the score; positive nats speak against the owner.
#[derive(Clone, Debug, Deserialize)]
pub struct Contribution {
    pub cause: String,
    pub nats: f64,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Trouble {
    pub why: String,
}

/// A status, when it came, and who had typed how much by then.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: Instant,
    pub status: Status,
    /// Keystrokes of the genuine typist and of the impostor so far.
    pub typed: [usize; 2],
}

/// Follows the agent's status on a thread of its own.
pub struct Watch {
    child: Child,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Vec<Seen>>,
    changed: Condvar,
}

impl Watch {
    /// Starts following; `on_status` runs at every line.
    pub fn start(
        mut command: Command,
        counters: Arc<Counters>,
        mut on_status: impl FnMut(&Seen) + Send + 'static,
    ) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("stillyou status --watch")?;
        let lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let shared = Arc::new(Shared::default());
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for line in lines.map_while(Result::ok) {
                    match serde_json::from_str(&line) {
                        Ok(status) => {
                            let seen = Seen { at: Instant::now(), status, typed: counters.get() };
                            on_status(&seen);
                            shared.lock().push(seen);
                            shared.changed.notify_all();
                        }
                        Err(error) => eprintln!("x: a status line is not understood ({error}): {line}"),
                    }
                }
            }
        });
        Ok(Self { child, thread: Some(thread), shared })
    }

    /// The state as it is now.
    pub fn state(&self) -> State {
        self.shared.lock().last().map(|seen| seen.status.state.clone()).unwrap_or_default()
    }

    /// Waits until `done` holds for the latest status; false when `patience` is over first.
    pub fn until(&self, patience: Duration, done: impl Fn(&Status) -> bool) -> bool {
        let seen = self.shared.lock();
        let not_yet = |seen: &mut Vec<Seen>| !seen.last().is_some_and(|s| done(&s.status));
        let waited = self.shared.changed.wait_timeout_while(seen, patience, not_yet);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Everything seen so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.lock().clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
