#![allow(unsafe_code)]

use windows_sys::Win32::UI::WindowsAndMessaging::{GetSystemMetrics, SM_REMOTESESSION};

use super::{LoginId, SessionInfo, SessionUnknown};
use crate::{
    Desktop, SessionKind,
    windows::{sid::TokenUser, terminal::Terminal},
};

pub(super) fn session_info(_: &Desktop) -> Result<SessionInfo, SessionUnknown> {
    let failed = |e: std::io::Error| SessionUnknown::NoSession(e.to_string());
    let terminal = Terminal::own().map_err(failed)?;
    if terminal.id == SERVICES {
        return Err(SessionUnknown::NoSession(
            "this process runs in the services' session, which has no desktop".into(),
        ));
    }
    let uid = TokenUser::own().map_err(failed)?.number();
    Ok(SessionInfo {
        id: terminal.id.to_string(),
        uid: uid.ok_or_else(|| SessionUnknown::NoSession("the user's SID has no number at its end".into()))?,
        kind: SessionKind::System,
        seat: None,
        display: None,
        active: terminal.active,
        // SAFETY: no precondition.
        remote: unsafe { GetSystemMetrics(SM_REMOTESESSION) } != 0,
        since_us: unix_micros(terminal.signed_in),
    })
}

/// The boot has no name here and needs none: session and time of the sign-in come from the system and don't repeat.
pub(super) fn login_id(desktop: &Desktop) -> LoginId {
    let session = session_info(desktop).ok().filter(|session| session.since_us != 0);
    LoginId { boot: None, session: session.map(|session| format!("{}@{}", session.id, session.since_us)) }
}

const SERVICES: u32 = 0;

/// 100 ns since 1601 as microseconds since 1970; zero for what lies before.
fn unix_micros(filetime: i64) -> u64 {
    const BETWEEN_US: i64 = 11_644_473_600_000_000;
    u64::try_from(filetime / 10 - BETWEEN_US).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1970() {
        assert_eq!(unix_micros(116_444_736_000_000_000), 0);
        assert_eq!(unix_micros(116_444_736_000_000_010), 1);
        assert_eq!(unix_micros(0), 0);
    }
}
