//! The folder of input devices, watched through inotify.

use crate::source::SourceError;
use rustix::{fs::inotify, io::Errno};
use std::{os::fd::OwnedFd, path::Path};

/// Watches a folder for files that come, go or change their permissions.
pub(crate) fn watch(folder: &Path) -> Result<OwnedFd, SourceError> {
    let failed = |e: Errno| SourceError::Folder { path: folder.into(), reason: e.to_string() };
    let fd = inotify::init(inotify::CreateFlags::NONBLOCK | inotify::CreateFlags::CLOEXEC).map_err(failed)?;
    type Flag = inotify::WatchFlags;
    let events = Flag::CREATE | Flag::DELETE | Flag::ATTRIB | Flag::MOVED_TO | Flag::MOVED_FROM | Flag::ONLYDIR;
    inotify::add_watch(&fd, folder, events).map_err(failed)?;
    Ok(fd)
}

/// Takes what inotify reports; true when there was something. What it was does not matter: the folder is listed anew.
pub(crate) fn drain(watch: &OwnedFd) -> Result<bool, SourceError> {
    let mut any = false;
    let mut buffer = [0u8; 4096];
    loop {
        match rustix::io::read(watch, &mut buffer) {
            Ok(0) | Err(Errno::AGAIN) => return Ok(any),
            Ok(_) => any = true,
            Err(Errno::INTR) => {}
            Err(e) => return Err(SourceError::System { what: "watching for input devices", reason: e.to_string() }),
        }
    }
}
