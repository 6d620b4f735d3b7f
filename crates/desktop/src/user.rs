//! Who this process runs as.

#[cfg(unix)]
#[path = "user/unix.rs"]
mod platform;
#[cfg(not(any(unix, windows)))]
#[path = "user/unsupported.rs"]
mod platform;
#[cfg(windows)]
#[path = "user/windows.rs"]
mod platform;

/// The name of this user that never changes and no other user has: their number, on Windows their SID. Empty where the
/// system doesn't tell.
pub fn user_id() -> String {
    platform::id()
}

/// The name of this user's account, as it is typed to sign in.
///
/// # Errors
/// When the system doesn't tell, in words.
pub fn name() -> Result<String, String> {
    platform::name()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_user_has_an_id() {
        assert!(!super::user_id().is_empty());
        #[cfg(any(unix, windows))]
        assert!(!super::name().unwrap().is_empty());
    }
}
