use super::NoPlace;
use std::path::PathBuf;
use stillyou_desktop_os::user::user_id;

/// What the user's folder is found by.
pub(super) const CONFIG: &str = "APPDATA";

pub(super) fn user_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    Some(absolute("APPDATA")?.join("StillYou"))
}

pub(super) fn data_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    Some(absolute("LOCALAPPDATA")?.join("StillYou"))
}

/// Pipes are the machine's, so that their names tell the users apart.
pub(super) fn ledger_and_socket(
    absolute: &impl Fn(&str) -> Option<PathBuf>,
    _desk: &str,
) -> Result<(PathBuf, PathBuf), NoPlace> {
    let local = absolute("LOCALAPPDATA").ok_or(NoPlace { variable: "LOCALAPPDATA" })?;
    let pipe = format!(r"\\.\pipe\stillyou-{}", user_id());
    Ok((local.join("StillYou").join("ledger.db"), pipe.into()))
}

/// One agent a user: this system's sessions of one user are not told apart yet.
pub(super) fn desk(_: &impl Fn(&str) -> Option<PathBuf>) -> String {
    "desktop".into()
}
