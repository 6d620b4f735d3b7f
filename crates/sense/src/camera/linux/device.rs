use super::{
    abi::{self, Capability, Size, cap},
    failed,
    offer::Offer,
    sysfs,
};
use crate::camera::{CameraError, CameraIdentity, CameraInfo, Format, PixelFormat};
use rustix::{
    fd::{AsFd, OwnedFd},
    fs::{Mode, OFlags},
    io::Errno,
};
use std::path::Path;

/// Every capture node that can be opened.
///
/// # Errors
/// What is wrong with the first that can't be opened, when none can.
pub(crate) fn list() -> Result<Vec<CameraInfo>, CameraError> {
    let (mut found, mut wrong) = (Vec::new(), None);
    for node in sysfs::video_nodes(Path::new(sysfs::SYS)) {
        match look(&node) {
            Ok(camera) => found.extend(camera),
            // Gone since it was listed.
            Err(CameraError::Unplugged { .. }) => {}
            Err(error) => {
                tracing::debug!(node, %error, "a camera can't be opened");
                wrong.get_or_insert(error);
            }
        }
    }
    match wrong {
        Some(error) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}

/// What there is behind a node: a camera, or something else.
fn look(node: &str) -> Result<Option<CameraInfo>, CameraError> {
    let (sys, handle) = (Path::new(sysfs::SYS), format!("/dev/{node}"));
    let called = || format!("{} ({handle})", sysfs::card(sys, node).unwrap_or_else(|| "the camera".into()));
    let fd = open_node(Path::new(&handle)).map_err(|e| failed(&called(), "opening it", e))?;
    let capability = match abi::capability(&fd) {
        Ok(capability) => capability,
        // Not a V4L2 device, whatever its name.
        Err(Errno::NOTTY) => return Ok(None),
        Err(e) => return Err(failed(&called(), "asking what it is", e)),
    };
    if !captures(&capability) {
        return Ok(None);
    }
    let identity = identity(node, &capability);
    let made_by_program = sysfs::made_by_program(sys, node, &identity.driver, &identity.card);
    let readable = !pixel_formats(&fd).0.is_empty();
    Ok(Some(CameraInfo { identity, handle, made_by_program, readable }))
}

/// Opens a node so that nothing that is asked of it blocks.
pub(crate) fn open_node(node: &Path) -> Result<OwnedFd, Errno> {
    rustix::fs::open(node, OFlags::RDWR | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY, Mode::empty())
}

/// Whether it gives pictures by itself: no output, no metadata, no converter, no bare sensor, no touch pad.
fn captures(capability: &Capability) -> bool {
    let has = |bits| capability.of_node() & bits == bits;
    has(cap::VIDEO_CAPTURE | cap::STREAMING) && !has(cap::VIDEO_M2M) && !has(cap::TOUCH) && !has(cap::IO_MC)
}

pub(super) fn identity(node: &str, capability: &Capability) -> CameraIdentity {
    CameraIdentity {
        driver: text(&capability.driver),
        card: text(&capability.card),
        place: text(&capability.bus_info),
        usb: sysfs::usb(Path::new(sysfs::SYS), node),
    }
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    // It is shown in terminals and written into the record.
    String::from_utf8_lossy(&bytes[..end]).chars().filter(|c| !c.is_control()).collect()
}

/// No driver tells more of anything than this.
const MOST: u32 = 256;

/// The pixel formats that can be read, and the names of those that can't.
pub(super) fn pixel_formats(fd: impl AsFd) -> (Vec<PixelFormat>, Vec<String>) {
    let (mut readable, mut others) = (Vec::new(), Vec::new());
    for code in (0..MOST).map_while(|index| abi::pixel_format(&fd, index).ok()) {
        match of_fourcc(code) {
            Some(pixels) => readable.push(pixels),
            None => others.push(text(&code.to_le_bytes())),
        }
    }
    (readable, others)
}

/// Everything that is offered and can be read; of sizes by the step the one nearest to `wish`.
pub(super) fn offers(fd: impl AsFd, wish: &Format, formats: &[PixelFormat]) -> Vec<Offer> {
    let mut offers = Vec::new();
    for &pixels in formats {
        let code = fourcc(pixels);
        let before = offers.len();
        for size in (0..MOST).map_while(|index| abi::size(&fd, code, index).ok()) {
            let (width, height) = match size {
                Size::Exact(width, height) => (width, height),
                Size::Range([min_w, max_w, step_w, min_h, max_h, step_h]) => {
                    (within(wish.width, min_w, max_w, step_w), within(wish.height, min_h, max_h, step_h))
                }
            };
            offers.push(Offer { pixels, width, height, fps: fps(&fd, code, (width, height)) });
        }
        // A driver that tells no sizes takes the one that is asked for, or its nearest.
        if offers.len() == before {
            offers.push(Offer { pixels, width: wish.width, height: wish.height, fps: None });
        }
    }
    offers
}

fn within(wish: u32, min: u32, max: u32, step: u32) -> u32 {
    let clamped = wish.clamp(min, max.max(min));
    clamped - (clamped - min) % step.max(1)
}

/// The highest rate at this size.
fn fps(fd: impl AsFd, code: u32, size: (u32, u32)) -> Option<u32> {
    let intervals = (0..MOST).map_while(|index| abi::interval(&fd, code, size, index).ok());
    intervals.filter(|[seconds, _]| *seconds > 0).map(|[seconds, pictures]| pictures / seconds).max()
}

/// The names of V4L2 for what can be read.
const FOURCC: [(PixelFormat, &[u8; 4]); 6] = [
    (PixelFormat::Yuyv, b"YUYV"),
    (PixelFormat::Nv12, b"NV12"),
    (PixelFormat::Uyvy, b"UYVY"),
    (PixelFormat::Rgb24, b"RGB3"),
    (PixelFormat::Bgr24, b"BGR3"),
    (PixelFormat::Mjpeg, b"MJPG"),
];
/// What some drivers call Motion JPEG.
const JPEG: u32 = u32::from_le_bytes(*b"JPEG");

pub(crate) fn fourcc(pixels: PixelFormat) -> u32 {
    FOURCC.iter().find(|(known, _)| *known == pixels).map_or(0, |(_, code)| u32::from_le_bytes(**code))
}

pub(super) fn of_fourcc(code: u32) -> Option<PixelFormat> {
    let known = FOURCC.iter().find(|(_, known)| u32::from_le_bytes(**known) == code).map(|(pixels, _)| *pixels);
    known.or((code == JPEG).then_some(PixelFormat::Mjpeg))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_by_the_step_come_near_the_wish() {
        assert_eq!(within(640, 48, 3840, 2), 640);
        assert_eq!(within(480, 50, 2160, 4), 478);
        assert_eq!(within(640, 1280, 1920, 8), 1280);
        assert_eq!(within(640, 48, 352, 0), 352);
        // A driver that turned its range round.
        assert_eq!(within(640, 800, 600, 8), 800);
    }

    #[test]
    fn names_are_read_up_to_their_end_and_control_characters_left_out() {
        assert_eq!(text(b"HD Webcam\0old\0"), "HD Webcam");
        assert_eq!(text(b"no end"), "no end");
        assert_eq!(text(b"\x1b[31mred\0"), "[31mred");
    }

    #[test]
    fn every_format_has_one_name() {
        for (pixels, code) in FOURCC {
            assert_eq!(of_fourcc(fourcc(pixels)), Some(pixels), "{code:?}");
        }
        assert_eq!(of_fourcc(u32::from_le_bytes(*b"GREY")), None);
    }
}
