//! The OS session this process belongs to.

use serde::{Deserialize, Serialize};

use crate::{Desktop, SessionKind, Unsupported};

#[cfg(target_os = "linux")]
#[path = "session/linux.rs"]
mod platform;
#[cfg(target_os = "macos")]
#[path = "session/macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "session/windows.rs"]
mod platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "session/unsupported.rs"]
mod platform;

/// A session as the OS knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// The OS's id, unique during a boot.
    pub id: String,
    /// Whose it is: the user's number; on Windows the last number of their SID.
    pub uid: u32,
    /// What it was opened as; a console may run an X server nevertheless.
    pub kind: SessionKind,
    /// The seat, for example `seat0`; none for remote sessions.
    pub seat: Option<String>,
    /// Its X display.
    pub display: Option<String>,
    /// Whether it is in front.
    pub active: bool,
    /// Whether it came over a network.
    pub remote: bool,
    /// When it was opened, microseconds of the wall clock.
    pub since_us: u64,
}

/// Finds the session of this process. Blocks for a few seconds at most.
pub fn session_info(desktop: &Desktop) -> Result<SessionInfo, SessionUnknown> {
    platform::session_info(desktop)
}

/// Names the OS login that this process lives in. Blocks for a few seconds at most. Parts that can't be told are left
/// out, so that two names of one login compare as the same login. Believes nothing in the environment, which whoever
/// starts the agent chooses.
pub fn login_id(desktop: &Desktop) -> LoginId {
    platform::login_id(desktop)
}

/// One OS login: a boot and an OS session. The kernel's audit session is no part of it: a scheduled job gets a new one
/// without anybody signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginId {
    /// The boot.
    pub boot: Option<String>,
    /// The OS session's id and its start.
    pub session: Option<String>,
}

impl LoginId {
    /// Whether `self` is surely another login than `earlier`: a part that both know differs. Where one of them knows
    /// less, it is taken for the same login, so that hiding a part gains nothing.
    pub fn is_another_login(&self, earlier: &LoginId) -> bool {
        fn differ<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
            matches!((a, b), (Some(a), Some(b)) if a != b)
        }
        differ(&self.boot, &earlier.boot) || differ(&self.session, &earlier.session)
    }
}

/// Why the session can't be told.
#[derive(Debug, thiserror::Error)]
pub enum SessionUnknown {
    /// The OS's session service knows none, or there is no such service.
    #[error("no session: {0}")]
    NoSession(String),
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(boot: &str, session: Option<&str>) -> LoginId {
        LoginId { boot: Some(boot.into()), session: session.map(Into::into) }
    }

    #[test]
    fn hiding_a_part_is_no_new_login() {
        let full = login("b", Some("7"));
        assert!(!full.is_another_login(&full));
        assert!(!login("b", None).is_another_login(&full));
        assert!(!full.is_another_login(&login("b", None)));
        assert!(!LoginId::default().is_another_login(&full));
    }

    #[test]
    fn a_part_that_differs_is_a_new_login() {
        let full = login("b", Some("7"));
        assert!(login("c", Some("7")).is_another_login(&full));
        assert!(login("b", Some("8")).is_another_login(&full));
        assert!(login("c", None).is_another_login(&full));
    }
}
