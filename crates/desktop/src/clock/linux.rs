use std::{fs, time::Duration};

use rustix::time::{ClockId, clock_gettime};

use super::BootIdError;
use crate::Unsupported;

const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

pub(super) fn available() -> Result<(), Unsupported> {
    Ok(())
}

pub(super) fn boot_time() -> Duration {
    reading(ClockId::Boottime)
}

pub(super) fn monotonic_micros() -> u64 {
    reading(ClockId::Monotonic).as_micros() as u64
}

pub(super) fn boot_id() -> Result<String, BootIdError> {
    let id = fs::read_to_string(BOOT_ID).map_err(|source| BootIdError::Read { path: BOOT_ID, source })?;
    Ok(id.trim().to_owned())
}

fn reading(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
