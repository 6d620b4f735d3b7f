//! What comes to the machine besides keys: keyboards and pointers that were not there before. No key is read for it.
//!
//! The rest of the surroundings (remote session, screen sharing, network, session switch, suspend) is told by services on
//! the desktop's buses, and `desktop::watch` follows those.

use crate::keyboard::Session;
use crate::source::{SourceError, Stop};
use crossbeam_channel::Sender;
use std::{io, thread, time::Duration};

#[cfg(target_os = "linux")]
#[path = "context/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "context/unsupported.rs"]
mod platform;

/// How long a lost list of devices rests before it is tried again.
const RETRY: Duration = Duration::from_secs(2);

/// What the watch over input devices reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceObservation {
    /// Devices are watched, from now on or again. Those that are there are not new.
    Ready,
    /// A keyboard or pointer came. One that left and came back came: names and numbers can be copied.
    Appeared {
        /// What it is.
        kind: DeviceKind,
        /// Whether a program made it (XTEST, uinput).
        injected: bool,
    },
    /// No device is seen to come until the next [`DeviceObservation::Ready`]; why.
    Lost(SourceError),
}

/// What an input device is used for; one that is both is a keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// It has keys to type with.
    Keyboard,
    /// It moves the pointer, or touches.
    Pointer,
}

/// A running watch over input devices on a thread of its own; dropping it ends it.
pub struct DeviceWatch {
    stop: Stop,
    thread: Option<thread::JoinHandle<()>>,
}

impl DeviceWatch {
    /// Starts to watch: the X server's devices in an X session, the kernel's elsewhere. A list that fails is reported
    /// as [`DeviceObservation::Lost`] and tried again.
    ///
    /// # Errors
    /// When the system gives no thread or file descriptor, or is not supported yet.
    pub fn start(session: &Session, sink: Sender<DeviceObservation>) -> io::Result<Self> {
        let stop = Stop::new()?;
        let (session, feed) = (session.clone(), DeviceFeed { sink, stop: stop.clone() });
        let follow = platform::follower()?;
        let thread = thread::Builder::new().name("devices".into()).spawn(move || keep(&session, &feed, follow))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for DeviceWatch {
    fn drop(&mut self) {
        self.stop.request();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Follows the list of devices until the stop; the error says why it can't be followed.
type Follow = fn(&Session, &DeviceFeed) -> Result<(), SourceError>;

/// Where observations go and what ends them.
struct DeviceFeed {
    sink: Sender<DeviceObservation>,
    stop: Stop,
}

impl DeviceFeed {
    fn send(&self, observation: DeviceObservation) -> Result<(), SourceError> {
        self.sink.send(observation).map_err(|_| SourceError::SinkClosed)
    }
}

fn keep(session: &Session, feed: &DeviceFeed, follow: Follow) {
    let mut reported = None;
    while !feed.stop.requested() {
        let error = match follow(session, feed) {
            Ok(()) | Err(SourceError::SinkClosed) => return,
            Err(error) => error,
        };
        if reported.as_ref() != Some(&error) {
            tracing::debug!(%error, "input devices are not watched");
            if feed.send(DeviceObservation::Lost(error.clone())).is_err() {
                return;
            }
            reported = Some(error);
        }
        feed.stop.wait(RETRY);
    }
}
