//! Lock, unlock and watch in a real graphical session under real systemd and logind. Run by `tests/vm/logind.sh`
//! inside the test machine, as the session's user.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::{env, process::Command};

use crossbeam_channel::{Receiver, unbounded};
use stillyou_desktop_os::{
    Desktop, SessionKind,
    lock::{LockCommand, LockMethod, LockMethods, Locker, Proof},
    lock_state::{LockSignal, LockState, LockStateChanged},
    password::{PasswordCheck, PasswordError},
    secret::Secret,
    session::{login_id, session_info},
    watch::{DesktopEvent, DesktopWatch},
};
use support::{LONG, Process, until};

const I3LOCK: [&str; 4] = ["i3lock", "--nofork", "-c", "000000"];

fn methods(command: bool) -> LockMethods {
    LockMethods {
        screensaver: false,
        command: command.then(|| LockCommand::new(I3LOCK.map(Into::into).to_vec()).unwrap()),
        // The machine is emulated.
        hint_patience: LONG / 3,
        command_patience: LONG,
        ..LockMethods::default()
    }
}

fn until_state(events: &Receiver<DesktopEvent>, state: LockState) -> LockStateChanged {
    loop {
        match events.recv_timeout(LONG).expect("an event") {
            DesktopEvent::Lock(change) if change.state == state => return change,
            _ => {}
        }
    }
}

/// What the person does: types the password into the locker.
fn unlock_by_typing(password: &str) {
    support::run(Command::new("xdotool").args(["type", "--delay", "80", password]));
    support::run(Command::new("xdotool").args(["key", "Return"]));
}

#[test]
#[ignore = "needs systemd and a session: tests/vm/logind.sh"]
fn a_real_session_is_found_locked_unlocked_and_watched() {
    let password = env::var("STILLYOU_PASSWORD").unwrap();
    let desktop = Desktop::from_env();
    assert_eq!(desktop.kind, SessionKind::X11);
    let session = session_info(&desktop).unwrap();
    assert!(session.active);
    assert_eq!((session.seat.as_deref(), session.kind, session.remote), (Some("seat0"), SessionKind::X11, false));
    assert!(login_id(&desktop).session.unwrap().starts_with(&session.id));
    eprintln!("session {} found", session.id);

    let check = PasswordCheck::for_own_user(None).unwrap();
    assert_eq!(check.check(&Secret::new(password.clone().into_bytes()).unwrap()), Ok(()));
    assert_eq!(check.check(&Secret::new(b"another".to_vec()).unwrap()), Err(PasswordError::Wrong));
    eprintln!("password checked through {}", check.service());

    let (to, events) = unbounded();
    let locker = Locker::new(desktop.clone(), methods(true));
    let _watch = DesktopWatch::start(&desktop, locker.started(), to).unwrap();
    assert_eq!(until_state(&events, LockState::Unlocked).why, None);

    // Nobody listens to logind: it proves nothing, and the command is next.
    let failed = Locker::new(desktop.clone(), methods(false)).lock().unwrap_err();
    assert!(failed.to_string().contains("no locker listens"), "{failed}");
    eprintln!("{failed}");
    let proof = locker.lock().unwrap();
    assert_eq!(proof.method, LockMethod::Command);
    eprintln!("{proof}");
    until_state(&events, LockState::Locked);
    unlock_by_typing(&password);
    until_state(&events, LockState::Unlocked);
    eprintln!("unlock by password seen");

    // A locker listens.
    let mut listener = Command::new("xss-lock");
    let mut listener = Process(listener.arg("--").args(I3LOCK).spawn().expect("xss-lock"));
    let by_logind = Locker::new(desktop.clone(), methods(false));
    let mut proof = by_logind.lock();
    until("xss-lock to listen", || {
        assert_eq!(listener.0.try_wait().unwrap(), None, "xss-lock ended");
        if proof.is_err() {
            proof = by_logind.lock();
        }
        proof.is_ok()
    });
    let proof = proof.unwrap();
    assert_eq!((&proof.method, proof.proof), (&LockMethod::Logind, Proof::LockedHint { already: false }));
    assert_eq!(proof.keyboard_held, Some(true));
    eprintln!("{proof}");
    assert_eq!(until_state(&events, LockState::Locked).by, LockSignal::LogindHint);
    unlock_by_typing(&password);
    until_state(&events, LockState::Unlocked);
    eprintln!("unlock by password seen");

    // The listener is gone, and the hint set by somebody who wants to be left alone.
    drop(listener);
    support::run(Command::new("busctl").args([
        "call",
        support::LOGIND,
        "/org/freedesktop/login1/session/auto",
        support::SESSION,
        "SetLockedHint",
        "b",
        "true",
    ]));
    let failed = by_logind.lock().unwrap_err();
    assert!(failed.to_string().contains("the keyboard is free"), "{failed}");
    eprintln!("{failed}");
}
