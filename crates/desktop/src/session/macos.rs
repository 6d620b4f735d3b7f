use super::{LoginId, SessionInfo, SessionUnknown};
use crate::{Desktop, SessionKind, clock, macos::WindowSession};

pub(super) fn session_info(_: &Desktop) -> Result<SessionInfo, SessionUnknown> {
    let session = WindowSession::own()
        .ok_or_else(|| SessionUnknown::NoSession("this process belongs to no session of the window server".into()))?;
    let unknown =
        |what: &str| SessionUnknown::NoSession(format!("the window server doesn't tell the session's {what}"));
    Ok(SessionInfo {
        id: session.id.ok_or_else(|| unknown("id"))?.to_string(),
        uid: session.uid.ok_or_else(|| unknown("user"))?,
        kind: SessionKind::System,
        seat: None,
        display: None,
        active: session.on_console,
        // Screen sharing shows the console's own session.
        remote: false,
        since_us: 0,
    })
}

/// Session ids of the window server don't repeat within a boot.
pub(super) fn login_id(desktop: &Desktop) -> LoginId {
    LoginId { boot: clock::boot_id().ok(), session: session_info(desktop).ok().map(|session| session.id) }
}
