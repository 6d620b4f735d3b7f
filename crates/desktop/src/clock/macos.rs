#![allow(unsafe_code)]

use std::{ffi::CStr, io, ptr, time::Duration};

use super::BootIdError;
use crate::Unsupported;

const BOOT_ID: &CStr = c"kern.bootsessionuuid";

pub(super) fn available() -> Result<(), Unsupported> {
    Ok(())
}

pub(super) fn boot_time() -> Duration {
    // Counts while the machine sleeps, like `mach_continuous_time`.
    Duration::from_nanos(nanos(libc::CLOCK_MONOTONIC_RAW))
}

pub(super) fn monotonic_micros() -> u64 {
    // Doesn't, like `mach_absolute_time`.
    nanos(libc::CLOCK_UPTIME_RAW) / 1_000
}

pub(super) fn boot_id() -> Result<String, BootIdError> {
    let failed = |source| BootIdError::Read { path: "kern.bootsessionuuid", source };
    let mut text = [0u8; 64];
    let mut length = text.len();
    // SAFETY: the name ends with a zero, `length` says how much room `text` has, and nothing is set.
    let code =
        unsafe { libc::sysctlbyname(BOOT_ID.as_ptr(), text.as_mut_ptr().cast(), &mut length, ptr::null_mut(), 0) };
    if code != 0 {
        return Err(failed(io::Error::last_os_error()));
    }
    let id = CStr::from_bytes_until_nul(&text).ok().and_then(|text| text.to_str().ok());
    id.map(str::to_owned).ok_or_else(|| failed(io::ErrorKind::InvalidData.into()))
}

fn nanos(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` may be written; every macOS that Rust runs on has both clocks, so the call can't fail.
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
