use super::NoPlace;
use std::path::PathBuf;

/// What the user's folder is found by in the end.
pub(super) const CONFIG: &str = "HOME";

pub(super) fn user_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let config = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")))?;
    Some(config.join("stillyou"))
}

pub(super) fn data_folder(absolute: &impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let data = absolute("XDG_DATA_HOME").or_else(|| Some(absolute("HOME")?.join(".local/share")))?;
    Some(data.join("stillyou"))
}

pub(super) fn ledger_and_socket(
    absolute: &impl Fn(&str) -> Option<PathBuf>,
    desk: &str,
) -> Result<(PathBuf, PathBuf), NoPlace> {
    let state = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
    let state = state.ok_or(NoPlace { variable: "HOME" })?;
    let runtime = absolute("XDG_RUNTIME_DIR").ok_or(NoPlace { variable: "XDG_RUNTIME_DIR" })?;
    Ok((state.join("stillyou/ledger.db"), runtime.join("stillyou").join(format!("{desk}.sock"))))
}

/// The display as a plain name: `wayland-0`, `x11-0` for `:0` and `:0.0`, `console` without one.
pub(super) fn desk(variable: &impl Fn(&str) -> Option<PathBuf>) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_display_has_a_place_of_its_own() {
        let name = |variable: &'static str, value: &'static str| {
            desk(&move |name: &str| (name == variable).then(|| PathBuf::from(value)))
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
