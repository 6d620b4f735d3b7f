//! Local streams between programs of one user: Unix sockets, on Windows named pipes.
//!
//! Both platforms offer the same: `Listener::bind` claims the place for this agent alone, `Listener::accept` gives a
//! `Stream`, `Stream::connect` is the client's side. A stream reads and writes, waits no longer than its patience, and
//! tells whether the same user is at the other end.

#[cfg_attr(windows, path = "stream/windows.rs")]
#[cfg_attr(not(windows), path = "stream/unix.rs")]
mod platform;

pub use platform::{Claim, Listener, Stream};
