use std::time::Duration;

use super::BootIdError;
use crate::Unsupported;

pub(super) fn available() -> Result<(), Unsupported> {
    Err(Unsupported("a clock that counts suspend"))
}

// `Clock` can't exist without `available`, so the two below are never reached.
pub(super) fn boot_time() -> Duration {
    Duration::ZERO
}

pub(super) fn monotonic_micros() -> u64 {
    0
}

pub(super) fn boot_id() -> Result<String, BootIdError> {
    Err(Unsupported("the boot's name").into())
}
