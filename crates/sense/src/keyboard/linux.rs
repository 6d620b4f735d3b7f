//! Linux: XInput2 for X11 sessions, the kernel's event devices for Wayland and the console.

mod evdev;
pub(crate) mod folder;
pub(crate) mod node;
mod wire;
pub(crate) mod x11;

pub use evdev::EvdevSource;
pub(super) use node::first_unreadable_keyboard;
pub use x11::X11Source;

use super::SourceError;
use rustix::event::{PollFd, Timespec, poll};

/// Waits until one of `fds` has something or `timeout` is over; a signal counts as having something.
pub(crate) fn wait(fds: &mut [PollFd<'_>], timeout: Option<std::time::Duration>) -> Result<(), SourceError> {
    let timeout = timeout.map(|t| Timespec { tv_sec: t.as_secs() as _, tv_nsec: t.subsec_nanos() as _ });
    match poll(fds, timeout.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(e) => Err(SourceError::System { what: "waiting for input", reason: e.to_string() }),
    }
}
