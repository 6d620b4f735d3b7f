use std::{
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Where a program given by its bare name is looked for. The person's own `PATH` could name a program that only looks
/// like a locker.
const PLACES: [&str; 6] = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

/// A locker and its arguments. No shell reads it. The locker must stay in the foreground (for i3lock: `--nofork`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockCommand {
    program: String,
    arguments: Vec<String>,
}

/// Why a list can't be a locker command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockCommandError {
    /// There is no first element, or it is empty.
    #[error("the lock command is empty; give the program and its arguments, like [\"i3lock\", \"--nofork\"]")]
    Empty,
    /// Neither a bare name nor a whole path.
    #[error("lock command {program:?}: give the whole path, or a bare name to be found in the system's folders")]
    RelativePath {
        /// The program given.
        program: String,
    },
    /// A zero byte in the program or an argument.
    #[error("the lock command contains a zero byte")]
    ZeroByte,
    /// No such program.
    #[error("lock command {program:?}: not found or not executable (looked in {looked_in})")]
    NotFound {
        /// The program given.
        program: String,
        /// Where it was looked for.
        looked_in: String,
    },
}

impl LockCommand {
    /// Takes the program and its arguments. Whether the program exists is a question for [`LockCommand::program`].
    pub fn new(argv: Vec<String>) -> Result<Self, LockCommandError> {
        let mut argv = argv.into_iter();
        let program = argv.next().filter(|p| !p.is_empty()).ok_or(LockCommandError::Empty)?;
        let arguments: Vec<String> = argv.collect();
        if program.contains('\0') || arguments.iter().any(|a| a.contains('\0')) {
            return Err(LockCommandError::ZeroByte);
        }
        if program.contains('/') && !program.starts_with('/') {
            return Err(LockCommandError::RelativePath { program });
        }
        Ok(Self { program, arguments })
    }

    /// The program's whole path as it stands now.
    pub fn program(&self) -> Result<PathBuf, LockCommandError> {
        let looked_in = if self.program.starts_with('/') { vec!["/"] } else { PLACES.to_vec() };
        let found = looked_in.iter().map(|place| Path::new(place).join(&self.program)).find(|path| executable(path));
        found
            .ok_or_else(|| LockCommandError::NotFound { program: self.program.clone(), looked_in: looked_in.join(":") })
    }
}

/// The locker command that was started last, shared by whoever starts it and whoever watches it.
#[derive(Clone, Debug, Default)]
pub struct StartedLocker(Arc<Mutex<Option<Child>>>);

/// How a started locker fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
pub(super) enum Fate {
    /// None was started, or its end was seen before.
    None,
    /// It runs, as this process.
    Running(u32),
    /// It has just been seen to have ended.
    Ended(ExitStatus),
}

impl StartedLocker {
    /// Whether it was started and runs still.
    pub fn is_running(&self) -> bool {
        matches!(self.fate(), Fate::Running(_))
    }

    pub(super) fn fate(&self) -> Fate {
        let mut slot = self.slot();
        let Some(child) = slot.as_mut() else { return Fate::None };
        match child.try_wait() {
            Ok(None) => Fate::Running(child.id()),
            Ok(Some(status)) => {
                *slot = None;
                Fate::Ended(status)
            }
            // Somebody else collected its end; it is no child of ours any more.
            Err(_) => {
                *slot = None;
                Fate::None
            }
        }
    }

    /// Starts it, unless it runs already. It outlives this process: an agent that is killed must not unlock the screen.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code))]
    pub(super) fn start(&self, command: &LockCommand, display: Option<&str>) -> Result<u32, String> {
        if let Fate::Running(pid) = self.fate() {
            return Ok(pid);
        }
        let program = command.program().map_err(|e| e.to_string())?;
        let mut start = Command::new(&program);
        start.args(&command.arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        start.env_remove("LD_PRELOAD").env_remove("LD_LIBRARY_PATH");
        if let Some(display) = display {
            start.env("DISPLAY", display);
        }
        own_group(&mut start);
        let child = start.spawn().map_err(|e| format!("{} can't be started: {e}", program.display()))?;
        let pid = child.id();
        *self.slot() = Some(child);
        Ok(pid)
    }

    fn slot(&self) -> MutexGuard<'_, Option<Child>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A signal to the agent's process group doesn't reach the locker.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(unix)]
fn executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(argv: &[&str]) -> Result<LockCommand, LockCommandError> {
        LockCommand::new(argv.iter().map(|a| a.to_string()).collect())
    }

    #[test]
    fn refuses_what_can_not_be_started() {
        assert_eq!(command(&[]).err(), Some(LockCommandError::Empty));
        assert_eq!(command(&["", "-x"]).err(), Some(LockCommandError::Empty));
        assert_eq!(command(&["a\0"]).err(), Some(LockCommandError::ZeroByte));
        assert_eq!(command(&["a", "\0"]).err(), Some(LockCommandError::ZeroByte));
        assert!(matches!(command(&["bin/locker"]), Err(LockCommandError::RelativePath { .. })));
        assert!(matches!(command(&["./locker"]), Err(LockCommandError::RelativePath { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn finds_programs_in_the_systems_folders_only() {
        assert!(command(&["sleep"]).unwrap().program().unwrap().is_absolute());
        assert!(command(&["/bin/sleep"]).unwrap().program().is_ok());
        let missing = command(&["no-such-locker"]).unwrap().program().unwrap_err();
        assert!(missing.to_string().contains("no-such-locker") && missing.to_string().contains("/usr/bin"));
        assert!(command(&["/etc/passwd"]).unwrap().program().is_err(), "not executable");
    }

    #[cfg(unix)]
    #[test]
    fn a_started_locker_is_started_once_and_its_end_is_seen_once() {
        let started = StartedLocker::default();
        assert_eq!(started.fate(), Fate::None);
        let locker = command(&["sleep", "60"]).unwrap();
        let pid = started.start(&locker, None).unwrap();
        assert_eq!(started.start(&locker, None).unwrap(), pid);
        assert!(started.is_running());
        started.slot().as_mut().unwrap().kill().unwrap();
        started.slot().as_mut().unwrap().wait().unwrap();
        assert!(matches!(started.fate(), Fate::Ended(_)));
        assert_eq!(started.fate(), Fate::None);
    }
}
