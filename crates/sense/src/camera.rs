//! The camera: which there are, which one to use, and its pictures while it is open.
//!
//! It is open from [`Camera::open`] until the value is dropped, until the [`Stop`] it was opened with is requested, or until
//! another program wants it, whichever comes first. Nothing is kept: a [`Frame`] is handed on and wiped when it is dropped.
//!
//! [`cameras`] lists them, [`choose`] takes the one that policy means and says what speaks against it, a [`Judge`] tells a
//! covered, dark or frozen picture from one with something to see. `inject` gives a loopback camera its picture, for tests.

mod choose;
mod convert;
mod error;
mod format;
mod frame;
mod identity;
#[cfg(target_os = "linux")]
pub mod inject;
mod judge;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(target_os = "macos", windows))]
mod nokhwa;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod unsupported;

#[cfg(target_os = "linux")]
use linux as platform;
#[cfg(any(target_os = "macos", windows))]
use nokhwa as platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
use unsupported as platform;

pub use choose::{Chosen, Doubt, Wish, choose};
pub use error::CameraError;
pub use format::{Format, PixelFormat};
pub use frame::{Frame, FrameError, SIDE};
pub use identity::{CameraIdentity, CameraInfo, Sameness, UsbIdentity, VirtualReason};
pub use judge::{Judge, View};

use crate::source::Stop;
use std::time::Duration;

/// Every camera of this machine that can be opened, the virtual ones too, in the system's order. No stream is started and no
/// light goes on.
///
/// # Errors
/// What is wrong with the first one, when none can be opened; not when there is none.
pub fn cameras() -> Result<Vec<CameraInfo>, CameraError> {
    platform::list()
}

/// An open camera, whose light is on. Dropping it turns it off and lets others use it.
pub struct Camera(Result<platform::Stream, CameraError>);

impl Camera {
    /// Opens a camera with the nearest to `wish` that it offers, until it is dropped or `stop` is requested.
    ///
    /// # Errors
    /// [`CameraError::Busy`] at once when another program has it, [`CameraError::Unplugged`] when it is gone or another is in
    /// its place, [`CameraError::Stopped`] when `stop` was requested before, and whatever else keeps it from giving pictures.
    pub fn open(camera: &CameraInfo, wish: &Format, stop: Stop) -> Result<Self, CameraError> {
        if stop.requested() {
            return Err(CameraError::Stopped);
        }
        platform::Stream::open(camera, wish, stop).map(|stream| Self(Ok(stream)))
    }

    /// Width and height of its frames, in pixels; nothing once it is closed.
    pub fn size(&self) -> Option<(u32, u32)> {
        self.0.as_ref().ok().map(platform::Stream::size)
    }

    /// The next picture, none of which is older than 0.3 s when it comes (Linux). Wait for at most `timeout`; a stop ends the wait.
    /// What must be noticed while the camera is open, is noticed here: call it often.
    ///
    /// # Errors
    /// [`CameraError::TimedOut`] when none came: the camera stays open. After every other error it is closed, and the same
    /// error comes again: [`CameraError::Wanted`] and [`CameraError::Stopped`] among them.
    pub fn frame(&mut self, timeout: Duration) -> Result<Frame, CameraError> {
        let stream = self.0.as_mut().map_err(|error| error.clone())?;
        let frame = stream.frame(timeout);
        if let Err(error) = &frame
            && !matches!(error, CameraError::TimedOut { .. })
        {
            self.0 = Err(error.clone());
        }
        frame
    }

    /// Turns it off, as dropping it does.
    pub fn close(self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_camera_that_is_told_to_stop_before_it_is_opened_never_is() {
        let identity = CameraIdentity { driver: "none".into(), card: "gone".into(), place: String::new(), usb: None };
        let gone = CameraInfo { identity, handle: "/dev/null/gone".into(), made_by_program: None, readable: true };
        let stop = Stop::new().unwrap();
        let open = || Camera::open(&gone, &Format::default(), stop.clone()).map(|_| ()).unwrap_err();
        assert_ne!(open(), CameraError::Stopped);
        stop.request();
        assert_eq!(open(), CameraError::Stopped);
    }
}
