use std::fmt::Write;
use stillyou_recordings::{Session, keys};

/// Sessions of one person as a recording file (CSV with JavaScript key codes), for `stillyou enroll --recording`.
pub fn recording(subject: &str, sessions: &[Session]) -> String {
    let mut text = "subject,session,press_us,release_us,keycode\n".to_owned();
    for session in sessions {
        for k in &session.keystrokes {
            let code = (1..256).find(|code| keys::from_javascript(*code) == k.key).unwrap_or(0);
            // Writing to a string can't fail.
            let _ = writeln!(text, "{subject},{},{},{},{code}", session.name, k.pressed_at.0, k.released_at.0);
        }
    }
    text
}
