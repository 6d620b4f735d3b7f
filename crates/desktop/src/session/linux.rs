use super::{LoginId, SessionInfo, SessionUnknown};
use crate::{BusAddress, Desktop, clock, linux::logind::Logind};

/// Where every system has its system bus, whatever the environment says (D-Bus specification, "well-known buses").
const SYSTEM_BUS: &str = "unix:path=/var/run/dbus/system_bus_socket";

pub(super) fn session_info(desktop: &Desktop) -> Result<SessionInfo, SessionUnknown> {
    let logind = Logind::connect(desktop).map_err(|e| SessionUnknown::NoSession(e.to_string()))?;
    Ok(logind.session)
}

pub(super) fn login_id(desktop: &Desktop) -> LoginId {
    let system_bus = match &desktop.system_bus {
        BusAddress::Standard => BusAddress::At(SYSTEM_BUS.into()),
        given => given.clone(),
    };
    let session = session_info(&Desktop { system_bus, session_id: None, ..desktop.clone() });
    LoginId {
        boot: clock::boot_id().ok(),
        session: session.ok().map(|session| format!("{}@{}", session.id, session.since_us)),
    }
}
