use super::server::Server;
use crate::source::{DeviceId, Feed, Observation, SourceError};
use std::collections::BTreeMap;
use x11rb::protocol::xinput::{self, DeviceClassData, DeviceType};

/// The keyboards, or the pointers, of an X server, and which of them programs made.
pub(crate) struct Devices {
    kind: DeviceType,
    /// Whether its class makes a device one of these.
    has: fn(&DeviceClassData) -> bool,
    injected: BTreeMap<u16, bool>,
}

impl Devices {
    /// Keyboards: slaves with keys.
    pub(crate) fn keyboards() -> Self {
        let has = |class: &DeviceClassData| matches!(class, DeviceClassData::Key(_));
        Self { kind: DeviceType::SLAVE_KEYBOARD, has, injected: BTreeMap::new() }
    }

    /// Pointers: slaves that move.
    pub(crate) fn pointers() -> Self {
        let has = |class: &DeviceClassData| matches!(class, DeviceClassData::Valuator(_));
        Self { kind: DeviceType::SLAVE_POINTER, has, injected: BTreeMap::new() }
    }

    /// Whether a program made what comes from this device. One never announced is not trusted to be a hand's.
    pub(crate) fn injects(&self, device: u16) -> bool {
        self.injected.get(&device).copied().unwrap_or(true)
    }

    /// Tells of every one there is.
    pub(crate) fn announce<E>(&mut self, server: &Server, feed: &Feed<E>) -> Result<(), SourceError> {
        for device in server.devices()? {
            self.add(server, &device, true, feed)?;
        }
        Ok(())
    }

    /// Tells of those that came and went.
    pub(crate) fn changed<E>(
        &mut self,
        server: &Server,
        event: &xinput::HierarchyEvent,
        feed: &Feed<E>,
    ) -> Result<(), SourceError> {
        type Flag = xinput::HierarchyMask;
        for info in &event.infos {
            let has = |flag: Flag| u32::from(info.flags) & u32::from(flag) != 0;
            if has(Flag::SLAVE_REMOVED) || has(Flag::DEVICE_DISABLED) || has(Flag::SLAVE_DETACHED) {
                if self.injected.remove(&info.deviceid).is_some() {
                    let device = DeviceId(info.deviceid.into());
                    feed.send(Observation::DeviceRemoved { device })?;
                }
            } else if info.enabled && !self.injected.contains_key(&info.deviceid) {
                for device in server.devices()?.iter().filter(|d| d.deviceid == info.deviceid) {
                    self.add(server, device, false, feed)?;
                }
            }
        }
        Ok(())
    }

    fn add<E>(
        &mut self,
        server: &Server,
        device: &xinput::XIDeviceInfo,
        initial: bool,
        feed: &Feed<E>,
    ) -> Result<(), SourceError> {
        if device.type_ != self.kind || !device.enabled || !device.classes.iter().any(|c| (self.has)(&c.data)) {
            return Ok(());
        }
        let injected = server.is_injected(device.deviceid)?;
        self.injected.insert(device.deviceid, injected);
        let name = String::from_utf8_lossy(&device.name).into_owned();
        let device = DeviceId(device.deviceid.into());
        feed.send(Observation::DeviceAdded { device, name, injected, initial }).map(drop)
    }
}
