use super::super::{DeviceFeed, DeviceKind, DeviceObservation};
use crate::linux::{Server, wait};
use crate::source::SourceError;
use rustix::event::{PollFd, PollFlags};
use std::collections::BTreeSet;
use x11rb::protocol::{
    Event,
    xinput::{DeviceClassData, DeviceType, HierarchyEvent, HierarchyMask, XIDeviceInfo, XIEventMask},
};

/// Slave devices that appear on an X server. A device that is disabled, as all are while another console is in front,
/// stays known.
pub(super) fn follow(display: &str, feed: &DeviceFeed) -> Result<(), SourceError> {
    let server = Server::connect(display)?;
    server.select_all_devices(XIEventMask::HIERARCHY)?;
    let mut known: BTreeSet<u16> = slaves(&server)?.iter().map(|d| d.deviceid).collect();
    feed.send(DeviceObservation::Ready)?;
    loop {
        while let Some(event) = server.next_event()? {
            if let Event::XinputHierarchy(event) = event {
                changed(&server, &event, &mut known, feed)?;
            }
        }
        if feed.stop.requested() {
            return Ok(());
        }
        let mut fds = [PollFd::from_borrowed_fd(server.fd(), PollFlags::IN), PollFd::new(&feed.stop, PollFlags::IN)];
        wait(&mut fds, None)?;
    }
}

fn changed(
    server: &Server,
    event: &HierarchyEvent,
    known: &mut BTreeSet<u16>,
    feed: &DeviceFeed,
) -> Result<(), SourceError> {
    // Ids are used again, so one that was removed is unknown even where it is listed.
    for info in &event.infos {
        if u32::from(info.flags) & u32::from(HierarchyMask::SLAVE_REMOVED) != 0 {
            known.remove(&info.deviceid);
        }
    }
    let now = slaves(server)?;
    for device in now.iter().filter(|d| !known.contains(&d.deviceid)) {
        let injected = server.is_injected(device.deviceid)?;
        feed.send(DeviceObservation::Appeared { kind: kind(device), injected })?;
    }
    *known = now.iter().map(|d| d.deviceid).collect();
    Ok(())
}

fn slaves(server: &Server) -> Result<Vec<XIDeviceInfo>, SourceError> {
    let mut devices = server.devices()?;
    devices.retain(|d| {
        [DeviceType::SLAVE_KEYBOARD, DeviceType::SLAVE_POINTER, DeviceType::FLOATING_SLAVE].contains(&d.type_)
    });
    Ok(devices)
}

fn kind(device: &XIDeviceInfo) -> DeviceKind {
    let has_keys = device.classes.iter().any(|c| matches!(c.data, DeviceClassData::Key(_)));
    if has_keys { DeviceKind::Keyboard } else { DeviceKind::Pointer }
}
