use super::node;
use crate::source::SourceError;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
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

/// A connection to an X server that shows every key and device.
pub(crate) struct Server {
    display: String,
    connection: RustConnection,
    root: u32,
}

impl Server {
    pub(crate) fn connect(display: &str) -> Result<Self, SourceError> {
        let unreachable =
            |e: ConnectError| SourceError::DisplayUnreachable { display: display.into(), reason: e.to_string() };
        let (connection, screen) = RustConnection::connect(Some(display)).map_err(unreachable)?;
        let root = connection.setup().roots[screen].root;
        let server = Self { display: display.into(), connection, root };
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

    /// These raw events of the master devices: each comes once there (asking all devices would show it for the device and
    /// again for its master), and `sourceid` still tells the device. And what comes and goes.
    pub(crate) fn select(&self, raw: XIEventMask) -> Result<(), SourceError> {
        let masks = [
            xinput::EventMask { deviceid: u8::from(xinput::Device::ALL_MASTER).into(), mask: vec![raw] },
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

    /// Where the pointer is, in pixels of the screen.
    pub(crate) fn pointer(&self) -> Result<(i32, i32), SourceError> {
        let cookie = self.connection.query_pointer(self.root).map_err(|e| self.gone(e))?;
        let at = cookie.reply().map_err(|e| self.gone(e))?;
        Ok((at.root_x.into(), at.root_y.into()))
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
