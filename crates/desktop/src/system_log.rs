//! The system log: what an organisation's collectors read and pass on. Nothing leaves the machine by us.

#[cfg(unix)]
#[path = "system_log/unix.rs"]
mod platform;
#[cfg(not(unix))]
#[path = "system_log/unsupported.rs"]
mod platform;

/// How much an entry presses: severities of RFC 5424, section 6.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Somebody must look now.
    Critical,
    /// Somebody should look.
    Warning,
    /// Normal, and worth a line.
    Notice,
}

impl Severity {
    fn number(self) -> u8 {
        match self {
            Severity::Critical => 2,
            Severity::Warning => 4,
            Severity::Notice => 5,
        }
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum NotLogged {
    /// Nobody listens, or what listens takes nothing.
    #[error("the system log at {path} takes nothing: {source}")]
    Deaf {
        /// Its socket.
        path: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line end, or more than the log takes.
    #[error("a line of the system log is 1 to {MAX_BYTES} bytes without control characters")]
    NoLine,
    /// Not on this system.
    #[error(transparent)]
    Unsupported(#[from] crate::Unsupported),
}

/// The longest line, in bytes: what RFC 3164 says that every collector takes, without what goes before it.
pub const MAX_BYTES: usize = 960;

/// Writes one line into the system log, facility `authpriv`, under the name `stillyou`. Never waits.
///
/// # Errors
/// When nobody takes it.
pub fn write(severity: Severity, line: &str) -> Result<(), NotLogged> {
    if line.is_empty() || line.len() > MAX_BYTES || line.chars().any(char::is_control) {
        return Err(NotLogged::NoLine);
    }
    platform::write(&entry(severity, line))
}

/// As local clients write it (RFC 3164), without the time, which the log knows better.
fn entry(severity: Severity, line: &str) -> String {
    const AUTHPRIV: u8 = 10;
    format!("<{}>stillyou[{}]: {line}", 8 * AUTHPRIV + severity.number(), std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_facility_severity_and_name() {
        let pid = std::process::id();
        assert_eq!(entry(Severity::Critical, "x y"), format!("<82>stillyou[{pid}]: x y"));
        assert_eq!(entry(Severity::Warning, "x"), format!("<84>stillyou[{pid}]: x"));
        assert_eq!(entry(Severity::Notice, "x"), format!("<85>stillyou[{pid}]: x"));
    }

    #[test]
    fn what_would_be_two_entries_is_none() {
        for bad in ["", "a\nb", "a\0", &"x".repeat(MAX_BYTES + 1)] {
            assert!(matches!(write(Severity::Notice, bad), Err(NotLogged::NoLine)), "{bad:?}");
        }
    }
}
