//! The OS desktop: locking it and proving that it locked, seeing whether it is locked, the OS password check,
//! clocks, idle time, suspend, notices, the system log, the own user, the ownership of policy files, and processes that
//! watch each other. Knows nothing of trust.
//!
//! Everything starts from a [`Desktop`], which says where this desktop is found: its two message buses, its display
//! and its session. All calls here block; none belongs on a thread that draws or decides.

pub mod clock;
mod desktop;
pub mod hardening;
pub mod host;
pub mod idle;
pub mod lock;
pub mod lock_state;
pub mod notify;
pub mod owner;
pub mod partner;
pub mod password;
pub mod program;
pub mod secret;
pub mod session;
pub mod signals;
pub mod surroundings;
pub mod system_log;
pub mod user;
pub mod watch;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

pub use desktop::{BusAddress, Desktop, SessionKind};

/// What was asked for isn't written for this operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is unsupported on this system")]
pub struct Unsupported(pub &'static str);
