use super::super::{DeviceFeed, DeviceKind, DeviceObservation};
use crate::linux::{folder, node, wait};
use crate::source::SourceError;
use rustix::event::{PollFd, PollFlags};
use std::{
    collections::BTreeMap,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// Device nodes that appear in `folder`. Nothing is opened: what a device is, sysfs tells everybody.
pub(super) fn follow(folder: &Path, feed: &DeviceFeed) -> Result<(), SourceError> {
    // Watched before it is listed, so that no device comes unseen between the two.
    let watch = folder::watch(folder)?;
    let mut known = list(folder)?;
    feed.send(DeviceObservation::Ready)?;
    while !feed.stop.requested() {
        let mut fds = [PollFd::new(&watch, PollFlags::IN), PollFd::new(&feed.stop, PollFlags::IN)];
        wait(&mut fds, None)?;
        if !folder::drain(&watch)? {
            continue;
        }
        let now = list(folder)?;
        for (path, inode) in &now {
            if known.get(path) != Some(inode)
                && let Some(kind) = kind(path)
            {
                feed.send(DeviceObservation::Appeared { kind, injected: node::is_uinput(path) })?;
            }
        }
        known = now;
    }
    Ok(())
}

/// The nodes, each with its inode: a number that is used again belongs to another device.
fn list(folder: &Path) -> Result<BTreeMap<PathBuf, u64>, SourceError> {
    let inode = |path: PathBuf| {
        let inode = path.metadata().ok()?.ino();
        Some((path, inode))
    };
    Ok(node::event_nodes(folder)?.into_iter().filter_map(inode).collect())
}

fn kind(node: &Path) -> Option<DeviceKind> {
    if node::may_be_keyboard(node) {
        Some(DeviceKind::Keyboard)
    } else if node::is_pointer(node) {
        Some(DeviceKind::Pointer)
    } else {
        None
    }
}
