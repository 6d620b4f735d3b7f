#![allow(unsafe_code)]

/// `CLOCK_MONOTONIC` counts while a Mac sleeps; this one doesn't.
pub(super) fn micros() -> u64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `t` may be written; every macOS that Rust runs on has this clock, so the call can't fail.
    unsafe { libc::clock_gettime(libc::CLOCK_UPTIME_RAW, &mut t) };
    t.tv_sec as u64 * 1_000_000 + t.tv_nsec as u64 / 1_000
}
