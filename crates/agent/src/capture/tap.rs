use crossbeam_channel::{Receiver, bounded};
use std::collections::BTreeSet;
use std::time::Duration;
use stillyou_desktop_os::clock::Clock;
use stillyou_sense::keyboard::Session;
use stillyou_sense::source::{Capture, DeviceId, Observation, Source};

/// How long to wait before a missing source is looked for again.
const RETRY: Duration = Duration::from_secs(10);

/// Observations that wait to be read before the source waits: a flood costs no more memory than that.
const WAITING: usize = 4_096;

/// A source as a tap that can be opened and closed.
///
/// Closed means closed: the source's connections are gone, what had been seen but not read is wiped.
pub struct Tap<E> {
    session: Session,
    clock: Clock,
    /// The devices that no program made.
    attached: BTreeSet<DeviceId>,
    running: Option<Capture<E>>,
    observations: Receiver<Observation<E>>,
    name: Option<&'static str>,
    tried_at: Option<Duration>,
}

/// What became of the tap itself.
pub enum Changed {
    /// A device was attached or detached.
    Attached,
    /// Something is seen again.
    Visible,
    /// Nothing is seen; why.
    Lost(String),
}

impl<E: Send + 'static> Tap<E> {
    /// A closed tap on this session.
    pub fn new(clock: Clock) -> Self {
        Self {
            session: Session::from_env(),
            clock,
            attached: BTreeSet::new(),
            running: None,
            observations: crossbeam_channel::never(),
            name: None,
            tried_at: None,
        }
    }

    /// Opens the tap; nothing when it is open, or was tried a moment ago.
    ///
    /// # Errors
    /// When there is no source, in words.
    pub fn open(
        &mut self,
        select: impl FnOnce(&Session) -> Result<Box<dyn Source<Event = E>>, String>,
    ) -> Result<(), String> {
        let now = self.clock.boot_time();
        if self.running.is_some() || self.tried_at.is_some_and(|at| now.saturating_sub(at) < RETRY) {
            return Ok(());
        }
        self.tried_at = Some(now);
        let source = select(&self.session)?;
        let (sink, observations) = bounded(WAITING);
        let capture = Capture::start(source, sink).map_err(|e| format!("capture can't start: {e}"))?;
        self.name = Some(capture.source_name());
        self.running = Some(capture);
        self.observations = observations;
        Ok(())
    }

    /// Closes the tap and wipes what was seen.
    pub fn close(&mut self) {
        if let Some(capture) = self.running.take() {
            // A source that panicked is gone as well.
            drop(capture.stop());
        }
        self.observations = crossbeam_channel::never();
        self.attached.clear();
        self.name = None;
        self.tried_at = None;
    }

    /// Where observations arrive.
    pub fn observations(&self) -> Receiver<Observation<E>> {
        self.observations.clone()
    }

    /// What an observation says of the tap itself, if anything.
    pub fn changed(&mut self, observation: &Observation<E>) -> Option<Changed> {
        match observation {
            Observation::Lost(e) => {
                self.attached.clear();
                Some(Changed::Lost(e.to_string()))
            }
            Observation::Ready => Some(Changed::Visible),
            Observation::DeviceAdded { device, injected: false, .. } => {
                self.attached.insert(*device);
                Some(Changed::Attached)
            }
            Observation::DeviceRemoved { device } if self.attached.remove(device) => Some(Changed::Attached),
            _ => None,
        }
    }

    /// Whether there is a device that no program made, as far as an open tap can tell.
    pub fn is_attached(&self) -> bool {
        !self.attached.is_empty()
    }

    /// The source that captures, when one does.
    pub fn source(&self) -> Option<&'static str> {
        self.name
    }
}
