use super::{
    super::*,
    folder, node, wait,
    wire::{EVENT_BYTES, Parser, Wire},
};
use ::evdev::{KeyCode, raw_stream::RawDevice};
use rustix::{
    event::{PollFd, PollFlags},
    io::Errno,
};
use std::{
    collections::BTreeMap,
    fs, io,
    os::fd::{AsFd, OwnedFd},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use zeroize::Zeroize;

/// How long a new node may stay unreadable: udev sets its group a moment after the kernel made it.
const GRACE: Duration = Duration::from_secs(1);

/// The kernel's event devices: every keyboard of the machine, with the kernel's own `CLOCK_MONOTONIC` stamps.
///
/// The user must be able to read them. Keyboards plugged in later are found through inotify.
#[derive(Debug)]
pub struct EvdevSource {
    folder: PathBuf,
    next_device: u32,
}

impl EvdevSource {
    /// A source for the event devices in `folder` (`/dev/input`).
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), next_device: 0 }
    }
}

impl KeySource for EvdevSource {
    fn name(&self) -> &'static str {
        "evdev"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        // Watched before it is listed, so that no keyboard comes unseen between the two.
        let watch = folder::watch(&self.folder)?;
        let mut open = Open { keyboards: BTreeMap::new(), unreadable: BTreeMap::new() };
        self.scan(&mut open, true, feed)?;
        if let Some(path) = open.unreadable.keys().next() {
            return Err(SourceError::Unreadable { path: path.clone() });
        }
        if !feed.send(Observation::Ready)? {
            return Ok(());
        }
        loop {
            let ready = open.wait(&watch, feed.stop())?;
            if feed.stop().requested() {
                return Ok(());
            }
            let mut changed = folder::drain(&watch)?;
            for path in ready {
                changed |= open.read(&path, feed)?;
            }
            if changed || !open.unreadable.is_empty() {
                self.scan(&mut open, false, feed)?;
            }
            if let Some((path, _)) = open.unreadable.iter().find(|(_, since)| since.elapsed() >= GRACE) {
                return Err(SourceError::Unreadable { path: path.clone() });
            }
        }
    }
}

impl EvdevSource {
    fn scan(&mut self, open: &mut Open, initial: bool, feed: &Feed) -> Result<(), SourceError> {
        let nodes = node::event_nodes(&self.folder)?;
        open.unreadable.retain(|p, _| nodes.contains(p));
        for path in nodes {
            if open.keyboards.contains_key(&path) {
                continue;
            }
            match Keyboard::open(&path, DeviceId(self.next_device)) {
                Ok(Some(keyboard)) => {
                    self.next_device += 1;
                    open.unreadable.remove(&path);
                    let Keyboard { device, ref name, injected, .. } = keyboard;
                    feed.send(Observation::DeviceAdded { device, name: name.clone(), injected, initial })?;
                    open.keyboards.insert(path, keyboard);
                }
                Ok(None) => {}
                Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                    if node::may_be_keyboard(&path) {
                        open.unreadable.entry(path).or_insert_with(Instant::now);
                    }
                }
                // Gone again, or not ready yet: then inotify speaks once more.
                Err(_) => {}
            }
        }
        Ok(())
    }
}

struct Open {
    keyboards: BTreeMap<PathBuf, Keyboard>,
    unreadable: BTreeMap<PathBuf, Instant>,
}

impl Open {
    /// Waits for anything to happen and returns the keyboards that have something to read.
    fn wait(&self, watch: &OwnedFd, stop: &Stop) -> Result<Vec<PathBuf>, SourceError> {
        let mut fds = vec![PollFd::new(stop, PollFlags::IN), PollFd::new(watch, PollFlags::IN)];
        fds.extend(self.keyboards.values().map(|k| PollFd::new(&k.file, PollFlags::IN)));
        wait(&mut fds, (!self.unreadable.is_empty()).then_some(GRACE / 4))?;
        let ready = self.keyboards.keys().zip(&fds[2..]).filter(|(_, fd)| !fd.revents().is_empty());
        Ok(ready.map(|(path, _)| path.clone()).collect())
    }

    /// Reads what a keyboard has; true when it turned out to be gone.
    fn read(&mut self, path: &Path, feed: &Feed) -> Result<bool, SourceError> {
        let Some(keyboard) = self.keyboards.get_mut(path) else { return Ok(false) };
        if keyboard.read(feed)? {
            return Ok(false);
        }
        let device = keyboard.device;
        self.keyboards.remove(path);
        feed.send(Observation::DeviceRemoved { device })?;
        Ok(true)
    }
}

struct Keyboard {
    file: OwnedFd,
    device: DeviceId,
    name: String,
    injected: bool,
    parser: Parser,
}

impl Keyboard {
    /// Opens the node; `None` when it is no keyboard.
    fn open(path: &Path, device: DeviceId) -> io::Result<Option<Self>> {
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
        let file = fs::OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path)?;
        let Ok(info) = RawDevice::from_fd(file.try_clone()?.into()) else { return Ok(None) };
        let types =
            info.supported_keys().is_some_and(|keys| node::TYPING_KEYS.iter().any(|k| keys.contains(KeyCode(*k))));
        if !types {
            return Ok(None);
        }
        stamp_with_monotonic(&file)?;
        let injected = node::is_uinput(path) || info.input_id().bus_type() == ::evdev::BusType::BUS_VIRTUAL;
        let name = info.name().unwrap_or("unnamed keyboard").to_owned();
        Ok(Some(Self { file: file.into(), device, name, injected, parser: Parser::default() }))
    }

    /// Sends on everything the kernel holds; false when the device is gone.
    fn read(&mut self, feed: &Feed) -> Result<bool, SourceError> {
        let mut buffer = [0; 64 * EVENT_BYTES];
        let still_there = loop {
            let read = match rustix::io::read(&self.file, &mut buffer) {
                Ok(0) => break false,
                Ok(read) => read,
                Err(Errno::AGAIN) => break true,
                Err(Errno::INTR) => continue,
                // Unplugged, or taken away by the session's owner of devices.
                Err(_) => break false,
            };
            let (device, injected) = (self.device, self.injected);
            let mut sent = Ok(true);
            self.parser.parse(&buffer[..read], |wire| {
                let observation = match wire {
                    Wire::Key(key, transition, at) => {
                        Observation::Key(KeyEvent { key, transition, at, device, injected })
                    }
                    Wire::Dropped => Observation::EventsLost { device },
                };
                if sent == Ok(true) {
                    sent = feed.send(observation);
                }
            });
            buffer.zeroize();
            if !sent? {
                break true;
            }
        };
        Ok(still_there)
    }
}

/// Makes the kernel stamp this reader's events with `CLOCK_MONOTONIC` (`EVIOCSCLOCKID`) instead of the wall clock.
#[allow(unsafe_code)]
fn stamp_with_monotonic(file: impl AsFd) -> io::Result<()> {
    use rustix::ioctl;
    const EVIOCSCLOCKID: ioctl::Opcode = ioctl::opcode::write::<i32>(b'E', 0xa0);
    const CLOCK_MONOTONIC: i32 = 1;
    // SAFETY: EVIOCSCLOCKID is _IOW('E', 0xa0, int) in linux/input.h: it reads one int from the pointer, which is
    // what `Setter` with an `i32` passes, and writes nothing.
    unsafe { ioctl::ioctl(file, ioctl::Setter::<EVIOCSCLOCKID, i32>::new(CLOCK_MONOTONIC))? };
    Ok(())
}
