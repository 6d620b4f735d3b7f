use std::os::unix::net::UnixStream;

/// The user at the other end.
pub(super) fn uid(stream: &UnixStream) -> Option<u32> {
    rustix::net::sockopt::socket_peercred(stream).ok().map(|peer| peer.uid.as_raw())
}
