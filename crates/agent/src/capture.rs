use crossbeam_channel::{Receiver, unbounded};
use std::collections::BTreeSet;
use std::time::Duration;
use stillyou_desktop_os::clock::Clock;
use stillyou_sense::Micros;
use stillyou_sense::keyboard::{
    Assembler, Capture, DeviceId, KeySource, Keystroke, Observation, Session, SourceChoice, SourceKind, select,
};
use stillyou_trust::policy::KeySourceChoice;

/// How long to wait before a missing key source is looked for again.
const RETRY: Duration = Duration::from_secs(10);

/// The keyboard as a tap that can be opened and closed: raw observations in, keystrokes out.
///
/// Closed means closed: the source's connections are gone, what had been seen but not read is wiped.
pub struct Keyboard {
    session: Session,
    choice: SourceChoice,
    clock: Clock,
    assembler: Assembler,
    /// The keyboards that no program made.
    attached: BTreeSet<DeviceId>,
    running: Option<Capture>,
    observations: Receiver<Observation>,
    name: Option<&'static str>,
    tried_at: Option<Duration>,
}

/// What came out of the keyboard.
pub enum Seen {
    /// Keystrokes, in press order.
    Keystrokes(Vec<Keystroke>),
    /// A keyboard was attached or detached.
    Attached,
    /// The keyboard is seen again.
    Visible,
    /// The keyboard is not seen; why.
    Lost(String),
}

impl Keyboard {
    /// A closed tap on this session's keyboard.
    pub fn new(choice: KeySourceChoice, clock: Clock) -> Self {
        let choice = match choice {
            KeySourceChoice::Auto => SourceChoice::Auto,
            KeySourceChoice::X11 => SourceChoice::Only(SourceKind::X11),
            KeySourceChoice::Evdev => SourceChoice::Only(SourceKind::Evdev),
            KeySourceChoice::Rdev => SourceChoice::Only(SourceKind::Rdev),
        };
        Self {
            session: Session::from_env(),
            choice,
            clock,
            assembler: Assembler::new(),
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
    /// When no source sees the whole keyboard; with the fix and its risk.
    pub fn open(&mut self) -> Result<(), String> {
        let now = self.clock.boot_time();
        if self.running.is_some() || self.tried_at.is_some_and(|at| now.saturating_sub(at) < RETRY) {
            return Ok(());
        }
        self.tried_at = Some(now);
        let source = select(&self.session, self.choice).map_err(|e| {
            let risk = e.risk().map(|r| format!(" (risk: {r})")).unwrap_or_default();
            format!("{e}; to mend it: {}{risk}", e.fix())
        })?;
        self.start(source)
    }

    /// Closes the tap and wipes what was seen.
    pub fn close(&mut self) {
        if let Some(capture) = self.running.take() {
            // A source that panicked is gone as well.
            drop(capture.stop());
        }
        self.observations = crossbeam_channel::never();
        self.assembler.reset();
        self.attached.clear();
        self.name = None;
        self.tried_at = None;
    }

    /// Forgets keys that are down and half-seen.
    pub fn forget(&mut self) {
        self.assembler.reset();
    }

    /// Where observations arrive; hand each to [`Keyboard::observe`].
    pub fn observations(&self) -> Receiver<Observation> {
        self.observations.clone()
    }

    /// Pairs one observation.
    pub fn observe(&mut self, observation: &Observation) -> Seen {
        self.assembler.observe(observation);
        match observation {
            Observation::Lost(e) => {
                self.attached.clear();
                Seen::Lost(e.to_string())
            }
            Observation::Ready => Seen::Visible,
            Observation::DeviceAdded { device, injected: false, .. } => {
                self.attached.insert(*device);
                Seen::Attached
            }
            Observation::DeviceRemoved { device } if self.attached.remove(device) => Seen::Attached,
            _ => Seen::Keystrokes(self.drain()),
        }
    }

    /// Whether there is a keyboard that no program made, as far as an open tap can tell.
    pub fn is_attached(&self) -> bool {
        !self.attached.is_empty()
    }

    /// Lets time pass, so that a stuck key does not hold up those after it.
    pub fn tick(&mut self) -> Vec<Keystroke> {
        self.assembler.tick(Micros(self.clock.monotonic_micros()));
        self.drain()
    }

    /// The source that captures, when one does.
    pub fn source(&self) -> Option<&'static str> {
        self.name
    }

    fn start(&mut self, source: Box<dyn KeySource>) -> Result<(), String> {
        let (sink, observations) = unbounded();
        let capture = Capture::start(source, sink).map_err(|e| format!("key capture can't start: {e}"))?;
        self.name = Some(capture.source_name());
        self.running = Some(capture);
        self.observations = observations;
        Ok(())
    }

    fn drain(&mut self) -> Vec<Keystroke> {
        std::iter::from_fn(|| self.assembler.next_keystroke()).collect()
    }
}
