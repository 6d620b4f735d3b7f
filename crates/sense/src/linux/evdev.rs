use super::{event::EVENT_BYTES, folder, node, wait};
use crate::{
    Micros,
    source::{DeviceId, Feed, Observation, SourceError, Stop},
};
use evdev::raw_stream::RawDevice;
use rustix::{
    event::{PollFd, PollFlags},
    io::Errno,
};
use std::{
    collections::BTreeMap,
    fs, io,
    marker::PhantomData,
    os::fd::{AsFd, OwnedFd},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use zeroize::Zeroize;

/// How long a new node may stay unreadable: udev sets its group a moment after the kernel made it.
const GRACE: Duration = Duration::from_secs(1);

/// The event devices of one kind in a folder, followed as they come and go.
#[derive(Debug)]
pub(crate) struct Evdev<N> {
    folder: PathBuf,
    next_device: u32,
    kind: PhantomData<fn() -> N>,
}

/// One kind of device: what it is told by, and what its bytes say.
pub(crate) trait Node: Sized {
    /// What it reports.
    type Event;
    /// What its devices have in common.
    type Shared: Shared<Self::Event>;

    /// The device, if it is of this kind.
    fn of(info: &RawDevice) -> Option<Self>;

    /// Whether a device that can't be opened is of this kind, as far as can be told.
    fn may_be(path: &Path) -> bool;

    /// What bytes from the kernel, whole events, say.
    fn read(
        &mut self,
        bytes: &[u8],
        device: DeviceId,
        injected: bool,
        shared: &mut Self::Shared,
        each: impl FnMut(Observation<Self::Event>),
    );
}

/// What holds events back for a while.
pub(crate) trait Shared<E>: Default {
    /// When the event that is held back is due.
    fn due(&self) -> Option<Micros> {
        None
    }

    /// That event.
    fn release(&mut self) -> Option<E> {
        None
    }
}

impl<E> Shared<E> for () {}

impl<N: Node> Evdev<N> {
    /// The event devices in `folder` (`/dev/input`).
    pub(crate) fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), next_device: 0, kind: PhantomData }
    }

    /// As [`Source::run`](crate::source::Source::run).
    pub(crate) fn run(&mut self, feed: &Feed<N::Event>) -> Result<(), SourceError> {
        // Watched before it is listed, so that no device comes unseen between the two.
        let watch = folder::watch(&self.folder)?;
        let mut open = Open { devices: BTreeMap::new(), unreadable: BTreeMap::new(), shared: N::Shared::default() };
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
            open.release(feed)?;
            if changed || !open.unreadable.is_empty() {
                self.scan(&mut open, false, feed)?;
            }
            if let Some((path, _)) = open.unreadable.iter().find(|(_, since)| since.elapsed() >= GRACE) {
                return Err(SourceError::Unreadable { path: path.clone() });
            }
        }
    }

    fn scan(&mut self, open: &mut Open<N>, initial: bool, feed: &Feed<N::Event>) -> Result<(), SourceError> {
        let nodes = node::event_nodes(&self.folder)?;
        open.unreadable.retain(|p, _| nodes.contains(p));
        for path in nodes {
            if open.devices.contains_key(&path) {
                continue;
            }
            match Device::open(&path, DeviceId(self.next_device)) {
                Ok(Some(found)) => {
                    self.next_device += 1;
                    open.unreadable.remove(&path);
                    let Device { device, ref name, injected, .. } = found;
                    feed.send(Observation::DeviceAdded { device, name: name.clone(), injected, initial })?;
                    open.devices.insert(path, found);
                }
                Ok(None) => {}
                Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                    if N::may_be(&path) {
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

struct Open<N: Node> {
    devices: BTreeMap<PathBuf, Device<N>>,
    unreadable: BTreeMap<PathBuf, Instant>,
    shared: N::Shared,
}

impl<N: Node> Open<N> {
    /// Waits for anything to happen and returns the devices that have something to read.
    fn wait(&self, watch: &OwnedFd, stop: &Stop) -> Result<Vec<PathBuf>, SourceError> {
        let mut fds = vec![PollFd::new(stop, PollFlags::IN), PollFd::new(watch, PollFlags::IN)];
        fds.extend(self.devices.values().map(|d| PollFd::new(&d.file, PollFlags::IN)));
        let again = (!self.unreadable.is_empty()).then_some(GRACE / 4);
        let due = self.shared.due().map(|at| at.since(Micros::now()));
        wait(&mut fds, again.into_iter().chain(due).min())?;
        let ready = self.devices.keys().zip(&fds[2..]).filter(|(_, fd)| !fd.revents().is_empty());
        Ok(ready.map(|(path, _)| path.clone()).collect())
    }

    /// Reads what a device has; true when it turned out to be gone.
    fn read(&mut self, path: &Path, feed: &Feed<N::Event>) -> Result<bool, SourceError> {
        let Some(device) = self.devices.get_mut(path) else { return Ok(false) };
        if device.read(&mut self.shared, feed)? {
            return Ok(false);
        }
        let device = device.device;
        self.devices.remove(path);
        feed.send(Observation::DeviceRemoved { device })?;
        Ok(true)
    }

    /// Sends what was held back and is due.
    fn release(&mut self, feed: &Feed<N::Event>) -> Result<(), SourceError> {
        if self.shared.due().is_some_and(|at| at <= Micros::now())
            && let Some(event) = self.shared.release()
        {
            feed.send(Observation::Event(event))?;
        }
        Ok(())
    }
}

struct Device<N> {
    file: OwnedFd,
    device: DeviceId,
    name: String,
    injected: bool,
    node: N,
}

impl<N: Node> Device<N> {
    /// Opens the node; `None` when it is of another kind.
    fn open(path: &Path, device: DeviceId) -> io::Result<Option<Self>> {
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::CLOEXEC;
        let file = fs::OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path)?;
        let Ok(info) = RawDevice::from_fd(file.try_clone()?.into()) else { return Ok(None) };
        let Some(node) = N::of(&info) else { return Ok(None) };
        stamp_with_monotonic(&file)?;
        let injected = node::is_uinput(path) || info.input_id().bus_type() == evdev::BusType::BUS_VIRTUAL;
        let name = info.name().unwrap_or("unnamed device").to_owned();
        Ok(Some(Self { file: file.into(), device, name, injected, node }))
    }

    /// Sends on everything the kernel holds; false when the device is gone.
    fn read(&mut self, shared: &mut N::Shared, feed: &Feed<N::Event>) -> Result<bool, SourceError> {
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
            let mut sent = Ok(true);
            self.node.read(&buffer[..read], self.device, self.injected, shared, |observation| {
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
