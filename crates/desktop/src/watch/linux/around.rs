//! Follows what is around the session. None of it is needed: what is missing is told, once, and looked for again.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, select};
use tracing::debug;

use super::{CloseOnDrop, LOOK_ANYWAY, Note, RETRY, Stopped};
use crate::{
    Desktop,
    linux::{
        bus::{self, Which},
        mutter::{self, Sharing},
        network_manager,
    },
    surroundings::{Surrounding, SurroundingSource},
    watch::DesktopEvent,
};

/// How often a service that says what changes is looked at anyway.
const LOOK_RARELY: Duration = Duration::from_secs(60);

/// How one source is followed until the watch is stopped; the error says why it can't be, for now.
pub(super) type Follow = fn(&mut Teller, &Receiver<()>, &Desktop) -> Result<Stopped, String>;

/// Tells what one source shows, each news once.
pub(super) struct Teller {
    source: SurroundingSource,
    notes: Sender<Note>,
    last: Option<Surrounding>,
    missing: bool,
}

impl Teller {
    pub(super) fn new(source: SurroundingSource, notes: Sender<Note>) -> Self {
        Self { source, notes, last: None, missing: false }
    }

    pub(super) fn shows(&mut self, surrounding: Surrounding) -> Result<(), Stopped> {
        let news = self.missing || self.last != Some(surrounding);
        (self.last, self.missing) = (Some(surrounding), false);
        if news { self.tell(DesktopEvent::Around(surrounding)) } else { Ok(()) }
    }

    pub(super) fn is_missing(&mut self, why: &str) -> Result<(), Stopped> {
        if std::mem::replace(&mut self.missing, true) {
            return Ok(());
        }
        debug!(source = ?self.source, why, "not seen");
        self.tell(DesktopEvent::NotSeen(self.source, why.to_owned()))
    }

    fn tell(&self, event: DesktopEvent) -> Result<(), Stopped> {
        self.notes.send(Note::Event(event)).map_err(|_| Stopped)
    }

    /// Follows for as long as the watch lasts; what ends the following is tried again.
    pub(super) fn keep(
        mut self,
        stop: &Receiver<()>,
        follow: impl Fn(&mut Teller, &Receiver<()>) -> Result<Stopped, String>,
    ) {
        loop {
            let ended = match follow(&mut self, stop) {
                Ok(Stopped) => return,
                Err(why) => self.is_missing(&why),
            };
            if ended.is_err() || stop.recv_timeout(RETRY) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        }
    }
}

pub(super) fn follow_screen(teller: &mut Teller, stop: &Receiver<()>, desktop: &Desktop) -> Result<Stopped, String> {
    let session = bus::connect(&desktop.session_bus, Which::Session).map_err(|e| e.to_string())?;
    let signals = mutter::signals(&session).map_err(|e| e.to_string())?;
    let _closed = CloseOnDrop(&session);
    loop {
        let sharing = mutter::sharing(&session).map_err(|e| e.to_string())?;
        let told = match sharing {
            Some(Sharing { viewed, controlled }) => teller.shows(Surrounding::Screen { viewed, controlled }),
            None => gone_with_its_sessions(teller),
        };
        if told.is_err() {
            return Ok(Stopped);
        }
        select! {
            recv(stop) -> _ => return Ok(Stopped),
            recv(signals) -> message => { message.map_err(|_| "the session bus went away")?; }
            default(if sharing.is_some() { LOOK_ANYWAY } else { LOOK_RARELY }) => {}
        }
    }
}

pub(super) fn follow_network(teller: &mut Teller, stop: &Receiver<()>, desktop: &Desktop) -> Result<Stopped, String> {
    let system = bus::connect(&desktop.system_bus, Which::System).map_err(|e| e.to_string())?;
    let signals = network_manager::signals(&system).map_err(|e| e.to_string())?;
    let _closed = CloseOnDrop(&system);
    loop {
        let told = match network_manager::network(&system).map_err(|e| e.to_string())? {
            Some(network) => teller.shows(Surrounding::Network(network)),
            None => teller.is_missing("NetworkManager is not on the system bus"),
        };
        if told.is_err() {
            return Ok(Stopped);
        }
        select! {
            recv(stop) -> _ => return Ok(Stopped),
            recv(signals) -> message => { message.map_err(|_| "the system bus went away")?; }
            default(LOOK_RARELY) => {}
        }
    }
}

/// A compositor that is gone shares nothing any more; one that never was tells nothing.
fn gone_with_its_sessions(teller: &mut Teller) -> Result<(), Stopped> {
    if teller.last.is_some() && !teller.missing {
        teller.shows(Surrounding::Screen { viewed: false, controlled: false })?;
    }
    teller.is_missing("no compositor on the session bus tells what is shared (org.gnome.Mutter.ScreenCast)")
}
