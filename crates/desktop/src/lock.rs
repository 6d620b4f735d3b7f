//! Locking the session, with proof. The OS is asked in several ways, one after the other, and each is believed only
//! when it can be seen that the session is locked: where no locker listens, asking to lock does nothing.

use std::{fmt, time::Duration};

use crate::Desktop;

mod command;
#[cfg(target_os = "linux")]
#[path = "lock/linux.rs"]
mod platform;
#[cfg(target_os = "macos")]
#[path = "lock/macos.rs"]
mod platform;
#[cfg(windows)]
#[path = "lock/windows.rs"]
mod platform;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "lock/unsupported.rs"]
mod platform;

#[cfg(any(windows, target_os = "macos", test))]
#[path = "lock/system.rs"]
mod system;

pub use command::{LockCommand, LockCommandError, StartedLocker};

/// What a [`Locker`] may try, in this order: logind, the screen saver, the command. Windows and macOS have one way of
/// their own, which is always allowed, and none of these.
#[derive(Clone, Debug)]
pub struct LockMethods {
    /// Ask logind (`Session.Lock`).
    pub logind: bool,
    /// Ask the desktop's screen saver over the session bus.
    pub screensaver: bool,
    /// Start this locker.
    pub command: Option<LockCommand>,
    /// How long logind, each screen saver, and the lock of Windows or macOS has to show that it locked.
    pub hint_patience: Duration,
    /// How long a started locker has to take the keyboard.
    pub command_patience: Duration,
}

impl Default for LockMethods {
    /// logind and the screen saver with 2 s each, no command; a command gets 8 s.
    fn default() -> Self {
        Self {
            logind: true,
            screensaver: true,
            command: None,
            hint_patience: Duration::from_secs(2),
            command_patience: Duration::from_secs(8),
        }
    }
}

/// One way to lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockMethod {
    /// `Session.Lock` of logind.
    Logind,
    /// The screen saver of this name.
    ScreenSaver(String),
    /// The locker command.
    Command,
    /// Windows' or macOS's own lock.
    System,
}

/// What was seen that proves the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// logind's `LockedHint` is true; `already` when it was so before the request.
    LockedHint {
        /// True before the request too.
        already: bool,
    },
    /// The screen saver says it is active; `already` when it was so before the request.
    ScreenSaverActive {
        /// True before the request too.
        already: bool,
    },
    /// The locker that was started lives and the keyboard is taken.
    LockerHoldsKeyboard {
        /// The locker's process.
        pid: u32,
    },
    /// Windows or macOS says that the session is locked; `already` when it was so before the request.
    SessionLocked {
        /// True before the request too.
        already: bool,
    },
}

/// The session is locked, and this is how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockProof {
    /// The way that worked.
    pub method: LockMethod,
    /// What was seen.
    pub proof: Proof,
    /// On X11: whether another program held the keyboard in the end. `None` where that can't be seen.
    pub keyboard_held: Option<bool>,
    /// From the request to the proof.
    pub after: Duration,
}

/// No way to lock could be proven. The session may be open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session could not be locked: {}", sentences(tried))]
pub struct LockFailed {
    /// Each way that was tried, and what it said.
    pub tried: Vec<(LockMethod, String)>,
}

/// What is known of one way to lock without locking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockMethodProbe {
    /// The way.
    pub method: LockMethod,
    /// What is there, or what is missing.
    pub looks_usable: Result<String, String>,
}

/// Locks one desktop.
#[derive(Clone, Debug)]
pub struct Locker {
    desktop: Desktop,
    methods: LockMethods,
    started: StartedLocker,
}

impl Locker {
    /// A locker for this desktop. Nothing is tried yet.
    pub fn new(desktop: Desktop, methods: LockMethods) -> Self {
        Self { desktop, methods, started: StartedLocker::default() }
    }

    /// Locks and proves it. Blocks: at most about 5 s for each bus, plus the patience of each method that is tried. A
    /// locker that was started goes on when this process ends.
    pub fn lock(&self) -> Result<LockProof, LockFailed> {
        platform::lock(&self.desktop, &self.methods, &self.started)
    }

    /// Which methods look usable, without locking. That a locker listens shows only when it locks. Blocks for a few
    /// seconds at most.
    pub fn probe_lock_methods(&self) -> Vec<LockMethodProbe> {
        platform::probe(&self.desktop, &self.methods)
    }

    /// The locker command started from here, for whoever watches whether the session is locked.
    pub fn started(&self) -> StartedLocker {
        self.started.clone()
    }
}

impl fmt::Display for LockMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logind => f.write_str("logind"),
            Self::ScreenSaver(name) => write!(f, "screen saver {name}"),
            Self::Command => f.write_str("locker command"),
            Self::System => f.write_str("the system"),
        }
    }
}

impl fmt::Display for LockProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seen = match self.proof {
            Proof::LockedHint { already: false } => "LockedHint turned true".to_owned(),
            Proof::LockedHint { already: true } => "LockedHint was true already".to_owned(),
            Proof::ScreenSaverActive { already: false } => "it turned active".to_owned(),
            Proof::ScreenSaverActive { already: true } => "it was active already".to_owned(),
            Proof::SessionLocked { already: false } => "the session turned locked".to_owned(),
            Proof::SessionLocked { already: true } => "the session was locked already".to_owned(),
            Proof::LockerHoldsKeyboard { pid } => format!("process {pid} lives and the keyboard is taken"),
        };
        let keyboard = match self.keyboard_held {
            Some(true) => ", keyboard held",
            Some(false) => ", keyboard free",
            None => "",
        };
        write!(f, "locked by {}: {seen}{keyboard}, after {} ms", self.method, self.after.as_millis())
    }
}

fn sentences(tried: &[(LockMethod, String)]) -> String {
    if tried.is_empty() {
        return "no lock method is allowed by the policy".to_owned();
    }
    tried.iter().map(|(method, why)| format!("{method}: {why}")).collect::<Vec<_>>().join("; ")
}

/// What a locker that only reports itself shows at one moment, with what can be seen beside it.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
#[derive(Clone, Copy, Debug)]
struct Shown {
    /// It reported itself locked before the request.
    before: bool,
    /// It reports itself locked now.
    now: bool,
    /// On X11: whether another program holds the keyboard.
    keyboard_held: Option<bool>,
    /// Whether the session is in front; a locker may lock by switching to a greeter.
    in_front: bool,
}

/// Whether a locker's own report is believed: `Ok(already)`. Any process of the person can set `LockedHint` or own a
/// screen saver's name, so where X11 shows the keyboard, a free keyboard in front refutes it.
#[cfg_attr(not(target_os = "linux"), allow(dead_code))]
fn judge(shown: Shown) -> Result<bool, &'static str> {
    match shown {
        Shown { now: false, .. } => Err("no locker listens: it doesn't report the session locked"),
        Shown { keyboard_held: Some(false), in_front: true, .. } => {
            Err("it reports the session locked, but the keyboard is free: no locker holds the screen")
        }
        Shown { before, .. } => Ok(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: bool, now: bool, keyboard_held: Option<bool>, in_front: bool) -> Shown {
        Shown { before, now, keyboard_held, in_front }
    }

    #[test]
    fn a_report_is_believed_unless_the_keyboard_refutes_it() {
        assert_eq!(judge(shown(false, true, None, true)), Ok(false));
        assert_eq!(judge(shown(true, true, None, true)), Ok(true));
        assert_eq!(judge(shown(false, true, Some(true), true)), Ok(false));
        assert!(judge(shown(false, true, Some(false), true)).is_err());
        assert!(judge(shown(true, true, Some(false), true)).is_err());
        // A greeter on another console holds no keyboard of this display.
        assert_eq!(judge(shown(false, true, Some(false), false)), Ok(false));
    }

    #[test]
    fn no_report_is_no_lock_whoever_holds_the_keyboard() {
        for held in [None, Some(true), Some(false)] {
            for in_front in [true, false] {
                assert!(judge(shown(true, false, held, in_front)).is_err());
                assert!(judge(shown(false, false, held, in_front)).is_err());
            }
        }
    }

    #[test]
    fn a_failure_names_each_method_and_its_reason() {
        let failed = LockFailed {
            tried: vec![(LockMethod::Logind, "not there".into()), (LockMethod::Command, "not found".into())],
        };
        assert_eq!(failed.to_string(), "the session could not be locked: logind: not there; locker command: not found");
        assert!(LockFailed { tried: vec![] }.to_string().contains("policy"));
    }
}
