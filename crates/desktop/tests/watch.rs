//! The watch over the desktop, against real buses, a real X server and a real locker.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use crossbeam_channel::{Receiver, unbounded};
use stillyou_desktop_os::{
    Desktop,
    lock::{LockCommand, LockMethods, Locker, Proof, StartedLocker},
    lock_state::{LockSignal, LockState, LockStateChanged},
    surroundings::{NetworkId, Surrounding, SurroundingSource},
    watch::{DesktopEvent, DesktopWatch},
};
use support::{Bus, LONG, Logind, Network, X, bare};

struct Watched {
    events: Receiver<DesktopEvent>,
    _watch: DesktopWatch,
}

impl Watched {
    fn start(desktop: &Desktop, started: StartedLocker) -> Self {
        let (to, events) = unbounded();
        Self { events, _watch: DesktopWatch::start(desktop, started, to).unwrap() }
    }

    /// The next event about the session itself.
    fn next(&self) -> DesktopEvent {
        let around = |e: &DesktopEvent| matches!(e, DesktopEvent::Around(_) | DesktopEvent::NotSeen(..));
        self.events().find(|e| !around(e)).expect("an event of the desktop")
    }

    /// The next event about what is around it, from one source.
    fn next_around(&self, source: SurroundingSource) -> Option<Surrounding> {
        let from = |e| match e {
            DesktopEvent::Around(s) if s.source() == source => Some(Some(s)),
            DesktopEvent::NotSeen(s, why) if s == source && !why.is_empty() => Some(None),
            _ => None,
        };
        self.events().find_map(from).expect("something around the desktop")
    }

    fn events(&self) -> impl Iterator<Item = DesktopEvent> {
        std::iter::from_fn(|| self.events.recv_timeout(LONG).ok())
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

#[test]
fn a_session_switched_away_and_back_is_told() {
    let logind = Logind::start(true);
    let watched = Watched::start(&logind.desktop(), StartedLocker::default());
    let session = |in_front| Some(Surrounding::Session { in_front, remote: false });
    assert_eq!(watched.next_around(SurroundingSource::Session), session(true));
    logind.set_property("Active", false);
    assert_eq!(watched.next_around(SurroundingSource::Session), session(false));
    logind.set_property("Active", true);
    assert_eq!(watched.next_around(SurroundingSource::Session), session(true));
}

#[test]
fn a_remote_session_is_told() {
    let logind = Logind::start(true);
    logind.set_property("Remote", true);
    let watched = Watched::start(&logind.desktop(), StartedLocker::default());
    let told = watched.next_around(SurroundingSource::Session);
    assert_eq!(told, Some(Surrounding::Session { in_front: true, remote: true }));
}

#[test]
fn a_desktop_without_services_tells_that_it_sees_nothing_around() {
    use SurroundingSource::{Network, Screen, Session};
    for source in [Session, Screen, Network] {
        let watched = Watched::start(&bare(), StartedLocker::default());
        assert_eq!(watched.next_around(source), None);
    }
}

#[test]
fn networks_are_told_apart_and_a_tunnel_is_none() {
    let mut network = Network::start();
    let watched = Watched::start(&network.desktop(), StartedLocker::default());
    let on = |uuid: &str| Some(Surrounding::Network(Some(NetworkId::of_uuid(uuid))));
    assert_eq!(watched.next_around(SurroundingSource::Network), Some(Surrounding::Network(None)));
    let home = network.add("home", "802-11-wireless");
    network.up(&home, &[&home]);
    assert_eq!(watched.next_around(SurroundingSource::Network), on("home"));
    // A tunnel takes the route over: still at home. Then another network carries it.
    let tunnel = network.add("tunnel", "wireguard");
    network.up(&tunnel, &[&tunnel, &home]);
    let docker = network.add("docker", "bridge");
    let cafe = network.add("cafe", "802-3-ethernet");
    network.up(&tunnel, &[&docker, &tunnel, &cafe]);
    assert_eq!(watched.next_around(SurroundingSource::Network), on("cafe"));
    network.up("/", &[]);
    assert_eq!(watched.next_around(SurroundingSource::Network), Some(Surrounding::Network(None)));
    network.kill();
    assert_eq!(watched.next_around(SurroundingSource::Network), None);
}

#[test]
fn a_screen_that_is_recorded_or_controlled_is_told() {
    let bus = Bus::start();
    let cast = "org.gnome.Mutter.ScreenCast";
    let mutter = bus.mock(cast, &["--session", cast, "/org/gnome/Mutter/ScreenCast", cast]);
    let desktop = Desktop { session_bus: bus.at(), ..bare() };
    let watched = Watched::start(&desktop, StartedLocker::default());
    let screen = |viewed, controlled| Some(Surrounding::Screen { viewed, controlled });
    assert_eq!(watched.next_around(SurroundingSource::Screen), screen(false, false));
    support::share(&bus, cast, true);
    assert_eq!(watched.next_around(SurroundingSource::Screen), screen(true, false));
    let remote = "org.gnome.Mutter.RemoteDesktop";
    let remote_mutter = bus.mock(remote, &["--session", remote, "/org/gnome/Mutter/RemoteDesktop", remote]);
    support::share(&bus, remote, true);
    assert_eq!(watched.next_around(SurroundingSource::Screen), screen(true, true));
    support::share(&bus, cast, false);
    assert_eq!(watched.next_around(SurroundingSource::Screen), screen(false, true));
    // The compositor goes, and its sessions with it.
    drop((mutter, remote_mutter));
    assert_eq!(watched.next_around(SurroundingSource::Screen), screen(false, false));
    assert_eq!(watched.next_around(SurroundingSource::Screen), None);
}
