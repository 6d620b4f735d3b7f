use super::{KeyEvent, Source, SourceError};
#[cfg(target_os = "linux")]
use crate::linux::node;
use std::{env, path::PathBuf};
use thiserror::Error;

/// What is known of the desktop session, as found in its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// `XDG_SESSION_TYPE`.
    pub session_type: Option<String>,
    /// `WAYLAND_DISPLAY`.
    pub wayland_display: Option<String>,
    /// `DISPLAY`.
    pub display: Option<String>,
    /// Where the kernel's event devices are.
    pub input_folder: PathBuf,
}

impl Session {
    /// The session that this process belongs to.
    pub fn from_env() -> Self {
        let set = |name| env::var(name).ok().filter(|v| !v.is_empty());
        Self {
            session_type: set("XDG_SESSION_TYPE"),
            wayland_display: set("WAYLAND_DISPLAY"),
            display: set("DISPLAY"),
            input_folder: PathBuf::from("/dev/input"),
        }
    }

    /// Which kind of session it is. `startx` leaves the type `tty`, so a display alone means X11 too.
    pub fn kind(&self) -> SessionKind {
        match self.session_type.as_deref() {
            Some("wayland") => SessionKind::Wayland,
            Some("x11") if self.display.is_some() => SessionKind::X11,
            _ if self.wayland_display.is_some() => SessionKind::Wayland,
            _ if self.display.is_some() => SessionKind::X11,
            _ => SessionKind::Console,
        }
    }
}

/// The kind of a desktop session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionKind {
    /// An X server draws the desktop.
    X11,
    /// A Wayland compositor does; an X server seen here is Xwayland.
    Wayland,
    /// Neither: a text console.
    Console,
}

/// A key source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// XInput2 raw events.
    X11,
    /// The kernel's event devices.
    Evdev,
    /// The `rdev` crate, with worse time stamps and no way to tell injected keys.
    Rdev,
    /// What the system itself offers: the low-level hook of Windows, the event tap of macOS.
    System,
}

impl SourceKind {
    /// The name in policy and messages.
    pub fn name(self) -> &'static str {
        match self {
            SourceKind::X11 => "x11",
            SourceKind::Evdev => "evdev",
            SourceKind::Rdev => "rdev",
            SourceKind::System => "system",
        }
    }
}

/// What policy asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceChoice {
    /// XInput2 on X11 (evdev where that fails), evdev on Wayland and the console; the system's own on Windows and macOS.
    #[default]
    Auto,
    /// This one or none.
    Only(SourceKind),
}

impl std::str::FromStr for SourceChoice {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "auto" => Ok(SourceChoice::Auto),
            "x11" => Ok(SourceChoice::Only(SourceKind::X11)),
            "evdev" => Ok(SourceChoice::Only(SourceKind::Evdev)),
            "rdev" => Ok(SourceChoice::Only(SourceKind::Rdev)),
            other => Err(format!("{other:?} is no key source; it must be auto, x11, evdev or rdev")),
        }
    }
}

/// Why no source sees every key of the session. This is *trouble*: nothing is protected until it is mended.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NoSource {
    /// An X source was asked for under Wayland.
    #[error("the {} key source sees only the keys typed into X programs under Wayland", asked.name())]
    SeesOnlyXPrograms {
        /// The source asked for.
        asked: SourceKind,
    },
    /// An X source was asked for where there is no X server.
    #[error("the {} key source needs an X server, and this session has no DISPLAY", asked.name())]
    NoDisplay {
        /// The source asked for.
        asked: SourceKind,
    },
    /// The keyboards may not be read.
    #[error("StillYou may not read the keyboard {}", path.display())]
    Unreadable {
        /// The first such keyboard.
        path: PathBuf,
    },
    /// The source can't start.
    #[error("no key source works: {0}")]
    Failed(SourceError),
    /// This build or system lacks the source.
    #[error("the {} key source is not in this build", asked.name())]
    NotBuilt {
        /// The source asked for.
        asked: SourceKind,
    },
    /// The person hasn't allowed it.
    #[error("macOS doesn't let StillYou see the keyboard")]
    NotAllowed,
    /// No source exists for this operating system.
    #[error("StillYou can't see the keyboard on this operating system")]
    Unsupported,
}

impl NoSource {
    /// What a person can do about it.
    pub fn fix(&self) -> String {
        match self {
            NoSource::SeesOnlyXPrograms { .. } => "set the key source to auto or evdev in the policy".into(),
            NoSource::NoDisplay { .. } => {
                "start the agent inside the desktop session, or set the key source to auto or evdev".into()
            }
            NoSource::Unreadable { .. } => {
                "add the user to the group `input` (sudo usermod -aG input USER), then sign out and in again".into()
            }
            NoSource::Failed(SourceError::Folder { path, .. }) => {
                format!("see that {} exists and may be listed by this user", path.display())
            }
            NoSource::Failed(_) => {
                "see that the X server runs and that DISPLAY and XAUTHORITY are those of this session".into()
            }
            NoSource::NotBuilt { asked: SourceKind::Rdev } if cfg!(target_os = "linux") => {
                "set the key source to auto, or build with the cargo feature `rdev`".into()
            }
            NoSource::NotBuilt { .. } => "set the key source to auto".into(),
            NoSource::NotAllowed => {
                "allow StillYou in System Settings, Privacy & Security, Input Monitoring, then start the agent again"
                    .into()
            }
            NoSource::Unsupported => "use it on Linux, Windows or macOS".into(),
        }
    }

    /// What the fix costs in safety, when it costs something.
    pub fn risk(&self) -> Option<&'static str> {
        match self {
            NoSource::Unreadable { .. } => Some(
                "every program that this user runs can then read every key typed on this machine, passwords and other \
                 users' keys included",
            ),
            NoSource::NotBuilt { asked: SourceKind::Rdev } => Some(
                "rdev stamps keys a hundred times less exactly and can't tell injected keys from real ones, so decisions \
                 get worse",
            ),
            _ => None,
        }
    }
}

/// The source that sees every key of the session, tried but not started.
///
/// # Errors
/// When there is none; the error tells the fix and its risk.
pub fn select(session: &Session, choice: SourceChoice) -> Result<Box<dyn Source<Event = KeyEvent>>, NoSource> {
    if cfg!(any(windows, target_os = "macos")) {
        return match choice {
            SourceChoice::Auto => open(SourceKind::System, session),
            SourceChoice::Only(kind) => open(kind, session),
        };
    }
    match (choice, session.kind()) {
        (SourceChoice::Only(asked @ (SourceKind::X11 | SourceKind::Rdev)), SessionKind::Wayland) => {
            Err(NoSource::SeesOnlyXPrograms { asked })
        }
        (SourceChoice::Only(kind), _) => open(kind, session),
        // The reason why X11 fails is the one to mend; evdev may work without mending anything.
        (SourceChoice::Auto, SessionKind::X11) => {
            open(SourceKind::X11, session).or_else(|e| open(SourceKind::Evdev, session).map_err(|_| e))
        }
        (SourceChoice::Auto, SessionKind::Wayland | SessionKind::Console) => open(SourceKind::Evdev, session),
    }
}

#[cfg(target_os = "linux")]
fn open(kind: SourceKind, session: &Session) -> Result<Box<dyn Source<Event = KeyEvent>>, NoSource> {
    let display = || session.display.clone().ok_or(NoSource::NoDisplay { asked: kind });
    match kind {
        SourceKind::X11 => {
            let source = super::X11Source::new(display()?);
            source.probe().map_err(NoSource::Failed)?;
            Ok(Box::new(source))
        }
        SourceKind::Evdev => {
            let folder = &session.input_folder;
            match node::first_unreadable(folder, node::may_be_keyboard).map_err(NoSource::Failed)? {
                Some(path) => Err(NoSource::Unreadable { path }),
                None => Ok(Box::new(super::EvdevSource::new(folder))),
            }
        }
        #[cfg(feature = "rdev")]
        SourceKind::Rdev => {
            super::X11Source::new(display()?).probe().map_err(NoSource::Failed)?;
            Ok(Box::new(super::RdevSource::new(display()?)))
        }
        #[cfg(not(feature = "rdev"))]
        SourceKind::Rdev => Err(NoSource::NotBuilt { asked: kind }),
        SourceKind::System => Err(NoSource::NotBuilt { asked: kind }),
    }
}

#[cfg(windows)]
fn open(kind: SourceKind, _: &Session) -> Result<Box<dyn Source<Event = KeyEvent>>, NoSource> {
    match kind {
        SourceKind::System => Ok(Box::new(super::LowLevelHook::default())),
        asked => Err(NoSource::NotBuilt { asked }),
    }
}

#[cfg(target_os = "macos")]
fn open(kind: SourceKind, _: &Session) -> Result<Box<dyn Source<Event = KeyEvent>>, NoSource> {
    match kind {
        SourceKind::System if super::EventTap::allowed() => Ok(Box::new(super::EventTap::default())),
        SourceKind::System => Err(NoSource::NotAllowed),
        asked => Err(NoSource::NotBuilt { asked }),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn open(_: SourceKind, _: &Session) -> Result<Box<dyn Source<Event = KeyEvent>>, NoSource> {
    Err(NoSource::Unsupported)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn session(session_type: &str, wayland: &str, display: &str) -> Session {
        let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Session {
            session_type: some(session_type),
            wayland_display: some(wayland),
            display: some(display),
            input_folder: PathBuf::from("/nowhere/input"),
        }
    }

    fn refused(session: &Session, choice: SourceChoice) -> NoSource {
        match select(session, choice) {
            Ok(source) => panic!("{} was selected", source.name()),
            Err(e) => e,
        }
    }

    #[test]
    fn session_kinds() {
        use SessionKind::*;
        let cases = [
            ("wayland", "wayland-0", ":0", Wayland),
            ("wayland", "", "", Wayland),
            ("", "wayland-0", ":0", Wayland),
            ("tty", "wayland-0", "", Wayland),
            ("x11", "", ":0", X11),
            ("x11", "wayland-1", ":0", X11),
            ("tty", "", ":0", X11),
            ("", "", ":0", X11),
            ("tty", "", "", Console),
            ("x11", "", "", Console),
        ];
        for (session_type, wayland, display, kind) in cases {
            assert_eq!(session(session_type, wayland, display).kind(), kind, "{session_type} {wayland} {display}");
        }
    }

    #[test]
    fn x_sources_are_refused_under_wayland() {
        for asked in [SourceKind::X11, SourceKind::Rdev] {
            let error = refused(&session("wayland", "wayland-0", ":0"), SourceChoice::Only(asked));
            assert_eq!(error, NoSource::SeesOnlyXPrograms { asked });
            assert!(error.fix().contains("evdev"));
        }
    }

    #[test]
    fn wayland_and_console_never_fall_back_to_x() {
        for s in [session("wayland", "wayland-0", ":0"), session("tty", "", "")] {
            let error = refused(&s, SourceChoice::Auto);
            assert!(matches!(error, NoSource::Failed(SourceError::Folder { .. })), "{error}");
        }
    }

    #[test]
    fn x11_without_a_display_says_so() {
        let error = refused(&session("tty", "", ""), SourceChoice::Only(SourceKind::X11));
        assert_eq!(error, NoSource::NoDisplay { asked: SourceKind::X11 });
    }

    #[test]
    fn a_dead_x_server_is_the_reason_given() {
        let error = refused(&session("x11", "", ":4711"), SourceChoice::Auto);
        assert!(
            matches!(&error, NoSource::Failed(SourceError::DisplayUnreachable { display, .. }) if display == ":4711")
        );
    }

    #[test]
    fn an_unreadable_keyboard_tells_the_fix_and_its_risk() {
        let error = NoSource::Unreadable { path: "/dev/input/event3".into() };
        assert!(error.to_string().contains("/dev/input/event3"));
        assert!(error.fix().contains("group `input`"));
        assert!(error.risk().is_some_and(|r| r.contains("every program")));
    }

    #[test]
    fn choices_are_named() {
        assert_eq!("auto".parse(), Ok(SourceChoice::Auto));
        assert_eq!("evdev".parse(), Ok(SourceChoice::Only(SourceKind::Evdev)));
        assert!("xi2".parse::<SourceChoice>().unwrap_err().contains("auto, x11, evdev or rdev"));
    }
}
