use super::wire::{Hand, Mouse};
use crate::{
    linux::{Evdev, Node, node},
    pointer::{Feed, Observation, PointerEvent},
    source::{DeviceId, Source, SourceError},
};
use evdev::{AbsoluteAxisCode, KeyCode, RelativeAxisCode, raw_stream::RawDevice};
use std::path::{Path, PathBuf};

/// The kernel's event devices: every mouse and touchpad of the machine, with the kernel's own `CLOCK_MONOTONIC` stamps.
///
/// Places are raw counts summed up since the start, before any acceleration, and know no screen. A touchpad counts while one
/// finger is on it. Touch screens, tablets and absolute pointers (virtual machines) are not followed. The user must be able
/// to read the devices.
#[derive(Debug)]
pub struct EvdevPointer {
    folder: PathBuf,
    devices: Evdev<Mouse>,
}

impl EvdevPointer {
    /// A source for the event devices in `folder` (`/dev/input`).
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self { devices: Evdev::new(&folder), folder }
    }

    /// Tries whether capture would start, without capturing.
    ///
    /// # Errors
    /// What [`Source::run`] would return.
    pub fn probe(&self) -> Result<(), SourceError> {
        match node::first_unreadable(&self.folder, node::is_pointer)? {
            Some(path) => Err(SourceError::Unreadable { path }),
            None => Ok(()),
        }
    }
}

impl Source for EvdevPointer {
    type Event = PointerEvent;

    fn name(&self) -> &'static str {
        "pointer-evdev"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        self.devices.run(feed)
    }
}

impl Node for Mouse {
    type Event = PointerEvent;
    type Shared = Hand;

    fn of(info: &RawDevice) -> Option<Self> {
        let key = |key| info.supported_keys().is_some_and(|keys| keys.contains(key));
        let moves = info.supported_relative_axes().is_some_and(|axes| axes.contains(RelativeAxisCode::REL_X));
        let places = info.supported_absolute_axes().is_some_and(|axes| axes.contains(AbsoluteAxisCode::ABS_X));
        // What has no finger tool is a touch screen.
        let touchpad = places && key(KeyCode::BTN_TOUCH) && key(KeyCode::BTN_TOOL_FINGER);
        (touchpad || moves && key(KeyCode::BTN_LEFT)).then(Self::default)
    }

    fn may_be(path: &Path) -> bool {
        node::is_pointer(path)
    }

    fn read(&mut self, bytes: &[u8], device: DeviceId, injected: bool, hand: &mut Hand, each: impl FnMut(Observation)) {
        self.parse(bytes, device, injected, hand, each);
    }
}
