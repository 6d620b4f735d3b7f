use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    LockFailed, LockMethod, LockMethodProbe, LockMethods, LockProof, Proof, Shown, StartedLocker,
    command::{Fate, LockCommand},
    judge,
};
use crate::{
    Desktop, SessionKind,
    linux::{
        bus::{self, Which},
        logind::Logind,
        screensaver::{self, ScreenSaver},
        within,
        x11::XView,
    },
};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// What all calls of one method together may take beyond its patience.
const OVERHEAD: Duration = Duration::from_secs(5);
/// A program that held the keyboard before the locker came (an open menu) makes the locker try for a few seconds, on a busy
/// machine for longer, and give up. So the two together prove a lock only after longer than that, and only once the locker
/// rests: one that still tries does not.
const HELD_BEFORE: Duration = Duration::from_secs(7);
/// A locker that gave up may wait a second before it ends.
const RESTS_FOR: Duration = Duration::from_secs(4);
/// A locker that rests waits for events less often than this in that time; i3lock's tries are thousands a second.
const RESTING_WAITS: u64 = 200;
/// Without one before, the locker has taken it as soon as it is seen so twice.
const HELD_NOW: Duration = Duration::from_millis(150);

pub(super) fn lock(desktop: &Desktop, methods: &LockMethods, started: &StartedLocker) -> Result<LockProof, LockFailed> {
    let mut tried = Vec::new();
    let begun = Instant::now();
    let patience = methods.hint_patience;
    if methods.logind {
        let desktop = desktop.clone();
        match within(patience + OVERHEAD, move || by_logind(&desktop, patience)) {
            Some(Ok((proof, keyboard_held))) => {
                return Ok(LockProof { method: LockMethod::Logind, proof, keyboard_held, after: begun.elapsed() });
            }
            Some(Err(why)) => tried.push((LockMethod::Logind, why)),
            None => tried.push((LockMethod::Logind, "it doesn't answer".into())),
        }
    }
    if methods.screensaver {
        match by_screensavers(desktop, patience, begun) {
            Ok(proof) => return Ok(proof),
            Err(failures) => tried.extend(failures),
        }
    }
    if let Some(command) = &methods.command {
        match by_command(desktop, command, methods.command_patience, started) {
            Ok(pid) => {
                return Ok(LockProof {
                    method: LockMethod::Command,
                    proof: Proof::LockerHoldsKeyboard { pid },
                    keyboard_held: Some(true),
                    after: begun.elapsed(),
                });
            }
            Err(why) => tried.push((LockMethod::Command, why)),
        }
    }
    Err(LockFailed { tried })
}

pub(super) fn probe(desktop: &Desktop, methods: &LockMethods) -> Vec<LockMethodProbe> {
    let mut probes = Vec::new();
    if methods.logind {
        let looks_usable = Logind::connect(desktop)
            .map(|logind| {
                let session = logind.session;
                let seat = session.seat.as_deref().unwrap_or("no seat");
                format!("session {} on {seat}; whether a locker listens shows only when locking", session.id)
            })
            .map_err(|e| e.to_string());
        probes.push(LockMethodProbe { method: LockMethod::Logind, looks_usable });
    }
    if methods.screensaver {
        let running = bus::connect(&desktop.session_bus, Which::Session).and_then(|bus| screensaver::running(&bus));
        match running {
            Ok(savers) if !savers.is_empty() => probes.extend(savers.iter().map(|saver| LockMethodProbe {
                method: LockMethod::ScreenSaver(saver.name.into()),
                looks_usable: Ok("it runs".into()),
            })),
            Ok(_) => probes.push(no_screensaver(NO_SCREENSAVER.into())),
            Err(error) => probes.push(no_screensaver(error.to_string())),
        }
    }
    if let Some(command) = &methods.command {
        let looks_usable = command.program().map_err(|e| e.to_string()).and_then(|program| {
            let x = keyboard_view(desktop)?;
            let _free_or_held = x.keyboard_held().map_err(|e| e.to_string())?;
            Ok(format!("{} on display {}", program.display(), desktop.display.as_deref().unwrap_or("?")))
        });
        probes.push(LockMethodProbe { method: LockMethod::Command, looks_usable });
    }
    probes
}

const NO_SCREENSAVER: &str = "no screen saver runs on the session bus";

fn no_screensaver(why: String) -> LockMethodProbe {
    LockMethodProbe { method: LockMethod::ScreenSaver("on the session bus".into()), looks_usable: Err(why) }
}

fn by_logind(desktop: &Desktop, patience: Duration) -> Result<(Proof, Option<bool>), String> {
    let logind = Logind::connect(desktop).map_err(|e| e.to_string())?;
    let x = keyboard_view(desktop).ok();
    let before = logind.locked_hint().map_err(|e| e.to_string())?;
    logind.lock().map_err(|e| e.to_string())?;
    let (already, held) = wait_for_report(patience, before, x.as_ref(), || {
        Ok((logind.locked_hint().map_err(|e| e.to_string())?, logind.active().map_err(|e| e.to_string())?))
    })?;
    Ok((Proof::LockedHint { already }, held))
}

fn by_screensavers(
    desktop: &Desktop,
    patience: Duration,
    begun: Instant,
) -> Result<LockProof, Vec<(LockMethod, String)>> {
    let nobody = |why: String| vec![(LockMethod::ScreenSaver("on the session bus".into()), why)];
    let bus = bus::connect(&desktop.session_bus, Which::Session).map_err(|e| nobody(e.to_string()))?;
    let savers = screensaver::running(&bus).map_err(|e| nobody(e.to_string()))?;
    if savers.is_empty() {
        return Err(nobody(NO_SCREENSAVER.into()));
    }
    let mut failures = Vec::new();
    for saver in savers {
        let method = LockMethod::ScreenSaver(saver.name.into());
        let (desktop, bus) = (desktop.clone(), bus.clone());
        match within(patience + OVERHEAD, move || by_screensaver(&desktop, &bus, saver, patience)) {
            Some(Ok((proof, keyboard_held))) => {
                return Ok(LockProof { method, proof, keyboard_held, after: begun.elapsed() });
            }
            Some(Err(why)) => failures.push((method, why)),
            None => failures.push((method, "it doesn't answer".into())),
        }
    }
    Err(failures)
}

fn by_screensaver(
    desktop: &Desktop,
    bus: &zbus::blocking::Connection,
    saver: ScreenSaver,
    patience: Duration,
) -> Result<(Proof, Option<bool>), String> {
    let x = keyboard_view(desktop).ok();
    let before = saver.active(bus).map_err(|e| e.to_string())?;
    saver.lock(bus).map_err(|e| e.to_string())?;
    let (already, held) =
        wait_for_report(patience, before, x.as_ref(), || Ok((saver.active(bus).map_err(|e| e.to_string())?, true)))?;
    Ok((Proof::ScreenSaverActive { already }, held))
}

/// Looks until the report is believed or patience ends; gives whether it was so already, and the keyboard.
fn wait_for_report(
    patience: Duration,
    before: bool,
    x: Option<&XView>,
    look: impl Fn() -> Result<(bool, bool), String>,
) -> Result<(bool, Option<bool>), String> {
    let begun = Instant::now();
    loop {
        let (now, in_front) = look()?;
        let keyboard_held = x.and_then(|x| x.keyboard_held().ok());
        match judge(Shown { before, now, keyboard_held, in_front }) {
            Ok(already) => return Ok((already, keyboard_held)),
            Err(why) if begun.elapsed() >= patience => return Err(why.into()),
            Err(_) => thread::sleep(LOOK_EVERY),
        }
    }
}

/// Starts the locker, or takes the one that runs, and waits until it lives with the keyboard taken for long enough.
fn by_command(
    desktop: &Desktop,
    command: &LockCommand,
    patience: Duration,
    started: &StartedLocker,
) -> Result<u32, String> {
    let x = keyboard_view(desktop);
    let held_before = match &x {
        Ok(x) => x.keyboard_held().map_err(|e| e.to_string())?,
        Err(_) => false,
    };
    let pid = started.start(command, desktop.x11_display())?;
    // Started in any case: better an unproven lock than none.
    let x = x.map_err(|why| format!("started as process {pid}, but nothing proves that it locks: {why}"))?;
    let needed = if held_before { HELD_BEFORE } else { HELD_NOW };
    let begun = Instant::now();
    let mut held_since = None;
    let mut resting = Resting::new(pid);
    loop {
        match started.fate() {
            Fate::Running(_) => {}
            Fate::Ended(status) => {
                return Err(format!(
                    "it ended ({status}) instead of holding the screen; it must stay in the foreground (for i3lock: --nofork)"
                ));
            }
            Fate::None => return Err("it ended instead of holding the screen".into()),
        }
        let rests = resting.is_so();
        if x.keyboard_held().map_err(|e| e.to_string())? {
            let since = *held_since.get_or_insert_with(Instant::now);
            if since.elapsed() >= needed && (!held_before || rests) {
                return Ok(pid);
            }
        } else {
            held_since = None;
        }
        let most = if held_before { 2 * HELD_BEFORE } else { needed };
        if begun.elapsed() >= patience.max(most + LOOK_EVERY) {
            return Err(format!("process {pid} runs, but didn't take the keyboard within {} s", patience.as_secs()));
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// Whether a process rests, by how often it has waited for something.
struct Resting {
    pid: u32,
    since: Instant,
    waits: Option<u64>,
}

impl Resting {
    fn new(pid: u32) -> Self {
        Self { pid, since: Instant::now(), waits: waits(pid) }
    }

    /// To be asked again and again.
    fn is_so(&mut self) -> bool {
        let now = waits(self.pid);
        let (Some(before), Some(now)) = (self.waits, now) else {
            *self = Self { since: Instant::now(), waits: now, ..*self };
            return false;
        };
        if now.saturating_sub(before) > RESTING_WAITS {
            *self = Self { since: Instant::now(), waits: Some(now), ..*self };
        }
        self.since.elapsed() >= RESTS_FOR
    }
}

/// How often the process gave the processor away by itself.
fn waits(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?.trim().parse().ok()
}

fn keyboard_view(desktop: &Desktop) -> Result<XView, String> {
    match (desktop.kind, desktop.x11_display()) {
        (_, Some(display)) => XView::connect(display).map_err(|e| e.to_string()),
        (SessionKind::Wayland, None) => Err("on Wayland nobody can see who holds the keyboard".into()),
        (_, None) => Err("there is no X display on which to see who holds the keyboard".into()),
    }
}
