//! The watch over the desktop, against real buses, a real X server and a real locker.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use crossbeam_channel::{Receiver, unbounded};
use stillyou_desktop_os::{
    Desktop,
    lock::{LockCommand, LockMethods, Locker, Proof, StartedLocker},
    lock_state::{LockSignal, LockState, LockStateChanged},
    watch::{DesktopEvent, DesktopWatch},
};
use support::{Bus, LONG, Logind, X, bare};

struct Watched {
    events: Receiver<DesktopEvent>,
    _watch: DesktopWatch,
}

impl Watched {
    fn start(desktop: &Desktop, started: StartedLocker) -> Self {
        let (to, events) = unbounded();
        Self { events, _watch: DesktopWatch::start(desktop, started, to).unwrap() }
    }

    fn next(&self) -> DesktopEvent {
        self.events.recv_timeout(LONG).expect("an event of the desktop")
    }

    fn next_lock(&self) -> LockStateChanged {
        match self.next() {
            DesktopEvent::Lock(change) => change,
            other => panic!("{other:?}"),
        }
    }
}

fn expect(change: LockStateChanged, state: LockState, by: LockSignal) {
    assert_eq!((change.state, change.by), (state, by), "{change:?}");
}

#[test]
fn logind_tells_locked_and_unlocked_and_sleep() {
    let logind = Logind::start(true);
    let watched = Watched::start(&logind.desktop(), StartedLocker::default());
    assert_eq!(watched.next_lock().state, LockState::Unlocked);
    logind.set_locked_hint(true);
    expect(watched.next_lock(), LockState::Locked, LockSignal::LogindHint);
    logind.set_locked_hint(false);
    expect(watched.next_lock(), LockState::Unlocked, LockSignal::LogindHint);
    logind.prepare_for_sleep(true);
    assert_eq!(watched.next(), DesktopEvent::Suspending);
    logind.prepare_for_sleep(false);
    assert_eq!(watched.next(), DesktopEvent::Resumed);
}

#[test]
fn a_lost_bus_is_unsure_until_it_returns() {
    let mut logind = Logind::start(true);
    let watched = Watched::start(&logind.desktop(), StartedLocker::default());
    assert_eq!(watched.next_lock().state, LockState::Unlocked);
    logind.bus.kill();
    let change = watched.next_lock();
    assert!(change.capture_must_stop() && change.why.is_some(), "{change:?}");
    expect(change, LockState::Unsure, LockSignal::LogindHint);
    let logind = logind.restart(true);
    // While it is away, only the reason may change.
    let back = std::iter::repeat_with(|| watched.next_lock()).find(|change| change.state != LockState::Unsure);
    expect(back.unwrap(), LockState::Unlocked, LockSignal::LogindHint);
    logind.set_locked_hint(true);
    expect(watched.next_lock(), LockState::Locked, LockSignal::LogindHint);
}

#[test]
fn a_screen_saver_tells_locked_and_unlocked() {
    let session = Bus::start();
    let _saver = session.mock("org.gnome.ScreenSaver", &["--session", "--template", "gnome_screensaver"]);
    let desktop = Desktop { session_bus: session.at(), ..bare() };
    let watched = Watched::start(&desktop, StartedLocker::default());
    assert_eq!(watched.next_lock().state, LockState::Unlocked);
    let bus = session.connect();
    let set = |active: bool| {
        support::call(
            &bus,
            "org.gnome.ScreenSaver",
            "/org/gnome/ScreenSaver",
            "org.gnome.ScreenSaver",
            "SetActive",
            &(active,),
        );
    };
    set(true);
    expect(watched.next_lock(), LockState::Locked, LockSignal::ScreenSaver);
    set(false);
    expect(watched.next_lock(), LockState::Unlocked, LockSignal::ScreenSaver);
}

#[test]
fn our_own_locker_and_its_end_are_seen() {
    let x = X::start();
    let methods = LockMethods {
        logind: false,
        screensaver: false,
        command: Some(LockCommand::new(["i3lock", "--nofork", "-c", "000000"].map(Into::into).to_vec()).unwrap()),
        ..LockMethods::default()
    };
    let locker = Locker::new(x.desktop(), methods);
    let watched = Watched::start(&x.desktop(), locker.started());
    assert_eq!(watched.next_lock().state, LockState::Unlocked);
    let proof = locker.lock().unwrap();
    expect(watched.next_lock(), LockState::Locked, LockSignal::OwnLocker);
    let Proof::LockerHoldsKeyboard { pid } = proof.proof else { panic!("{proof}") };
    let pid = rustix::process::Pid::from_raw(pid as i32).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    assert_eq!(watched.next_lock().state, LockState::Unlocked);
}

#[test]
fn a_locker_that_somebody_else_started_is_seen_by_its_grab() {
    let x = X::start();
    let watched = Watched::start(&x.desktop(), StartedLocker::default());
    assert_eq!(watched.next_lock().state, LockState::Unlocked);
    let mut locker = std::process::Command::new("i3lock");
    locker.args(["--nofork", "-c", "000000"]).env("DISPLAY", &x.display);
    let mut locker = support::Process(locker.spawn().expect("i3lock"));
    expect(watched.next_lock(), LockState::Locked, LockSignal::KeyboardGrab);
    locker.0.kill().unwrap();
    expect(watched.next_lock(), LockState::Unlocked, LockSignal::KeyboardGrab);
}

#[test]
fn a_lost_display_is_unsure() {
    let mut x = X::start();
    let watched = Watched::start(&x.desktop(), StartedLocker::default());
    assert_eq!(watched.next_lock().state, LockState::Unlocked);
    x.kill();
    expect(watched.next_lock(), LockState::Unsure, LockSignal::KeyboardGrab);
}

#[test]
fn a_desktop_that_shows_nothing_is_unsure_and_says_so() {
    let watched = Watched::start(&bare(), StartedLocker::default());
    let change = watched.next_lock();
    assert_eq!(change.state, LockState::Unsure);
    assert!(change.why.unwrap().contains("nothing on this desktop"));
}

#[test]
fn a_dropped_watch_ends() {
    let Watched { events, _watch } = Watched::start(&bare(), StartedLocker::default());
    drop(_watch);
    // The channel closes only when the last thread has let go of it.
    while events.recv_timeout(LONG).is_ok() {}
    assert_eq!(events.recv_timeout(LONG), Err(crossbeam_channel::RecvTimeoutError::Disconnected));
}
