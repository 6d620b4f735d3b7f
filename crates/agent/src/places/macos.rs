use super::NoPlace;
use std::path::PathBuf;

/// What the user's folder is found by.
pub(super) const CONFIG: &str = "HOME";

pub(super) fn user_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    Some(absolute("HOME")?.join("Library/Application Support/StillYou"))
}

/// macOS has no folder that lives as long as a login; a socket's whole name may have 103 bytes.
pub(super) fn ledger_and_socket(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Result<(PathBuf, PathBuf), NoPlace> {
    let folder = user_folder(absolute).ok_or(NoPlace { variable: CONFIG })?;
    Ok((folder.join("ledger.db"), folder.join("agent/agent.sock")))
}
