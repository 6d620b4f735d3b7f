use super::{super::*, node, wait};
use crate::Micros;
use rustix::event::{PollFd, PollFlags};
use std::{
    collections::BTreeMap,
    os::fd::{AsFd, BorrowedFd},
    path::Path,
};
use x11rb::{
    connection::{Connection, RequestConnection},
    errors::{ConnectError, ConnectionError, ReplyError},
    protocol::{
        Event,
        xinput::{self, ConnectionExt as _, XIEventMask},
        xproto::{AtomEnum, ConnectionExt as _},
    },
    rust_connection::RustConnection,
};

/// XInput2 raw key events of every keyboard of an X server, whatever window has the focus and whoever holds a grab.
///
/// Events are stamped with [`Micros::now`] when they are read, because the server's own stamps are whole milliseconds.
#[derive(Debug)]
pub struct X11Source {
    display: String,
}

impl X11Source {
    /// A source for `display` (":0").
    pub fn new(display: impl Into<String>) -> Self {
        Self { display: display.into() }
    }

    /// Tries whether capture would start, without capturing.
    ///
    /// # Errors
    /// What [`KeySource::run`] would return.
    pub fn probe(&self) -> Result<(), SourceError> {
        Server::connect(&self.display).map(drop)
    }
}

impl KeySource for X11Source {
    fn name(&self) -> &'static str {
        "x11"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let mut server = Server::connect(&self.display)?;
        server.select()?;
        server.announce(feed)?;
        if !feed.send(Observation::Ready)? {
            return Ok(());
        }
        loop {
            while let Some(event) = server.next_event()? {
                // Stamped before anything else is done with it.
                let at = Micros::now();
                if feed.stop().requested() {
                    return Ok(());
                }
                server.handle(event, at, feed)?;
            }
            let fd = server.fd();
            let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN), PollFd::new(feed.stop(), PollFlags::IN)];
            wait(&mut fds, None)?;
            if feed.stop().requested() {
                return Ok(());
            }
        }
    }
}

/// A connection to an X server that shows every key and device.
pub(crate) struct Server {
    display: String,
    connection: RustConnection,
    root: u32,
    keyboards: BTreeMap<u16, Keyboard>,
}

struct Keyboard {
    injected: bool,
}

impl Server {
    pub(crate) fn connect(display: &str) -> Result<Self, SourceError> {
        let unreachable =
            |e: ConnectError| SourceError::DisplayUnreachable { display: display.into(), reason: e.to_string() };
        let (connection, screen) = RustConnection::connect(Some(display)).map_err(unreachable)?;
        let root = connection.setup().roots[screen].root;
        let server = Self { display: display.into(), connection, root, keyboards: BTreeMap::new() };
        server.check()?;
        Ok(server)
    }

    fn check(&self) -> Result<(), SourceError> {
        let lacks = |lacks| SourceError::DisplayTooOld { display: self.display.clone(), lacks };
        let xwayland = self.connection.query_extension(b"XWAYLAND").map_err(|e| self.gone(e))?;
        if xwayland.reply().map_err(|e| self.gone(e))?.present {
            return Err(SourceError::Xwayland { display: self.display.clone() });
        }
        let known = self.connection.extension_information(xinput::X11_EXTENSION_NAME).map_err(|e| self.gone(e))?;
        known.ok_or_else(|| lacks("the XInput extension"))?;
        let version = self.connection.xinput_xi_query_version(2, 2).map_err(|e| self.gone(e))?;
        let version = version.reply().map_err(|e| self.gone(e))?;
        // Version 2.0 holds raw events back while another client has a grab.
        if (version.major_version, version.minor_version) < (2, 1) {
            return Err(lacks("XInput 2.1"));
        }
        let devices = self.query(xinput::Device::ALL)?;
        if devices.iter().any(|d| d.name.starts_with(b"xwayland-")) {
            return Err(SourceError::Xwayland { display: self.display.clone() });
        }
        Ok(())
    }

    /// Raw key events of the master devices: each press comes once there (asking all devices would show it for the
    /// keyboard and again for its master), and `sourceid` still tells the keyboard.
    fn select(&self) -> Result<(), SourceError> {
        let masks = [
            xinput::EventMask {
                deviceid: u8::from(xinput::Device::ALL_MASTER).into(),
                mask: vec![XIEventMask::RAW_KEY_PRESS | XIEventMask::RAW_KEY_RELEASE],
            },
            xinput::EventMask { deviceid: u8::from(xinput::Device::ALL).into(), mask: vec![XIEventMask::HIERARCHY] },
        ];
        let cookie = self.connection.xinput_xi_select_events(self.root, &masks).map_err(|e| self.gone(e))?;
        cookie.check().map_err(|e| self.gone(e))
    }

    /// Events of this kind from every device.
    pub(crate) fn select_all_devices(&self, mask: XIEventMask) -> Result<(), SourceError> {
        let masks = [xinput::EventMask { deviceid: u8::from(xinput::Device::ALL).into(), mask: vec![mask] }];
        let cookie = self.connection.xinput_xi_select_events(self.root, &masks).map_err(|e| self.gone(e))?;
        cookie.check().map_err(|e| self.gone(e))
    }

    pub(crate) fn next_event(&self) -> Result<Option<Event>, SourceError> {
        self.connection.poll_for_event().map_err(|e| self.gone(e))
    }

    fn announce(&mut self, feed: &Feed) -> Result<(), SourceError> {
        for device in self.query(xinput::Device::ALL)? {
            self.add(&device, true, feed)?;
        }
        Ok(())
    }

    fn handle(&mut self, event: Event, at: Micros, feed: &Feed) -> Result<(), SourceError> {
        match event {
            Event::XinputRawKeyPress(e) => self.key(e, Transition::Press, at, feed),
            Event::XinputRawKeyRelease(e) => self.key(e, Transition::Release, at, feed),
            Event::XinputHierarchy(e) => self.hierarchy(&e, feed),
            _ => Ok(()),
        }
    }

    fn key(
        &self,
        event: xinput::RawKeyPressEvent,
        transition: Transition,
        at: Micros,
        feed: &Feed,
    ) -> Result<(), SourceError> {
        if u32::from(event.flags) & u32::from(xinput::KeyEventFlags::KEY_REPEAT) != 0 {
            return Ok(());
        }
        let event = KeyEvent {
            key: key_of(event.detail),
            transition,
            at,
            device: DeviceId(event.sourceid.into()),
            // A keyboard never announced is not trusted to be one.
            injected: self.keyboards.get(&event.sourceid).is_none_or(|k| k.injected),
        };
        feed.send(Observation::Key(event)).map(drop)
    }

    fn hierarchy(&mut self, event: &xinput::HierarchyEvent, feed: &Feed) -> Result<(), SourceError> {
        type Flag = xinput::HierarchyMask;
        for info in &event.infos {
            let has = |flag: Flag| u32::from(info.flags) & u32::from(flag) != 0;
            if has(Flag::SLAVE_REMOVED) || has(Flag::DEVICE_DISABLED) || has(Flag::SLAVE_DETACHED) {
                if self.keyboards.remove(&info.deviceid).is_some() {
                    let device = DeviceId(info.deviceid.into());
                    feed.send(Observation::DeviceRemoved { device })?;
                }
            } else if info.enabled && !self.keyboards.contains_key(&info.deviceid) {
                for device in self.query(xinput::Device::ALL)?.iter().filter(|d| d.deviceid == info.deviceid) {
                    self.add(device, false, feed)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, device: &xinput::XIDeviceInfo, initial: bool, feed: &Feed) -> Result<(), SourceError> {
        let has_keys = device.classes.iter().any(|c| matches!(c.data, xinput::DeviceClassData::Key(_)));
        if device.type_ != xinput::DeviceType::SLAVE_KEYBOARD || !device.enabled || !has_keys {
            return Ok(());
        }
        let injected = self.is_injected(device.deviceid)?;
        self.keyboards.insert(device.deviceid, Keyboard { injected });
        let name = String::from_utf8_lossy(&device.name).into_owned();
        let device = DeviceId(device.deviceid.into());
        feed.send(Observation::DeviceAdded { device, name, injected, initial }).map(drop)
    }

    /// Whether the X server made the device for XTEST, or a program made it through uinput.
    pub(crate) fn is_injected(&self, device: u16) -> Result<bool, SourceError> {
        if self.property(device, b"XTEST Device")?.is_some_and(|v| v.first() == Some(&1)) {
            return Ok(true);
        }
        let Some(node) = self.property(device, b"Device Node")? else { return Ok(false) };
        let node = String::from_utf8_lossy(&node);
        Ok(node::is_uinput(Path::new(node.trim_end_matches('\0'))))
    }

    fn property(&self, device: u16, name: &[u8]) -> Result<Option<Vec<u8>>, SourceError> {
        let atom = self.connection.intern_atom(true, name).map_err(|e| self.gone(e))?;
        let atom = atom.reply().map_err(|e| self.gone(e))?.atom;
        if atom == x11rb::NONE {
            return Ok(None);
        }
        let any = u32::from(AtomEnum::ANY);
        let cookie =
            self.connection.xinput_xi_get_property(device, false, atom, any, 0, 1024).map_err(|e| self.gone(e))?;
        match cookie.reply() {
            Ok(reply) => Ok(reply.items.as_data8().cloned()),
            // The device went away between its announcement and this question.
            Err(ReplyError::X11Error(_)) => Ok(None),
            Err(ReplyError::ConnectionError(e)) => Err(self.gone(e)),
        }
    }

    /// Every device, disabled ones as well.
    pub(crate) fn devices(&self) -> Result<Vec<xinput::XIDeviceInfo>, SourceError> {
        self.query(xinput::Device::ALL)
    }

    fn query(&self, which: xinput::Device) -> Result<Vec<xinput::XIDeviceInfo>, SourceError> {
        let cookie = self.connection.xinput_xi_query_device(u16::from(u8::from(which))).map_err(|e| self.gone(e))?;
        Ok(cookie.reply().map_err(|e| self.gone(e))?.infos)
    }

    fn gone(&self, e: impl Into<ReplyError>) -> SourceError {
        let reason = match e.into() {
            ReplyError::ConnectionError(ConnectionError::IoError(e)) => e.to_string(),
            // Only the kind: an X error quotes the request, and nothing of a key belongs in a message.
            ReplyError::ConnectionError(e) => e.to_string(),
            ReplyError::X11Error(e) => format!("it refused a request ({:?})", e.error_kind),
        };
        SourceError::DisplayGone { display: self.display.clone(), reason }
    }

    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.connection.stream().as_fd()
    }
}

/// The X keycode's key: X counts 8 above the kernel, whatever the layout.
fn key_of(keycode: u32) -> Key {
    u16::try_from(keycode).ok().and_then(|c| c.checked_sub(8)).map_or(Key::UNKNOWN, Key::from_evdev)
}
