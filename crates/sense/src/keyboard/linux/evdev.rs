use super::wire::{Parser, Wire};
use crate::{
    keyboard::{KeyEvent, Source},
    linux::{Evdev, Node, node},
    source::{DeviceId, Feed, Observation, SourceError},
};
use evdev::{KeyCode, raw_stream::RawDevice};
use std::path::{Path, PathBuf};

/// The kernel's event devices: every keyboard of the machine, with the kernel's own `CLOCK_MONOTONIC` stamps.
///
/// The user must be able to read them. Keyboards plugged in later are found through inotify.
#[derive(Debug)]
pub struct EvdevSource(Evdev<Keyboard>);

impl EvdevSource {
    /// A source for the event devices in `folder` (`/dev/input`).
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(Evdev::new(folder))
    }
}

impl Source for EvdevSource {
    type Event = KeyEvent;

    fn name(&self) -> &'static str {
        "evdev"
    }

    fn run(&mut self, feed: &Feed<KeyEvent>) -> Result<(), SourceError> {
        self.0.run(feed)
    }
}

#[derive(Debug, Default)]
struct Keyboard(Parser);

impl Node for Keyboard {
    type Event = KeyEvent;
    type Shared = ();

    fn of(info: &RawDevice) -> Option<Self> {
        let types =
            info.supported_keys().is_some_and(|keys| node::TYPING_KEYS.iter().any(|k| keys.contains(KeyCode(*k))));
        types.then(Self::default)
    }

    fn may_be(path: &Path) -> bool {
        node::may_be_keyboard(path)
    }

    fn read(
        &mut self,
        bytes: &[u8],
        device: DeviceId,
        injected: bool,
        (): &mut (),
        mut each: impl FnMut(Observation<KeyEvent>),
    ) {
        self.0.parse(bytes, |wire| {
            each(match wire {
                Wire::Key(key, transition, at) => {
                    Observation::Event(KeyEvent { key, transition, at, device, injected })
                }
                Wire::Dropped => Observation::EventsLost { device },
            });
        });
    }
}
