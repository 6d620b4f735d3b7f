use std::fs;

use super::{LoginId, SessionInfo, SessionUnknown};
use crate::{Desktop, clock, linux::logind::Logind};

/// The kernel's value for "no audit session".
const UNSET: u32 = u32::MAX;

pub(super) fn session_info(desktop: &Desktop) -> Result<SessionInfo, SessionUnknown> {
    let logind = Logind::connect(desktop).map_err(|e| SessionUnknown::NoSession(e.to_string()))?;
    Ok(logind.session)
}

pub(super) fn login_id(desktop: &Desktop) -> LoginId {
    let audit = fs::read_to_string("/proc/self/sessionid").ok().and_then(|id| id.trim().parse().ok());
    LoginId {
        boot: clock::boot_id().ok(),
        audit: audit.filter(|id| *id != UNSET),
        session: session_info(desktop).ok().map(|session| format!("{}@{}", session.id, session.since_us)),
    }
}
