use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};
use stillyou_desktop_os::owner::administrators_folder;
use thiserror::Error;

#[cfg_attr(target_os = "macos", path = "places/macos.rs")]
#[cfg_attr(windows, path = "places/windows.rs")]
#[cfg_attr(not(any(target_os = "macos", windows)), path = "places/xdg.rs")]
mod platform;

/// Where the agent's files are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The administrator's policy.
    pub system_policy: PathBuf,
    /// The user's policy, which may only tighten it.
    pub user_policy: PathBuf,
    /// The record of decisions.
    pub ledger: PathBuf,
    /// The agent's socket; on Windows a pipe's name.
    pub socket: PathBuf,
    /// Folders in which networks may lie that are not part of the program, the administrator's first.
    pub models: Vec<PathBuf>,
    /// Which of the user's desktop sessions this is: by its display, which two sessions never share.
    pub desk: String,
}

/// Why a place is not known.
#[derive(Debug, Error)]
#[error("{variable} is not set; start StillYou inside a login session")]
pub struct NoPlace {
    variable: &'static str,
}

impl Places {
    /// The places of the user whose environment `variable` reads. The system policy's place is fixed.
    ///
    /// On Linux `XDG_RUNTIME_DIR`, `XDG_STATE_HOME`, `XDG_CONFIG_HOME` and `HOME` are read, on macOS `HOME`, on Windows
    /// `LOCALAPPDATA` and `APPDATA`.
    ///
    /// # Errors
    /// When a variable that is needed is missing.
    pub fn from_env(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<Self, NoPlace> {
        let absolute = |name: &str| variable(name).filter(|p| p.is_absolute());
        let (system_policy, user_policy) = policies(&variable);
        let desk = platform::desk(&variable);
        let (ledger, socket) = platform::ledger_and_socket(&absolute, &desk)?;
        let models = model_folders(&variable);
        let user_policy = user_policy.ok_or(NoPlace { variable: platform::CONFIG })?;
        Ok(Self { system_policy, user_policy, ledger, socket, models, desk })
    }
}

/// Folders in which networks may lie that are not part of the program: the administrator's, then the user's.
pub fn model_folders(variable: impl Fn(&str) -> Option<PathBuf>) -> Vec<PathBuf> {
    let absolute = |name: &str| variable(name).filter(|p| p.is_absolute());
    let own = platform::data_folder(&absolute);
    [administrators_folder()].into_iter().chain(own).map(|folder| folder.join(MODELS)).collect()
}

/// The places of the administrator's policy and of the user's, where the user has a home.
pub fn policies(variable: impl Fn(&str) -> Option<PathBuf>) -> (PathBuf, Option<PathBuf>) {
    let absolute = |name: &str| variable(name).filter(|p| p.is_absolute());
    (administrators_folder().join(POLICY), platform::user_folder(&absolute).map(|folder| folder.join(POLICY)))
}

/// Makes a folder, and those above it, that only this user may enter.
pub(crate) fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    // On Windows everything below the user's profile is the user's alone.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

const POLICY: &str = "policy.toml";
const MODELS: &str = "models";
