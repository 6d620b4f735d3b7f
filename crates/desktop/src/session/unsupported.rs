use super::{LoginId, SessionInfo, SessionUnknown};
use crate::{Desktop, Unsupported};

pub(super) fn session_info(_: &Desktop) -> Result<SessionInfo, SessionUnknown> {
    Err(Unsupported("finding the session").into())
}

pub(super) fn login_id(_: &Desktop) -> LoginId {
    LoginId::default()
}
