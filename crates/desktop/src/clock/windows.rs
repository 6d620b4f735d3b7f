#![allow(unsafe_code)]

use std::time::Duration;

use windows_sys::Win32::System::WindowsProgramming::{QueryInterruptTimePrecise, QueryUnbiasedInterruptTimePrecise};

use super::BootIdError;
use crate::Unsupported;

pub(super) fn available() -> Result<(), Unsupported> {
    Ok(())
}

pub(super) fn boot_time() -> Duration {
    let mut ticks = 0;
    // SAFETY: `ticks` may be written; the call can't fail.
    unsafe { QueryInterruptTimePrecise(&mut ticks) };
    Duration::from_micros(ticks / TICKS_PER_MICRO)
}

pub(super) fn monotonic_micros() -> u64 {
    let mut ticks = 0;
    // SAFETY: as above.
    unsafe { QueryUnbiasedInterruptTimePrecise(&mut ticks) };
    ticks / TICKS_PER_MICRO
}

/// Windows names no boot; a sign-in is told by its session and its time.
pub(super) fn boot_id() -> Result<String, BootIdError> {
    Err(Unsupported("the boot's name").into())
}

/// Interrupt time counts 100 ns.
const TICKS_PER_MICRO: u64 = 10;
