//! Being told to end: by the terminal, the service manager, or anybody who may send a signal.

use crossbeam_channel::Receiver;
use std::io;

#[cfg(unix)]
#[path = "signals/unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "signals/unsupported.rs"]
mod platform;

/// From now on such a wish does not end this process, but arrives here.
///
/// # Errors
/// When the system gives no thread or refuses.
pub fn told_to_end() -> io::Result<Receiver<()>> {
    platform::told_to_end()
}
