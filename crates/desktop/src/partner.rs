//! Two processes that watch each other: one started the other, and they talk over its standard input and output, one
//! word at a time. When one is gone, the other sees its end of the talk close; when one is frozen, it hears nothing.

use crossbeam_channel::{Receiver, bounded};
use std::{
    io::{self, Read, Write},
    process::{Child, Command, Stdio},
};

#[cfg(unix)]
#[path = "partner/unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "partner/unsupported.rs"]
mod platform;

pub use platform::Parent;

/// Words that wait to be heard.
const MAX_WAITING: usize = 64;

/// The talk with the other process.
pub struct Talk {
    /// What is said to it.
    pub voice: Voice,
    /// What it says. Disconnected when it is gone.
    pub heard: Receiver<u8>,
}

/// What is said to the other process.
pub struct Voice(Box<dyn Write + Send>);

impl Voice {
    /// Says one word.
    ///
    /// # Errors
    /// When nobody can hear it any more.
    pub fn say(&mut self, word: u8) -> io::Result<()> {
        self.0.write_all(&[word])?;
        self.0.flush()
    }
}

/// Starts the other process. Its standard input and output are the talk; what it logs goes to standard error.
///
/// # Errors
/// When it can't be started.
pub fn start(command: &mut Command) -> io::Result<(Child, Talk)> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let gone = || io::Error::other("it has no standard input or output");
    let voice = Voice(Box::new(child.stdin.take().ok_or_else(gone)?));
    let heard = listen(child.stdout.take().ok_or_else(gone)?)?;
    Ok((child, Talk { voice, heard }))
}

/// The talk with the process that started this one.
///
/// # Errors
/// When the system gives no thread.
pub fn with_parent() -> io::Result<(Parent, Talk)> {
    let talk = Talk { voice: Voice(Box::new(io::stdout())), heard: listen(io::stdin())? };
    Ok((Parent::of_this_process(), talk))
}

fn listen(mut from: impl Read + Send + 'static) -> io::Result<Receiver<u8>> {
    let (to, heard) = bounded(MAX_WAITING);
    std::thread::Builder::new().name("partner".into()).spawn(move || {
        let mut word = [0];
        while from.read_exact(&mut word).is_ok() && to.send(word[0]).is_ok() {}
    })?;
    Ok(heard)
}
