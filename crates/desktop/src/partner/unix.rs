use rustix::process::{Pid, Signal, getppid, kill_process};
use std::io;

/// The process that started this one.
pub struct Parent(Option<Pid>);

impl Parent {
    pub(super) fn of_this_process() -> Self {
        Self(getppid())
    }

    /// Kills it, even when it is frozen; nothing when it is gone already.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn kill(&self) -> io::Result<()> {
        match self.0 {
            // Once it is gone the system gives this process another parent: its number may be somebody else's.
            Some(pid) if getppid() == Some(pid) => Ok(kill_process(pid, Signal::KILL)?),
            _ => Ok(()),
        }
    }
}
