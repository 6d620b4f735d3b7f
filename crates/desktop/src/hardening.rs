//! Keeping this process's memory to itself.

use std::io;

#[cfg(target_os = "linux")]
#[path = "hardening/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "hardening/unsupported.rs"]
mod platform;

/// From now on no core dump is written of this process, and no other process of the same user may read its memory,
/// trace it, or open what it has open. A program that it starts begins without this.
///
/// # Errors
/// When the system refuses.
pub fn seal_memory() -> io::Result<()> {
    platform::seal_memory()
}

/// From now on no memory of this process can be both writable and executable, nor become executable. A program that it
/// starts begins without this.
///
/// # Errors
/// When the system can't: Linux can from 6.6 on.
pub fn separate_code_from_data() -> io::Result<()> {
    platform::separate_code_from_data()
}
