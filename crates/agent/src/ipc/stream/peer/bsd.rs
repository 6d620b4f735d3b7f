#![allow(unsafe_code)]

use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

/// The user at the other end.
pub(super) fn uid(stream: &UnixStream) -> Option<u32> {
    let (mut uid, mut gid) = (0, 0);
    // SAFETY: the descriptor is an open socket; both numbers may be written.
    let code = unsafe { libc::getpeereid(stream.as_raw_fd(), &mut uid, &mut gid) };
    (code == 0).then_some(uid)
}
