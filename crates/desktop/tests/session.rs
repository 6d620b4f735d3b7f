//! Session, login, idle time and notices, against real buses and a real X server.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::Duration;

use stillyou_desktop_os::{
    Desktop, SessionKind,
    idle::{IdleTime, IdleUnknown},
    notify::{NotShown, Notice, Urgency, notify},
    session::{login_id, session_info},
};
use support::{Bus, Logind, X, bare, until};

#[test]
fn the_session_is_found_by_its_id() {
    let logind = Logind::start(true);
    let session = session_info(&logind.desktop()).unwrap();
    assert_eq!((session.id.as_str(), session.seat.as_deref()), ("c7", Some("seat0")));
    assert_eq!(session.uid, rustix::process::getuid().as_raw());
    assert_eq!(session.kind, SessionKind::Console);
    let unknown = Desktop { session_id: Some("c9".into()), ..logind.desktop() };
    let error = session_info(&unknown).unwrap_err().to_string();
    assert!(error.contains("XDG_SESSION_ID"), "{error}");
}

#[test]
fn a_login_is_named_without_believing_the_environment() {
    let logind = Logind::start(true);
    // This logind knows sessions by id only, and the id comes from the environment.
    let (claimed, hidden) = (login_id(&logind.desktop()), login_id(&bare()));
    assert!(claimed.boot.is_some());
    assert_eq!((&claimed, claimed.session.as_deref()), (&hidden, None));
}

#[test]
fn the_x_server_counts_idle_time_from_the_last_input() {
    let x = X::start();
    let idle = IdleTime::new(&x.desktop()).unwrap();
    until("idle time", || idle.get().unwrap() > Duration::from_millis(300));
    let before = idle.get().unwrap();
    support::run(std::process::Command::new("xdotool").args(["mousemove", "200", "100"]).env("DISPLAY", &x.display));
    assert!(idle.get().unwrap() < before);
}

#[test]
fn without_a_display_logind_says_whether_it_is_idle() {
    let logind = Logind::start(true);
    assert_eq!(IdleTime::new(&logind.desktop()).unwrap().get().unwrap(), Duration::ZERO);
    assert!(matches!(IdleTime::new(&bare()), Err(IdleUnknown::NoSource(_))));
}

#[test]
fn a_notice_reaches_the_desktop_or_says_that_it_did_not() {
    let notice = Notice {
        summary: "Is it you?".into(),
        body: "Type your <password> & go on".into(),
        urgency: Urgency::Critical,
    };
    assert!(matches!(notify(&bare(), &notice), Err(NotShown::NoServer(_))));
    let session = Bus::start();
    let desktop = Desktop { session_bus: session.at(), ..bare() };
    assert!(matches!(notify(&desktop, &notice), Err(NotShown::NoServer(_))));

    let log = tempfile::NamedTempFile::new().unwrap();
    let path = log.path().to_str().unwrap().to_owned();
    let arguments = ["--session", "--template", "notification_daemon", "--logfile", &path];
    let _server = session.mock("org.freedesktop.Notifications", &arguments);
    assert!(notify(&desktop, &notice).unwrap() > 0);
    let log = std::fs::read_to_string(&path).unwrap();
    assert!(log.contains("Is it you?") && log.contains("&lt;password&gt; &amp; go on"), "{log}");
    assert!(log.contains("urgency"), "{log}");
}
