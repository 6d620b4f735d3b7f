//! The OS password check of one's own user.

use crate::{Unsupported, secret::Secret};

#[cfg(target_os = "linux")]
#[path = "password/pam.rs"]
mod pam;
#[cfg(target_os = "linux")]
#[path = "password/linux.rs"]
mod platform;
#[cfg(target_os = "macos")]
#[path = "password/macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "password/windows.rs"]
pub(crate) mod platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "password/unsupported.rs"]
mod platform;

/// Checks the password of the user that this process runs as.
#[derive(Clone, Debug)]
pub struct PasswordCheck {
    user: String,
    service: String,
}

impl PasswordCheck {
    /// Prepares the check through the OS's password service.
    ///
    /// On Linux that is a PAM service: `service` where it is given, else the first that exists of `stillyou` (for
    /// administrators who want their own rules), `login` (which Debian, Ubuntu, Fedora, Arch and SUSE have, and which
    /// asks what signing in at a console asks), `system-auth` and `common-auth`. A service that doesn't exist is
    /// refused: PAM would silently take `other`. Windows (`LogonUserW`) and macOS (OpenDirectory) have one service, and
    /// `service` must be `None` there.
    pub fn for_own_user(service: Option<&str>) -> Result<Self, PasswordError> {
        let (user, service) = platform::prepare(service)?;
        Ok(Self { user, service })
    }

    /// Checks the password. Blocks: success takes some 100 ms, a wrong password 2 to 3 s by design of the OS, a service
    /// that waits for other devices first takes longer. Never on a thread that draws or decides.
    pub fn check(&self, secret: &Secret) -> Result<(), PasswordError> {
        platform::check(&self.user, &self.service, secret)
    }

    /// The user whose password is checked.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The service in use: on Linux the PAM service.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// After how many wrong passwords the OS itself locks the account out, where it says so (`pam_faillock`). Step-up
    /// must stop before that.
    pub fn lockout_after(&self) -> Option<u32> {
        platform::lockout_after(&self.service)
    }
}

/// Why the password wasn't accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Somebody typed another password.
    #[error("wrong password")]
    Wrong,
    /// The password may be right, but the account may not be used: expired, locked out, closed for now.
    #[error("the account can't be used: {0}")]
    Account(String),
    /// Nothing was checked: the password wasn't handed over.
    #[error("passwords can't be checked: {0}")]
    Unavailable(String),
    /// The password was handed over, but no verdict came back. It was a try all the same.
    #[error("the password was tried without a verdict: {0}")]
    Inconclusive(String),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}
