use std::path::{Path, PathBuf};
use thiserror::Error;

/// Where the agent's files are.
#[derive(Clone, Debug)]
pub struct Places {
    /// The administrator's policy.
    pub system_policy: PathBuf,
    /// The user's policy, which may only tighten it.
    pub user_policy: PathBuf,
    /// The record of decisions.
    pub ledger: PathBuf,
    /// The agent's socket.
    pub socket: PathBuf,
}

/// Why a place is not known.
#[derive(Debug, Error)]
#[error("{variable} is not set; start StillYou inside a login session")]
pub struct NoPlace {
    variable: &'static str,
}

impl Places {
    /// The places of the user whose environment `variable` reads: `XDG_RUNTIME_DIR`, `XDG_STATE_HOME`,
    /// `XDG_CONFIG_HOME`, `HOME`. The system policy's place is fixed.
    ///
    /// # Errors
    /// When a variable that is needed is missing.
    pub fn from_env(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<Self, NoPlace> {
        let absolute = |name: &str| variable(name).filter(|p| p.is_absolute());
        let (system_policy, user_policy) = policies(&variable);
        let home = |name: &str, below: &str| {
            absolute(name).or_else(|| Some(absolute("HOME")?.join(below))).ok_or(NoPlace { variable: "HOME" })
        };
        let runtime = absolute("XDG_RUNTIME_DIR").ok_or(NoPlace { variable: "XDG_RUNTIME_DIR" })?;
        Ok(Self {
            system_policy,
            user_policy: user_policy.ok_or(NoPlace { variable: "HOME" })?,
            ledger: home("XDG_STATE_HOME", ".local/state")?.join("stillyou/ledger.db"),
            socket: runtime.join("stillyou/agent.sock"),
        })
    }
}

/// The places of the administrator's policy and of the user's, where the user has a home.
pub fn policies(variable: impl Fn(&str) -> Option<PathBuf>) -> (PathBuf, Option<PathBuf>) {
    let absolute = |name: &str| variable(name).filter(|p| p.is_absolute());
    let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
    (Path::new("/etc/stillyou/policy.toml").to_owned(), config.map(|c| c.join("stillyou/policy.toml")))
}
