//! Which machine this is, by the name that people call it.

#[cfg(target_os = "linux")]
#[path = "host/linux.rs"]
mod platform;
#[cfg(all(unix, not(target_os = "linux")))]
#[path = "host/unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "host/windows.rs"]
mod platform;
#[cfg(not(any(unix, windows)))]
#[path = "host/unsupported.rs"]
mod platform;

/// The machine's name, which only its administrator sets. Two machines may have the same.
///
/// # Errors
/// When the system doesn't tell, or it is no text.
pub fn host_name() -> std::io::Result<String> {
    platform::host_name()
}

#[cfg(test)]
mod tests {
    #[cfg(any(unix, windows))]
    #[test]
    fn the_machine_has_a_name() {
        let name = super::host_name().unwrap();
        assert!(!name.trim().is_empty() && name.trim() == name, "{name:?}");
    }
}
