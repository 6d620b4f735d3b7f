//! What the Linux sources of keys and of the pointer share: the X server, and the kernel's event devices.

mod devices;
mod evdev;
mod event;
pub(crate) mod folder;
pub(crate) mod node;
mod server;

pub(crate) use devices::Devices;
pub(crate) use evdev::{Evdev, Node, Shared};
pub(crate) use event::WireEvent;
pub(crate) use server::Server;

use crate::source::SourceError;
use rustix::event::{PollFd, Timespec, poll};
use std::time::Duration;

/// Waits until one of `fds` has something or `timeout` is over; a signal counts as having something.
pub(crate) fn wait(fds: &mut [PollFd<'_>], timeout: Option<Duration>) -> Result<(), SourceError> {
    let timeout = timeout.map(|t| Timespec { tv_sec: t.as_secs() as _, tv_nsec: t.subsec_nanos() as _ });
    match poll(fds, timeout.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(e) => Err(SourceError::System { what: "waiting for input", reason: e.to_string() }),
    }
}
