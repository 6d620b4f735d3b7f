use super::NoPlace;
use std::path::PathBuf;

/// What the user's folder is found by.
pub(super) const CONFIG: &str = "HOME";

pub(super) fn user_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    Some(absolute("HOME")?.join("Library/Application Support/StillYou"))
}

pub(super) fn data_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    user_folder(absolute)
}

/// macOS has no folder that lives as long as a login; a socket's whole name may have 103 bytes.
pub(super) fn ledger_and_socket(
    absolute: &impl Fn(&str) -> Option<PathBuf>,
    _desk: &str,
) -> Result<(PathBuf, PathBuf), NoPlace> {
    let folder = user_folder(absolute).ok_or(NoPlace { variable: CONFIG })?;
    Ok((folder.join("ledger.db"), folder.join("agent/agent.sock")))
}

/// One agent a user: this system's sessions of one user are not told apart yet.
pub(super) fn desk(_: &impl Fn(&str) -> Option<PathBuf>) -> String {
    "desktop".into()
}
