//! A program of the administrator's that is told something.

use crate::owner::{NotAdministrators, administrator_owned};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often to look whether it has ended.
const LOOK: Duration = Duration::from_millis(20);

/// Why a program was not told.
#[derive(Debug, thiserror::Error)]
pub enum NotTold {
    /// Somebody else could have written it.
    #[error("it is not run: {0}")]
    NotAdministrators(#[from] NotAdministrators),
    /// It can't be started, or does not read.
    #[error("{}: {source}", program.display())]
    Io {
        /// It.
        program: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It ended with a failure.
    #[error("{} failed: {status}", program.display())]
    Failed {
        /// It.
        program: PathBuf,
        /// How it ended.
        status: ExitStatus,
    },
    /// It took too long, and was ended.
    #[error("{} did not end within {} s, and was ended", program.display(), patience.as_secs())]
    TooSlow {
        /// It.
        program: PathBuf,
        /// How long it was given.
        patience: Duration,
    },
}

/// Starts `program`, whose whole path must be the administrator's, gives it `text` on its standard input, and waits for
/// it to end well. It has no arguments, no output and nothing of our environment, which the person sets; it runs as
/// them.
///
/// # Errors
/// When it isn't the administrator's, can't be started, fails, or takes longer than `patience`.
pub fn tell(program: &Path, text: &str, patience: Duration) -> Result<(), NotTold> {
    administrator_owned(program)?;
    let io = |source| NotTold::Io { program: program.to_owned(), source };
    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let until = Instant::now() + patience;
    let mut child = command.spawn().map_err(io)?;
    if let Some(mut input) = child.stdin.take() {
        // Less than a pipe holds, so it does not wait; whoever doesn't care to read it may still end well.
        let _ = input.write_all(text.as_bytes());
    }
    match ends_by(&mut child, until).map_err(io)? {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(NotTold::Failed { program: program.to_owned(), status }),
        None => Err(NotTold::TooSlow { program: program.to_owned(), patience }),
    }
}

/// How it ended; nothing where it had to be ended.
fn ends_by(child: &mut Child, until: Instant) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= until {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_others_can_write_is_not_run() {
        let folder = std::env::temp_dir().join(format!("stillyou-program-{}", std::process::id()));
        std::fs::write(&folder, "#!/bin/sh\n").unwrap();
        let told = tell(&folder, "{}", Duration::from_secs(1));
        std::fs::remove_file(&folder).unwrap();
        assert!(matches!(told, Err(NotTold::NotAdministrators(_))), "{told:?}");
        let told = tell(Path::new("true"), "{}", Duration::from_secs(1));
        assert!(matches!(told, Err(NotTold::NotAdministrators(NotAdministrators::NotAbsolute { .. }))), "{told:?}");
    }

    #[test]
    fn what_fails_or_does_not_end_is_said() {
        assert!(tell(Path::new("/bin/true"), "{}", Duration::from_secs(5)).is_ok());
        let told = tell(Path::new("/bin/false"), "{}", Duration::from_secs(5));
        assert!(matches!(told, Err(NotTold::Failed { .. })), "{told:?}");
        let began = Instant::now();
        // Goes on for ever.
        let told = tell(Path::new("/usr/bin/yes"), "{}", Duration::from_millis(200));
        assert!(matches!(told, Err(NotTold::TooSlow { .. })), "{told:?}");
        assert!(began.elapsed() < Duration::from_secs(5));
    }
}
