use std::env;

/// Where a message bus is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BusAddress {
    /// The usual place, by the environment and the system's defaults.
    #[default]
    Standard,
    /// A D-Bus address, for example `unix:path=/run/user/1000/bus`.
    At(String),
    /// There is none, and nothing looks for one.
    Nowhere,
}

/// What draws this session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// An X server: keyboard grabs show whether a locker holds the screen.
    X11,
    /// A Wayland compositor: an X display beside it sees only X programs.
    Wayland,
    /// A text console, or nothing that can be told.
    Console,
    /// The system itself: Windows, macOS.
    System,
}

/// Where the desktop is that the agent belongs to. Every part can be set, so that nothing depends on the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desktop {
    /// The system bus, on which logind is.
    pub system_bus: BusAddress,
    /// The session bus, on which screen savers and notifications are.
    pub session_bus: BusAddress,
    /// What draws the session.
    pub kind: SessionKind,
    /// The X display, for example `:0`; used only where `kind` is [`SessionKind::X11`].
    pub display: Option<String>,
    /// The id of the session according to whoever started this process (`XDG_SESSION_ID`); logind is asked to confirm.
    pub session_id: Option<String>,
}

impl Desktop {
    /// The desktop that this process's environment describes.
    pub fn from_env() -> Self {
        Self::from_variables(|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// The X display to ask about keyboard grabs and idle time; `None` where X doesn't see the whole session.
    pub fn x11_display(&self) -> Option<&str> {
        self.display.as_deref().filter(|_| self.kind == SessionKind::X11)
    }

    fn from_variables(get: impl Fn(&str) -> Option<String>) -> Self {
        let display = get("DISPLAY");
        let wayland = get("WAYLAND_DISPLAY").is_some() || get("XDG_SESSION_TYPE").as_deref() == Some("wayland");
        let kind = match (wayland, &display) {
            _ if cfg!(any(windows, target_os = "macos")) => SessionKind::System,
            (true, _) => SessionKind::Wayland,
            // `startx` leaves the type at "tty", so the display decides.
            (false, Some(_)) => SessionKind::X11,
            (false, None) => SessionKind::Console,
        };
        Self {
            system_bus: BusAddress::Standard,
            session_bus: BusAddress::Standard,
            kind,
            display,
            session_id: get("XDG_SESSION_ID"),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Desktop {
        Desktop::from_variables(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string()))
    }

    #[test]
    fn the_display_of_a_wayland_session_is_not_asked() {
        let desktop = with(&[("WAYLAND_DISPLAY", "wayland-0"), ("DISPLAY", ":0")]);
        assert_eq!((desktop.kind, desktop.x11_display()), (SessionKind::Wayland, None));
        let desktop = with(&[("XDG_SESSION_TYPE", "wayland"), ("DISPLAY", ":0")]);
        assert_eq!((desktop.kind, desktop.x11_display()), (SessionKind::Wayland, None));
    }

    #[test]
    fn startx_on_a_console_is_x11() {
        let desktop = with(&[("XDG_SESSION_TYPE", "tty"), ("DISPLAY", ":1"), ("XDG_SESSION_ID", "4")]);
        assert_eq!((desktop.kind, desktop.x11_display()), (SessionKind::X11, Some(":1")));
        assert_eq!(desktop.session_id.as_deref(), Some("4"));
        assert_eq!(with(&[]).kind, SessionKind::Console);
    }
}
