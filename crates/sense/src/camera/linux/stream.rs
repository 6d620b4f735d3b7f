use super::{
    abi::{self, Buffer, Pixels},
    device, failed,
    mapping::Mapping,
    offer::nearest,
};
use crate::{
    Micros,
    camera::{
        CameraError, CameraInfo, Format, Frame, FrameError,
        convert::{Colours, Layout},
    },
    source::Stop,
};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fd::OwnedFd,
    fs::inotify,
    io::Errno,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use zeroize::Zeroizing;

/// So many pictures wait for us at most. Fewer, and slow drivers lose some.
const BUFFERS: u32 = 4;
/// A picture older than this waited because nobody took it: a newer one is on its way.
const STALE: Duration = Duration::from_millis(300);
/// A driver's time stamp further off than this is of another clock.
const PLAUSIBLE: Duration = Duration::from_secs(60);
/// How long to rest when the driver says that something is wrong, but not what.
const REST: Duration = Duration::from_millis(20);

/// A camera that is on. Dropping it turns it off.
pub(crate) struct Stream {
    buffers: Vec<Mapping>,
    device: OwnedFd,
    /// Speaks when anybody opens the camera.
    others: Option<OwnedFd>,
    stop: Stop,
    layout: Layout,
    /// The camera's bytes, before they are RGB.
    bytes: Zeroizing<Vec<u8>>,
    called: String,
}

impl Stream {
    pub(crate) fn open(camera: &CameraInfo, wish: &Format, stop: Stop) -> Result<Self, CameraError> {
        let called = camera.to_string();
        let failed = |what, e| failed(&called, what, e);
        let node = Path::new(&camera.handle);
        let device = device::open_node(node).map_err(|e| failed("opening it", e))?;
        let capability = abi::capability(&device).map_err(|e| failed("asking what it is", e))?;
        let name = node.file_name().unwrap_or_default().to_string_lossy();
        if device::identity(&name, &capability) != camera.identity {
            // Another camera got its node.
            return Err(CameraError::Unplugged { camera: called });
        }
        let layout = set_format(&device, wish, &called)?;
        // Drivers that know no rates refuse it, and it is a wish.
        let _ = abi::set_rate(&device, wish.fps);
        let count = abi::request_buffers(&device, BUFFERS).map_err(|e| failed("asking for buffers", e))?;
        let mut buffers = Vec::new();
        for index in 0..count {
            let buffer = abi::query_buffer(&device, index).map_err(|e| failed("asking for a buffer", e))?;
            let mapping = Mapping::new(&device, buffer.length as usize, buffer.offset[0]);
            buffers
                .push(mapping.map_err(|e| failed("mapping a buffer", Errno::from_io_error(&e).unwrap_or(Errno::IO)))?);
            abi::enqueue(&device, index).map_err(|e| failed("handing over a buffer", e))?;
        }
        let others = watch(node);
        abi::start(&device, abi::CAPTURE).map_err(|e| failed("starting it", e))?;
        Ok(Self { buffers, device, others, stop, layout, bytes: Zeroizing::default(), called })
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        (self.layout.width, self.layout.height)
    }

    pub(crate) fn frame(&mut self, timeout: Duration) -> Result<Frame, CameraError> {
        let until = Instant::now() + timeout;
        let mut broken = None;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let troubled = self.wait(left)?;
            match abi::dequeue(&self.device) {
                Ok(buffer) => {
                    let taken = self.take(&buffer);
                    abi::enqueue(&self.device, buffer.index).map_err(|e| self.failed("handing over a buffer", e))?;
                    match taken {
                        Some(Ok(frame)) => return Ok(frame),
                        Some(Err(error)) => broken = Some(error),
                        None => {}
                    }
                }
                Err(Errno::AGAIN | Errno::INTR) if !troubled => {}
                Err(e) => {
                    // After an unplug some drivers only say that something failed.
                    abi::capability(&self.device).map_err(|e| self.failed("asking what it is", e))?;
                    if !matches!(e, Errno::AGAIN | Errno::INTR | Errno::IO) {
                        return Err(self.failed("taking a picture", e));
                    }
                    self.stop.wait(REST.min(left));
                }
            }
            if until <= Instant::now() {
                return Err(match broken {
                    Some(error) => CameraError::System {
                        camera: self.called.clone(),
                        what: "reading its picture",
                        reason: error.to_string(),
                    },
                    None => CameraError::TimedOut { camera: self.called.clone(), waited: timeout },
                });
            }
        }
    }

    /// Waits for a picture, the stop, or somebody who wants the camera. True when the driver says that something is wrong.
    fn wait(&self, timeout: Duration) -> Result<bool, CameraError> {
        let timeout = Timespec { tv_sec: timeout.as_secs() as _, tv_nsec: timeout.subsec_nanos() as _ };
        let mut fds = vec![PollFd::new(&self.device, PollFlags::IN), PollFd::new(&self.stop, PollFlags::IN)];
        fds.extend(self.others.iter().map(|others| PollFd::new(others, PollFlags::IN)));
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(e) => return Err(self.failed("waiting for a picture", e)),
        }
        if self.stop.requested() {
            return Err(CameraError::Stopped);
        }
        if fds.get(2).is_some_and(|others| !others.revents().is_empty()) {
            return Err(CameraError::Wanted { camera: self.called.clone() });
        }
        Ok(fds[0].revents().intersects(PollFlags::ERR | PollFlags::HUP))
    }

    /// The picture in a buffer; `None` when it is damaged or was left lying.
    fn take(&mut self, buffer: &Buffer) -> Option<Result<Frame, FrameError>> {
        let now = Micros::now();
        let taken_at = stamp(buffer, now).unwrap_or(now);
        if buffer.flags & abi::BUFFER_ERROR != 0 || buffer.bytes_used == 0 || now.since(taken_at) > STALE {
            return None;
        }
        self.buffers.get(buffer.index as usize)?.copy(buffer.bytes_used as usize, &mut self.bytes);
        let frame = self.layout.rgb(&self.bytes).and_then(|rgb| {
            let Layout { width, height, .. } = self.layout;
            Frame::new(width, height, rgb, taken_at)
        });
        Some(frame)
    }

    fn failed(&self, what: &'static str, errno: Errno) -> CameraError {
        failed(&self.called, what, errno)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // Closing the node does the rest, and does this too where it fails here.
        let _ = abi::stop(&self.device);
        // The driver takes its buffers back only when nothing maps them.
        self.buffers.clear();
        let _ = abi::request_buffers(&self.device, 0);
    }
}

/// Asks for the nearest to `wish` that the camera offers, and sees that it is given.
fn set_format(device: &OwnedFd, wish: &Format, called: &str) -> Result<Layout, CameraError> {
    let unsupported = |offers: String| CameraError::UnsupportedFormat { camera: called.to_owned(), offers };
    let (readable, others) = device::pixel_formats(device);
    let Some(offer) = nearest(wish, &device::offers(device, wish, &readable)) else {
        return Err(unsupported(if others.is_empty() { "sizes out of range".into() } else { others.join(", ") }));
    };
    let got = abi::set_format(device, offer.width, offer.height, device::fourcc(offer.pixels))
        .map_err(|e| failed(called, "setting the format", e))?;
    let Some(pixels) = device::of_fourcc(got.fourcc) else {
        return Err(unsupported(format!("another format than the {:?} that it offers", offer.pixels)));
    };
    let (width, height) = (got.width, got.height);
    crate::camera::frame::pixels(width, height).map_err(|e| unsupported(e.to_string()))?;
    Ok(Layout { pixels, width, height, stride: got.bytes_per_line as usize, colours: colours(&got) })
}

/// What the driver says of its colours, or what V4L2 says is meant when it doesn't (`V4L2_MAP_YCBCR_ENC_DEFAULT`,
/// `V4L2_MAP_QUANTIZATION_DEFAULT`).
fn colours(got: &Pixels) -> Colours {
    let bt709 = match got.ycbcr_enc {
        0 => got.colorspace == abi::COLORSPACE_REC709,
        given => given == abi::ENCODING_709,
    };
    let full_range = match got.quantization {
        abi::FULL_RANGE => true,
        abi::LIMITED_RANGE => false,
        _ => got.colorspace == abi::COLORSPACE_JPEG,
    };
    Colours { bt709, full_range }
}

/// When the driver says that the picture was taken, if it says so on our clock.
fn stamp(buffer: &Buffer, now: Micros) -> Option<Micros> {
    let [seconds, micros] = buffer.timestamp.map(|part| u64::try_from(part).ok());
    let stamp = Micros(seconds?.checked_mul(1_000_000)?.checked_add(micros?)?);
    let ours = buffer.flags & abi::TIMESTAMP_MASK == abi::TIMESTAMP_MONOTONIC;
    (ours && stamp <= now && now.since(stamp) < PLAUSIBLE).then_some(stamp)
}

/// Tells of everybody who opens the node from now on. Without it (no inotify left) the camera is only let go when its time
/// is over.
fn watch(node: &Path) -> Option<OwnedFd> {
    let fd = inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC).ok()?;
    inotify::add_watch(&fd, node, inotify::WatchFlags::OPEN).ok()?;
    Some(fd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_counts_when_it_is_of_our_clock() {
        let now = Micros(100_000_000);
        let at = |flags, seconds| stamp(&Buffer { flags, timestamp: [seconds, 5], ..Buffer::default() }, now);
        assert_eq!(at(abi::TIMESTAMP_MONOTONIC, 99), Some(Micros(99_000_005)));
        assert_eq!(at(abi::TIMESTAMP_MONOTONIC | abi::BUFFER_ERROR, 99), Some(Micros(99_000_005)));
        assert_eq!(at(0, 99), None);
        assert_eq!(at(abi::TIMESTAMP_MONOTONIC, 101), None);
        assert_eq!(at(abi::TIMESTAMP_MONOTONIC, 3), None);
        assert_eq!(at(abi::TIMESTAMP_MONOTONIC, -1), None);
        assert_eq!(at(abi::TIMESTAMP_MONOTONIC, isize::MAX), None);
    }

    #[test]
    fn colours_follow_the_rules_of_v4l2() {
        let colours = |colorspace, ycbcr_enc, quantization| {
            let got = colours(&Pixels { colorspace, ycbcr_enc, quantization, ..Pixels::default() });
            (got.bt709, got.full_range)
        };
        assert_eq!(colours(8, 0, 0), (false, false));
        assert_eq!(colours(abi::COLORSPACE_REC709, 0, 0), (true, false));
        assert_eq!(colours(abi::COLORSPACE_REC709, 1, abi::FULL_RANGE), (false, true));
        assert_eq!(colours(abi::COLORSPACE_JPEG, 0, 0), (false, true));
        assert_eq!(colours(abi::COLORSPACE_JPEG, abi::ENCODING_709, abi::LIMITED_RANGE), (true, false));
    }
}
