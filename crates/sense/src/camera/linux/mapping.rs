//! A driver's buffer in our memory.
#![allow(unsafe_code)]

use std::{
    ffi::c_void,
    io,
    os::fd::{AsFd, AsRawFd},
    ptr,
};

/// A buffer of the driver, mapped read-only until it is dropped.
pub(super) struct Mapping {
    start: *const c_void,
    bytes: usize,
}

// SAFETY: it is only a place in memory, which no thread owns.
unsafe impl Send for Mapping {}

impl Mapping {
    /// Maps the buffer that the driver calls `offset`.
    pub(super) fn new(fd: impl AsFd, bytes: usize, offset: u32) -> io::Result<Self> {
        let (fd, offset) = (fd.as_fd().as_raw_fd(), offset as libc::off_t);
        // SAFETY: a new mapping at a place of the kernel's choosing touches nothing that is in use.
        let start = unsafe { libc::mmap(ptr::null_mut(), bytes, libc::PROT_READ, libc::MAP_SHARED, fd, offset) };
        if start == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(Self { start, bytes }) }
    }

    /// Copies the first `bytes` bytes, or all there are, in the place of what `into` held.
    pub(super) fn copy(&self, bytes: usize, into: &mut Vec<u8>) {
        let bytes = bytes.min(self.bytes);
        into.clear();
        into.reserve_exact(bytes);
        // SAFETY: the mapping holds as many bytes, `into` has room for them and is not part of it. A driver that writes
        // meanwhile makes a torn picture, not a torn Rust value: no reference into the mapping is ever made.
        unsafe {
            ptr::copy_nonoverlapping(self.start.cast::<u8>(), into.as_mut_ptr(), bytes);
            into.set_len(bytes);
        }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: made by `new` with this length, and nothing points into it.
        unsafe { libc::munmap(self.start.cast_mut(), self.bytes) };
    }
}
