//! Locking against a logind and screen savers on real buses, and with a real locker on a real X server.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::time::Duration;

use stillyou_desktop_os::{
    Desktop,
    lock::{LockCommand, LockMethod, LockMethods, Locker, Proof},
};
use support::{Bus, LOGIND, Logind, SESSION, SESSION_PATH, X, bare, until};

fn only(logind: bool, screensaver: bool, command: Option<&[&str]>) -> LockMethods {
    let command = command.map(|argv| LockCommand::new(argv.iter().map(|a| a.to_string()).collect()).unwrap());
    LockMethods { logind, screensaver, command, ..LockMethods::default() }
}

const I3LOCK: &[&str] = &["i3lock", "--nofork", "-c", "000000"];

/// Ends the locker that a test started; the screen of a person is not concerned.
struct Unlock(Locker);

impl Drop for Unlock {
    fn drop(&mut self) {
        if let Ok(Proof::LockerHoldsKeyboard { pid }) = self.0.lock().map(|proof| proof.proof) {
            let pid = rustix::process::Pid::from_raw(pid as i32).unwrap();
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }
}

#[test]
fn logind_is_believed_when_the_hint_turns_true() {
    let logind = Logind::start(true);
    let proof = Locker::new(logind.desktop(), only(true, false, None)).lock().unwrap();
    assert_eq!((proof.method, proof.proof), (LockMethod::Logind, Proof::LockedHint { already: false }));
    assert_eq!(proof.keyboard_held, None);
}

#[test]
fn a_hint_that_was_true_before_is_told_apart() {
    let logind = Logind::start(true);
    logind.set_locked_hint(true);
    let proof = Locker::new(logind.desktop(), only(true, false, None)).lock().unwrap();
    assert_eq!(proof.proof, Proof::LockedHint { already: true });
}

#[test]
fn where_no_locker_listens_nothing_is_proven_and_the_next_way_is_taken() {
    let logind = Logind::start(false);
    let failed = Locker::new(logind.desktop(), only(true, false, None)).lock().unwrap_err();
    assert_eq!(failed.tried.len(), 1);
    assert!(failed.to_string().contains("logind: no locker listens"), "{failed}");

    let session = Bus::start();
    let _saver = session.mock("org.gnome.ScreenSaver", &["--session", "--template", "gnome_screensaver"]);
    let desktop = Desktop { session_bus: session.at(), ..logind.desktop() };
    let proof = Locker::new(desktop, only(true, true, None)).lock().unwrap();
    assert_eq!(proof.method, LockMethod::ScreenSaver("org.gnome.ScreenSaver".into()));
    assert_eq!(proof.proof, Proof::ScreenSaverActive { already: false });
}

#[test]
fn a_hint_without_a_held_keyboard_is_refuted_on_x11() {
    let (logind, x) = (Logind::start(true), X::start());
    let desktop = Desktop { system_bus: logind.bus.at(), session_id: Some("c7".into()), ..x.desktop() };
    let locker = Locker::new(desktop, only(true, false, None));
    let failed = locker.lock().unwrap_err();
    assert!(failed.to_string().contains("the keyboard is free"), "{failed}");

    let other = Unlock(Locker::new(x.desktop(), only(false, false, Some(I3LOCK))));
    other.0.lock().unwrap();
    let proof = locker.lock().unwrap();
    assert_eq!(proof.keyboard_held, Some(true));
}

#[test]
fn a_session_of_another_user_is_never_locked() {
    let logind = Logind::start(true);
    let bus = logind.connection();
    let other = ("c8", "seat1", 4_000_000u32, "somebody", true);
    support::call(bus, LOGIND, "/org/freedesktop/login1", "org.freedesktop.DBus.Mock", "AddSession", &other);
    let desktop = Desktop { session_id: Some("c8".into()), ..logind.desktop() };
    let failed = Locker::new(desktop, only(true, false, None)).lock().unwrap_err();
    assert!(failed.to_string().contains("user 4000000's"), "{failed}");
}

#[test]
fn i3lock_is_proven_by_the_keyboard_and_survives_the_locker_value() {
    let x = X::start();
    let locker = Unlock(Locker::new(x.desktop(), only(false, false, Some(I3LOCK))));
    let proof = locker.0.lock().unwrap();
    let Proof::LockerHoldsKeyboard { pid } = proof.proof else { panic!("{proof}") };
    assert_eq!(proof.keyboard_held, Some(true));
    assert!(locker.0.started().is_running());
    // Asked again, it takes the one that runs.
    let again = locker.0.lock().unwrap();
    assert_eq!(again.proof, Proof::LockerHoldsKeyboard { pid });
}

#[test]
fn a_command_that_runs_without_taking_the_keyboard_is_no_lock() {
    let x = X::start();
    let methods =
        LockMethods { command_patience: Duration::from_millis(600), ..only(false, false, Some(&["sleep", "20"])) };
    let failed = Locker::new(x.desktop(), methods).lock().unwrap_err();
    assert!(failed.to_string().contains("didn't take the keyboard"), "{failed}");
}

#[test]
fn a_command_that_ends_is_no_lock() {
    let x = X::start();
    let failed = Locker::new(x.desktop(), only(false, false, Some(&["true"]))).lock().unwrap_err();
    assert!(failed.to_string().contains("must stay in the foreground"), "{failed}");
    let failed = Locker::new(x.desktop(), only(false, false, Some(&["no-such-locker"]))).lock().unwrap_err();
    assert!(failed.to_string().contains("not found"), "{failed}");
}

/// An open menu holds the keyboard: a locker that lives beside it has locked nothing.
#[test]
fn a_keyboard_that_was_held_before_proves_no_quick_lock() {
    let x = X::start();
    let _menu = KeyboardHolder::take(&x.display);
    // `sleep` stands for a locker that waits for the keyboard and gives up.
    let failed = Locker::new(x.desktop(), only(false, false, Some(&["sleep", "2"]))).lock().unwrap_err();
    assert!(failed.to_string().contains("it ended"), "{failed}");
    let failed = Locker::new(x.desktop(), only(false, false, Some(I3LOCK))).lock().unwrap_err();
    assert!(failed.to_string().contains("it ended"), "{failed}");
}

#[test]
fn nothing_there_names_every_way() {
    let failed = Locker::new(bare(), only(true, true, Some(I3LOCK))).lock().unwrap_err();
    assert_eq!(failed.tried.len(), 3, "{failed}");
    assert!(failed.to_string().contains("no system bus") && failed.to_string().contains("no session bus"), "{failed}");
    let failed = Locker::new(bare(), only(false, false, None)).lock().unwrap_err();
    assert!(failed.to_string().contains("no lock method is allowed"), "{failed}");
}

#[test]
fn the_probe_tells_what_is_there_and_locks_nothing() {
    let (logind, x) = (Logind::start(true), X::start());
    let desktop = Desktop { system_bus: logind.bus.at(), session_id: Some("c7".into()), ..x.desktop() };
    let probes = Locker::new(desktop, only(true, true, Some(I3LOCK))).probe_lock_methods();
    let usable: Vec<(LockMethod, bool)> = probes.into_iter().map(|p| (p.method, p.looks_usable.is_ok())).collect();
    assert_eq!(
        usable,
        [
            (LockMethod::Logind, true),
            (LockMethod::ScreenSaver("on the session bus".into()), false),
            (LockMethod::Command, true)
        ]
    );
    let hint: zbus::zvariant::OwnedValue = logind
        .connection()
        .call_method(
            Some(LOGIND),
            SESSION_PATH,
            Some("org.freedesktop.DBus.Properties"),
            "Get",
            &(SESSION, "LockedHint"),
        )
        .unwrap()
        .body()
        .deserialize()
        .unwrap();
    assert!(!bool::try_from(hint).unwrap());
}

/// Another X program that takes the keyboard, as a menu does.
struct KeyboardHolder(#[allow(dead_code)] x11rb::rust_connection::RustConnection);

impl KeyboardHolder {
    fn take(display: &str) -> Self {
        use x11rb::{
            connection::Connection,
            protocol::xproto::{ConnectionExt, GrabMode, GrabStatus},
        };
        let (x, screen) = x11rb::connect(Some(display)).unwrap();
        let root = x.setup().roots[screen].root;
        let mut taken = false;
        until("the keyboard", || {
            let reply = x.grab_keyboard(false, root, x11rb::CURRENT_TIME, GrabMode::ASYNC, GrabMode::ASYNC).unwrap();
            taken = reply.reply().unwrap().status == GrabStatus::SUCCESS;
            taken
        });
        Self(x)
    }
}

/// Looking at the keyboard every second must not take it from anybody: a window with the focus notices nothing.
#[test]
fn looking_at_the_keyboard_disturbs_no_window() {
    use x11rb::{
        connection::Connection,
        protocol::xproto::{ConnectionExt, CreateWindowAux, EventMask, InputFocus, WindowClass},
    };
    let server = X::start();
    let (x, screen) = x11rb::connect(Some(&server.display)).unwrap();
    let (root, window) = (x.setup().roots[screen].root, x.generate_id().unwrap());
    let aux = CreateWindowAux::new().event_mask(EventMask::FOCUS_CHANGE).override_redirect(1);
    x.create_window(0, window, root, 0, 0, 50, 50, 0, WindowClass::INPUT_OUTPUT, x11rb::COPY_FROM_PARENT, &aux)
        .unwrap();
    x.map_window(window).unwrap();
    x.set_input_focus(InputFocus::POINTER_ROOT, window, x11rb::CURRENT_TIME).unwrap();
    until("the focus", || x.get_input_focus().unwrap().reply().unwrap().focus == window);
    while x.poll_for_event().unwrap().is_some() {}

    let locker = Locker::new(server.desktop(), only(false, false, Some(I3LOCK)));
    assert!(locker.probe_lock_methods()[0].looks_usable.is_ok());
    let focus = x.get_input_focus().unwrap().reply().unwrap().focus;
    let noticed = x.poll_for_event().unwrap();
    assert!(focus == window && noticed.is_none(), "{noticed:?}");
}
