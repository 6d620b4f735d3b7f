//! What several platform files on Linux share: the buses, logind, screen savers, the X server.

pub(crate) mod bus;
pub(crate) mod logind;
pub(crate) mod mutter;
pub(crate) mod network_manager;
pub(crate) mod screensaver;
pub(crate) mod x11;

use std::{sync::mpsc, thread, time::Duration};

/// The result of `work`, or `None` when it takes longer than `limit`; then its thread is left behind to end by itself.
///
/// Connecting to a bus or a display that hangs has no time limit of its own.
pub(crate) fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = mpsc::channel();
    thread::Builder::new().name("desktop-call".into()).spawn(move || done.send(work())).ok()?;
    result.recv_timeout(limit).ok()
}
