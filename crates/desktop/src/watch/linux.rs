use std::{
    io, thread,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, select, unbounded};
use tracing::{debug, warn};

#[path = "linux/around.rs"]
mod around;

use self::around::Teller;
use super::{DesktopEvent, WatchFailed};
use crate::{
    Desktop,
    linux::{
        bus::{self, Which},
        logind::Logind,
        screensaver,
        x11::XView,
    },
    lock::StartedLocker,
    lock_state::{GrabDebounce, LockSignal, LockView, Reading},
    surroundings::{Surrounding, SurroundingSource},
};

/// Before somebody who was lost, or never there, is looked for again.
const RETRY: Duration = Duration::from_secs(2);
/// Signals tell at once; this look finds a service that stopped answering.
const LOOK_ANYWAY: Duration = Duration::from_secs(10);
/// How often our own locker is looked at, while it runs and while it doesn't.
const OWN_LOCKER: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(1));

enum Note {
    Reading(LockSignal, Reading),
    Event(DesktopEvent),
}

/// One source of readings on its own thread, since each may hang for seconds.
struct Source {
    signal: LockSignal,
    notes: Sender<Note>,
    stop: Receiver<()>,
    seen: bool,
}

/// The watch was ended.
struct Stopped;

pub(super) fn start(
    desktop: &Desktop,
    started: StartedLocker,
    events: Sender<DesktopEvent>,
) -> Result<Sender<()>, WatchFailed> {
    let (stop, stopped) = bounded(0);
    let (notes, inbox) = unbounded();
    let source = |signal| Source { signal, notes: notes.clone(), stop: stopped.clone(), seen: false };
    let (logind, saver, grab) =
        (source(LockSignal::LogindHint), source(LockSignal::ScreenSaver), source(LockSignal::KeyboardGrab));
    let at = desktop.clone();
    let mut session = Teller::new(SurroundingSource::Session, notes.clone());
    spawn("watch-logind", move || {
        logind.keep(|source| {
            let followed = follow_logind(source, &mut session, &at);
            match followed {
                Err(why) if session.is_missing(&why).is_err() => Ok(Stopped),
                followed => followed,
            }
        });
    })?;
    for (name, source, follow) in [
        ("watch-screen", SurroundingSource::Screen, around::follow_screen as around::Follow),
        ("watch-network", SurroundingSource::Network, around::follow_network),
    ] {
        let (teller, stop, at) = (Teller::new(source, notes.clone()), stopped.clone(), desktop.clone());
        spawn(name, move || teller.keep(&stop, |teller, stop| follow(teller, stop, &at)))?;
    }
    let at = desktop.clone();
    spawn("watch-saver", move || saver.keep(|source| follow_screensavers(source, &at)))?;
    match desktop.x11_display().map(str::to_owned) {
        Some(display) => spawn("watch-grab", move || grab.keep(|source| follow_grab(source, &display)))?,
        None => {
            // The inbox outlives this call, so the note can't be lost.
            let _delivered = grab.notes.send(Note::Reading(LockSignal::KeyboardGrab, Reading::Absent));
        }
    }
    spawn("watch-desktop", move || judge(inbox, stopped, started, events))?;
    Ok(stop)
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(name.into()).spawn(work).map(drop)
}

fn judge(inbox: Receiver<Note>, stop: Receiver<()>, started: StartedLocker, events: Sender<DesktopEvent>) {
    let mut view = LockView::default();
    loop {
        let running = started.is_running();
        let own = if running { Reading::Locked } else { Reading::Unlocked };
        let mut change = view.apply(LockSignal::OwnLocker, own);
        if change.is_none() {
            select! {
                recv(stop) -> _ => return,
                recv(inbox) -> note => match note {
                    Ok(Note::Reading(signal, reading)) => change = view.apply(signal, reading),
                    Ok(Note::Event(event)) => if events.send(event).is_err() { return },
                    Err(_) => return,
                },
                default(if running { OWN_LOCKER.0 } else { OWN_LOCKER.1 }) => {}
            }
        }
        if let Some(change) = change {
            debug!(?change, "lock state");
            if events.send(DesktopEvent::Lock(change)).is_err() {
                return;
            }
        }
    }
}

impl Source {
    /// Follows for as long as the watch lasts; what ends the following is told, and tried again.
    fn keep(mut self, mut follow: impl FnMut(&mut Source) -> Result<Stopped, String>) {
        loop {
            let why = match follow(&mut self) {
                Ok(Stopped) => return,
                Err(why) => why,
            };
            let reading = if self.seen {
                warn!(signal = ?self.signal, %why, "lost");
                Reading::Lost(why)
            } else {
                debug!(signal = ?self.signal, %why, "absent");
                Reading::Absent
            };
            if self.tell(reading).is_err() {
                return;
            }
            match self.stop.recv_timeout(RETRY) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => return,
            }
        }
    }

    /// Passes a reading on. What was once there is missed when it goes.
    fn tell(&mut self, reading: Reading) -> Result<(), Stopped> {
        self.seen = match reading {
            Reading::Locked | Reading::Unlocked => true,
            Reading::Lost(_) => self.seen,
            Reading::Absent | Reading::Unread => false,
        };
        self.notes.send(Note::Reading(self.signal, reading)).map_err(|_| Stopped)
    }
}

fn follow_logind(source: &mut Source, session: &mut Teller, desktop: &Desktop) -> Result<Stopped, String> {
    let logind = Logind::connect(desktop).map_err(|e| e.to_string())?;
    let signals = logind.signals().map_err(|e| e.to_string())?;
    let _closed = CloseOnDrop(&logind.bus);
    let remote = logind.session.remote || logind.session.seat.is_none();
    loop {
        let hint = logind.locked_hint().map_err(|e| e.to_string())?;
        let in_front = logind.active().map_err(|e| e.to_string())?;
        if source.tell(told(hint)).is_err() || session.shows(Surrounding::Session { in_front, remote }).is_err() {
            return Ok(Stopped);
        }
        select! {
            recv(source.stop) -> _ => return Ok(Stopped),
            recv(signals) -> message => {
                let message = message.map_err(|_| "the system bus went away")?;
                if let Some(asleep) = logind.sleep_signal(&message) {
                    let event = if asleep { DesktopEvent::Suspending } else { DesktopEvent::Resumed };
                    if source.notes.send(Note::Event(event)).is_err() {
                        return Ok(Stopped);
                    }
                }
            }
            default(LOOK_ANYWAY) => {}
        }
    }
}

fn follow_screensavers(source: &mut Source, desktop: &Desktop) -> Result<Stopped, String> {
    let session = bus::connect(&desktop.session_bus, Which::Session).map_err(|e| e.to_string())?;
    let signals = screensaver::signals(&session).map_err(|e| e.to_string())?;
    let _closed = CloseOnDrop(&session);
    loop {
        let active = screensaver::any_active(&session).map_err(|e| e.to_string())?;
        if source.tell(active.map_or(Reading::Absent, told)).is_err() {
            return Ok(Stopped);
        }
        select! {
            recv(source.stop) -> _ => return Ok(Stopped),
            recv(signals) -> message => { message.map_err(|_| "the session bus went away")?; }
            default(LOOK_ANYWAY) => {}
        }
    }
}

fn follow_grab(source: &mut Source, display: &str) -> Result<Stopped, String> {
    let x = XView::connect(display).map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let mut grab = GrabDebounce::default();
    loop {
        let held = x.keyboard_held().map_err(|e| e.to_string())?;
        if source.tell(grab.look(held, begun.elapsed())).is_err() {
            return Ok(Stopped);
        }
        match source.stop.recv_timeout(grab.next_look()) {
            Err(RecvTimeoutError::Timeout) => {}
            _ => return Ok(Stopped),
        }
    }
}

fn told(locked: bool) -> Reading {
    if locked { Reading::Locked } else { Reading::Unlocked }
}

/// Ends the thread that reads this connection's signals.
struct CloseOnDrop<'a>(&'a zbus::blocking::Connection);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        // Closing fails only for a connection that is closed.
        let _closed = self.0.clone().close();
    }
}
