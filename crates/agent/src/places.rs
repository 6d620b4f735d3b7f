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
        let desk = desk(&variable);
        Ok(Self {
            system_policy,
            user_policy: user_policy.ok_or(NoPlace { variable: "HOME" })?,
            ledger: home("XDG_STATE_HOME", ".local/state")?.join("stillyou/ledger.db"),
            socket: runtime.join("stillyou").join(format!("{desk}.sock")),
            desk,
        })
    }
}

/// The display as a plain name: `wayland-0`, `x11-0` for `:0` and `:0.0`, `console` without one.
fn desk(variable: impl Fn(&str) -> Option<PathBuf>) -> String {
    let named = |name: &str| variable(name).filter(|v| !v.as_os_str().is_empty());
    let plain = |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect::<String>();
    if let Some(wayland) = named("WAYLAND_DISPLAY") {
        return plain(&wayland.file_name().unwrap_or_default().to_string_lossy());
    }
    let Some(x11) = named("DISPLAY") else { return "console".into() };
    let x11 = x11.to_string_lossy();
    let (host, number) = x11.rsplit_once(':').unwrap_or(("", &x11));
    let number = number.split('.').next().unwrap_or_default();
    if host.is_empty() { format!("x11-{}", plain(number)) } else { format!("x11-{}-{}", plain(host), plain(number)) }
}

/// The places of the administrator's policy and of the user's, where the user has a home.
pub fn policies(variable: impl Fn(&str) -> Option<PathBuf>) -> (PathBuf, Option<PathBuf>) {
    let absolute = |name: &str| variable(name).filter(|p| p.is_absolute());
    let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
    (Path::new("/etc/stillyou/policy.toml").to_owned(), config.map(|c| c.join("stillyou/policy.toml")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_display_has_a_place_of_its_own() {
        let name = |variable: &'static str, value: &'static str| {
            desk(move |name: &str| (name == variable).then(|| PathBuf::from(value)))
        };
        assert_eq!(name("DISPLAY", ":0"), "x11-0");
        assert_eq!(name("DISPLAY", ":0.0"), "x11-0");
        assert_eq!(name("DISPLAY", ":11"), "x11-11");
        assert_eq!(name("DISPLAY", "localhost:10.0"), "x11-localhost-10");
        assert_eq!(name("WAYLAND_DISPLAY", "wayland-1"), "wayland-1");
        assert_eq!(name("WAYLAND_DISPLAY", "/run/user/1000/wayland-1"), "wayland-1");
        assert_eq!(name("DISPLAY", ""), "console");
        assert_eq!(name("DISPLAY", ":../../x"), "x11-");
    }
}
