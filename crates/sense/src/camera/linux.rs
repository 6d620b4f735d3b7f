//! Cameras through V4L2, by our own small part of it.
//!
//! Not through `nokhwa` (0.10.11, with `nokhwa-bindings-linux` 0.1.4 and `v4l` 0.14), which macOS and Windows go through:
//! - it waits for a picture without a time limit (`MmapStream` polls with −1 unless it is told otherwise, and nokhwa gives
//!   no way to), so a camera could not be let go at once when the session locks;
//! - its errors are texts, so busy, forbidden and unplugged can't be told apart;
//! - it lists every node, outputs and metadata too, and opens by number, which says nothing about which camera it is;
//! - rates that are no whole number are an error, and its usual wish, the highest rate, is anything but modest;
//! - it needs libclang to build (`v4l2-sys-mit` runs bindgen).
//!
//! What V4L2 lets one know of other programs: whoever comes second gets `EBUSY` when it asks for buffers, and nobody is told
//! that somebody came. So while we stream, inotify watches the node: any program that opens it, for whatever reason, is
//! taken to want the camera, and we let go. A program in a container with a node of its own making is not seen.

mod abi;
mod device;
mod mapping;
mod offer;
mod stream;
mod sysfs;

pub(crate) use device::list;
pub(crate) use stream::Stream;
pub(super) use {
    abi::start_output,
    device::{fourcc, open_node},
};

use super::CameraError;
use rustix::io::Errno;

/// The named state behind what the kernel says.
pub(super) fn failed(camera: &str, what: &'static str, errno: Errno) -> CameraError {
    let camera = camera.to_owned();
    match errno {
        Errno::BUSY => CameraError::Busy { camera },
        Errno::ACCESS | Errno::PERM => CameraError::PermissionDenied { camera },
        Errno::NODEV | Errno::NXIO | Errno::NOENT => CameraError::Unplugged { camera },
        Errno::NOSPC => {
            let reason = "no room on its USB controller; plug it into another port".into();
            CameraError::System { camera, what, reason }
        }
        errno => CameraError::System { camera, what, reason: errno.to_string() },
    }
}
