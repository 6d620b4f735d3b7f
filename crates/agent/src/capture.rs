mod tap;

pub use tap::{Changed, Tap};

use crossbeam_channel::Receiver;
use stillyou_desktop_os::clock::Clock;
use stillyou_sense::Micros;
use stillyou_sense::keyboard::{Assembler, KeyEvent, Keystroke, Observation, SourceChoice, SourceKind, select};
use stillyou_sense::pointer::{self, PointerEvent};
use stillyou_trust::policy::KeySourceChoice;

/// The keyboard as a tap that can be opened and closed: raw observations in, keystrokes out.
pub struct Keyboard {
    tap: Tap<KeyEvent>,
    choice: SourceChoice,
    clock: Clock,
    assembler: Assembler,
}

/// What came out of the keyboard.
pub enum Seen {
    /// Keystrokes, in press order.
    Keystrokes(Vec<Keystroke>),
    /// The keyboard itself.
    Changed(Changed),
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
        Self { tap: Tap::new(clock), choice, clock, assembler: Assembler::new() }
    }

    /// Opens the tap; nothing when it is open, or was tried a moment ago.
    ///
    /// # Errors
    /// When no source sees the whole keyboard; with the fix and its risk.
    pub fn open(&mut self) -> Result<(), String> {
        let choice = self.choice;
        self.tap.open(|session| {
            select(session, choice).map_err(|e| {
                let risk = e.risk().map(|r| format!(" (risk: {r})")).unwrap_or_default();
                format!("{e}; to mend it: {}{risk}", e.fix())
            })
        })
    }

    /// Closes the tap and wipes what was seen.
    pub fn close(&mut self) {
        self.tap.close();
        self.assembler.reset();
    }

    /// Forgets keys that are down and half-seen.
    pub fn forget(&mut self) {
        self.assembler.reset();
    }

    /// Where observations arrive; hand each to [`Keyboard::observe`].
    pub fn observations(&self) -> Receiver<Observation> {
        self.tap.observations()
    }

    /// Pairs one observation.
    pub fn observe(&mut self, observation: &Observation) -> Seen {
        self.assembler.observe(observation);
        match self.tap.changed(observation) {
            Some(changed) => Seen::Changed(changed),
            None => Seen::Keystrokes(self.drain()),
        }
    }

    /// Whether there is a keyboard that no program made, as far as an open tap can tell.
    pub fn is_attached(&self) -> bool {
        self.tap.is_attached()
    }

    /// Lets time pass, so that a stuck key does not hold up those after it.
    pub fn tick(&mut self) -> Vec<Keystroke> {
        self.assembler.tick(Micros(self.clock.monotonic_micros()));
        self.drain()
    }

    /// The source that captures, when one does.
    pub fn source(&self) -> Option<&'static str> {
        self.tap.source()
    }

    fn drain(&mut self) -> Vec<Keystroke> {
        std::iter::from_fn(|| self.assembler.next_keystroke()).collect()
    }
}

/// Opens a tap on this session's pointer; nothing when it is open, or was tried a moment ago.
///
/// # Errors
/// When no source sees the pointer.
pub fn open_pointer(tap: &mut Tap<PointerEvent>) -> Result<(), String> {
    tap.open(|session| pointer::select(session).map_err(|e| e.to_string()))
}
