//! Cameras of macOS (AVFoundation) and Windows (Media Foundation), through `nokhwa`. It waits for pictures without a time
//! limit, so it has a thread of its own, which ends, and the camera with it, at the first picture that nobody wants.

use super::{
    CameraError, CameraIdentity, CameraInfo, Format, Frame, PixelFormat, VirtualReason,
    convert::{Colours, Layout},
    identity::usb_of_text,
};
use crate::{Micros, source::Stop};
use ::nokhwa::{
    Buffer, NokhwaError,
    utils::{ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType},
};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::{
    thread,
    time::{Duration, Instant},
};

const DRIVER: &str = if cfg!(windows) { "msmf" } else { "avfoundation" };

/// In which order formats are tried: what both systems offer for nearly every camera first.
const FORMATS: [(FrameFormat, PixelFormat); 3] = [
    (FrameFormat::YUYV, PixelFormat::Yuyv),
    (FrameFormat::NV12, PixelFormat::Nv12),
    (FrameFormat::MJPEG, PixelFormat::Mjpeg),
];

/// How long to look for a stop before looking for a picture again.
const STEP: Duration = Duration::from_millis(20);

pub(crate) fn list() -> Result<Vec<CameraInfo>, CameraError> {
    allowed()?;
    let found = ::nokhwa::query(ApiBackend::Auto).map_err(|e| named(&e, "the camera"))?;
    Ok(found.iter().map(info).collect())
}

fn info(found: &::nokhwa::utils::CameraInfo) -> CameraInfo {
    let (card, id) = (found.human_name(), found.misc());
    let usb = usb_of_text(&id).or_else(|| usb_of_text(found.description()));
    CameraInfo {
        made_by_program: VirtualReason::of_name(&card),
        identity: CameraIdentity { driver: DRIVER.into(), card, place: id.clone(), usb },
        handle: id,
        readable: true,
    }
}

pub(crate) struct Stream {
    frames: Receiver<Result<Frame, CameraError>>,
    size: (u32, u32),
    stop: Stop,
    called: String,
}

impl Stream {
    pub(crate) fn open(camera: &CameraInfo, wish: &Format, stop: Stop) -> Result<Self, CameraError> {
        allowed()?;
        let called = camera.to_string();
        // The camera is made, used and dropped on one thread: it can't be sent.
        let ((opened, outcome), (sink, frames)) = (bounded(1), bounded(1));
        let (wanted, wish, name) = (camera.clone(), *wish, called.clone());
        let run = move || match open(&wanted, &wish, &name) {
            Ok(device) => {
                let size = device.resolution();
                let _ = opened.send(Ok((size.width(), size.height())));
                pump(device, &sink, &name);
            }
            Err(error) => drop(opened.send(Err(error))),
        };
        let failed = |reason: String| CameraError::System { camera: called.clone(), what: "starting it", reason };
        thread::Builder::new().name("camera".into()).spawn(run).map_err(|e| failed(e.to_string()))?;
        let size = outcome.recv().map_err(|e| failed(e.to_string()))??;
        Ok(Self { frames, size, stop, called })
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        self.size
    }

    pub(crate) fn frame(&mut self, timeout: Duration) -> Result<Frame, CameraError> {
        let until = Instant::now() + timeout;
        loop {
            if self.stop.requested() {
                return Err(CameraError::Stopped);
            }
            match self.frames.recv_deadline(until.min(Instant::now() + STEP)) {
                Ok(frame) => return frame,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(CameraError::Unplugged { camera: self.called.clone() });
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() < until => {}
                Err(RecvTimeoutError::Timeout) => {
                    return Err(CameraError::TimedOut { camera: self.called.clone(), waited: timeout });
                }
            }
        }
    }
}

/// Whether the person lets us; on macOS the first question makes the system ask them.
fn allowed() -> Result<(), CameraError> {
    if ::nokhwa::nokhwa_check() {
        return Ok(());
    }
    ::nokhwa::nokhwa_initialize(|_| ());
    Err(CameraError::PermissionDenied { camera: "the camera".into() })
}

fn open(wanted: &CameraInfo, wish: &Format, called: &str) -> Result<::nokhwa::Camera, CameraError> {
    let found = ::nokhwa::query(ApiBackend::Auto).map_err(|e| named(&e, called))?;
    // Numbers change when another camera comes.
    let found = found.iter().find(|found| info(found).identity == wanted.identity);
    let index: &CameraIndex =
        found.map(|found| found.index()).ok_or_else(|| CameraError::Unplugged { camera: called.to_owned() })?;
    let mut last =
        CameraError::UnsupportedFormat { camera: called.to_owned(), offers: "none of YUYV, NV12, MJPEG".into() };
    for (format, _) in FORMATS {
        let near = CameraFormat::new_from(wish.width, wish.height, format, wish.fps);
        let request = RequestedFormat::with_formats(RequestedFormatType::Closest(near), std::slice::from_ref(&format));
        match ::nokhwa::Camera::new(index.clone(), request) {
            Ok(mut camera) => return camera.open_stream().map(|()| camera).map_err(|e| named(&e, called)),
            Err(NokhwaError::OpenDeviceError(..) | NokhwaError::GetPropertyError { .. }) => {}
            Err(error) => last = named(&error, called),
        }
    }
    Err(last)
}

/// Hands on pictures until nobody takes them or the camera fails.
fn pump(mut camera: ::nokhwa::Camera, sink: &Sender<Result<Frame, CameraError>>, called: &str) {
    loop {
        let frame = camera.frame().map_err(|e| named(&e, called)).and_then(|buffer| convert(&buffer, called));
        let last = frame.is_err();
        if sink.send(frame).is_err() || last {
            break;
        }
    }
    let _ = camera.stop_stream();
}

fn convert(buffer: &Buffer, called: &str) -> Result<Frame, CameraError> {
    let (width, height) = (buffer.resolution().width(), buffer.resolution().height());
    let failed =
        |reason: String| CameraError::System { camera: called.to_owned(), what: "reading its picture", reason };
    let known = FORMATS.iter().find(|(format, _)| *format == buffer.source_frame_format());
    let (_, pixels) = known.ok_or_else(|| failed(format!("it sends {}", buffer.source_frame_format())))?;
    let row = if *pixels == PixelFormat::Nv12 { width } else { 2 * width };
    let layout = Layout { pixels: *pixels, width, height, stride: row as usize, colours: Colours::default() };
    let rgb = layout.rgb(buffer.buffer()).map_err(|e| failed(e.to_string()))?;
    Frame::new(width, height, rgb, Micros::now()).map_err(|e| failed(e.to_string()))
}

/// nokhwa's errors are texts: busy can be told by the systems' own words for it only.
fn named(error: &NokhwaError, called: &str) -> CameraError {
    let (camera, reason) = (called.to_owned(), error.to_string());
    let has = |words: [&str; 3]| words.iter().any(|word| reason.to_lowercase().contains(word));
    if has(["in use", "0xc00d3704", "0xc00d3ea3"]) {
        CameraError::Busy { camera }
    } else if has(["permission", "denied", "0x80070005"]) {
        CameraError::PermissionDenied { camera }
    } else {
        CameraError::System { camera, what: "using it", reason }
    }
}
