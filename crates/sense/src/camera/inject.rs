//! Gives a v4l2loopback device its picture: for tests and for the test machine (`tests/vm`). What comes from it is known as
//! virtual by [`cameras`](super::cameras).

use super::{
    CameraError, Frame, PixelFormat,
    platform::{failed, fourcc, open_node, start_output},
};
use rustix::{fd::OwnedFd, io::Errno};
use std::path::{Path, PathBuf};

/// The writing end of a loopback camera. While it lives, the device is a camera to other programs.
pub struct Loopback {
    device: OwnedFd,
    node: PathBuf,
}

impl Loopback {
    /// The loopback device at `node`, for pictures of this size and format; `bytes` is how many a picture has at most.
    ///
    /// # Errors
    /// When there is no such device, it may not be used, or it doesn't take the format.
    pub fn open(node: &Path, size: (u32, u32), pixels: PixelFormat, bytes: u32) -> Result<Self, CameraError> {
        let called = node.display().to_string();
        let device = open_node(node).map_err(|e| failed(&called, "opening it", e))?;
        match start_output(&device, size, fourcc(pixels), bytes) {
            Ok(true) => Ok(Self { device, node: node.into() }),
            Ok(false) => {
                Err(CameraError::UnsupportedFormat { camera: called, offers: "another format or size".into() })
            }
            Err(e) => Err(failed(&called, "setting its format", e)),
        }
    }

    /// Shows a frame of the size that the device was opened with, opened for [`PixelFormat::Rgb24`].
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn show(&self, frame: &Frame) -> Result<(), CameraError> {
        self.write(frame.rgb())
    }

    /// Shows one picture in the bytes of the device's format.
    ///
    /// # Errors
    /// When the device refuses it.
    pub fn write(&self, picture: &[u8]) -> Result<(), CameraError> {
        let written = loop {
            match rustix::io::write(&self.device, picture) {
                Err(Errno::INTR) => {}
                other => break other,
            }
        };
        let camera = || self.node.display().to_string();
        match written {
            Ok(bytes) if bytes == picture.len() => Ok(()),
            Ok(bytes) => {
                let reason = format!("it took {bytes} of {} bytes", picture.len());
                Err(CameraError::System { camera: camera(), what: "showing a picture", reason })
            }
            Err(e) => Err(failed(&camera(), "showing a picture", e)),
        }
    }
}
