use std::{thread, time::Duration};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use super::{DesktopEvent, WatchFailed, system::Looks};
use crate::{
    Desktop,
    clock::{Clock, time_slept},
    lock::StartedLocker,
    macos::screen_is_locked,
};

/// The window server is asked, because the notifications that it posts could be posted by any program.
const LOOK_EVERY: Duration = Duration::from_millis(500);

pub(super) fn start(_: &Desktop, _: StartedLocker, events: Sender<DesktopEvent>) -> Result<Sender<()>, WatchFailed> {
    let clock = Clock::new()?;
    let (stop, stopped) = bounded(0);
    thread::Builder::new().name("watch-desktop".into()).spawn(move || watch(clock, &stopped, &events))?;
    Ok(stop)
}

fn watch(clock: Clock, stop: &Receiver<()>, events: &Sender<DesktopEvent>) {
    let mut looks = Looks::default();
    loop {
        for event in looks.look(screen_is_locked(), time_slept(clock)) {
            if events.send(event).is_err() {
                return;
            }
        }
        match stop.recv_timeout(LOOK_EVERY) {
            Err(RecvTimeoutError::Timeout) => {}
            _ => return,
        }
    }
}
