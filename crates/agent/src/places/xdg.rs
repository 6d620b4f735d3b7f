use super::NoPlace;
use std::path::PathBuf;

/// What the user's folder is found by in the end.
pub(super) const CONFIG: &str = "HOME";

pub(super) fn user_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
    Some(config.join("stillyou"))
}

pub(super) fn ledger_and_socket(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Result<(PathBuf, PathBuf), NoPlace> {
    let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
    let state = state.ok_or(NoPlace { variable: "HOME" })?;
    let runtime = absolute("XDG_RUNTIME_DIR").ok_or(NoPlace { variable: "XDG_RUNTIME_DIR" })?;
    Ok((state.join("stillyou/ledger.db"), runtime.join("stillyou/agent.sock")))
}
