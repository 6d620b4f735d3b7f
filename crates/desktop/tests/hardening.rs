//! In a process of its own: what is given up here is never had again.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, unsafe_code)]

use stillyou_desktop_os::hardening::{seal_memory, separate_code_from_data};

fn map(protection: libc::c_int) -> bool {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new anonymous mapping that nobody uses.
    unsafe { libc::mmap(std::ptr::null_mut(), 4096, protection, flags, -1, 0) != libc::MAP_FAILED }
}

#[test]
fn memory_is_sealed_and_never_writable_and_executable() {
    let write_execute = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
    assert!(map(write_execute));
    match separate_code_from_data() {
        Ok(()) => {
            assert!(!map(write_execute));
            assert!(map(libc::PROT_READ | libc::PROT_WRITE));
        }
        // Before Linux 6.6.
        Err(e) => assert_eq!(e.raw_os_error(), Some(libc::EINVAL), "{e}"),
    }
    seal_memory().unwrap();
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    assert!(limits.lines().any(|l| l.starts_with("Max core file size") && l.split_whitespace().nth(4) == Some("0")));
    use std::os::unix::fs::MetadataExt;
    let owner = std::fs::metadata("/proc/self/environ").unwrap().uid();
    assert_eq!(owner, 0, "only root may look inside");
}
