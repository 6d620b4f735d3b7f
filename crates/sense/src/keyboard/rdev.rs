use super::*;
use crate::Micros;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use x11rb::{protocol::xproto::ConnectionExt as _, rust_connection::RustConnection};
use zeroize::Zeroize;

/// The `rdev` crate's listener: a fallback for X11, selected by name only.
///
/// What it can't do: it does not tell keyboards or injected keys apart (all come from one device and none is marked,
/// so policy must not let it decide much), and it can't be stopped or started anew: after a stop its one listener thread goes on and its events are
/// dropped unseen, and after the X server is gone only a new process can listen again. Its wall-clock stamps are
/// replaced by [`Micros::now`] at receipt, and its repeats of held keys are dropped. The X server holds back what it
/// records until it has something to send to anybody, so it is asked something every few milliseconds; without that
/// keys arrive tens of milliseconds late, in bursts.
#[derive(Debug)]
pub struct RdevSource {
    display: String,
}

impl RdevSource {
    /// A source for `display`, which must be the process's own `DISPLAY`: rdev looks nowhere else.
    pub fn new(display: impl Into<String>) -> Self {
        Self { display: display.into() }
    }
}

const DEVICE: DeviceId = DeviceId(0);
/// rdev does not say when it listens; when it fails, it fails sooner than this.
const SETTLE: Duration = Duration::from_millis(500);
const LOOK_FOR_STOP: Duration = Duration::from_millis(20);
/// How often the server is asked while somebody types.
const ASK: Duration = Duration::from_millis(3);
/// Typing goes on for this long after a key.
const TYPING: Duration = Duration::from_secs(2);

impl Source for RdevSource {
    type Event = KeyEvent;

    fn name(&self) -> &'static str {
        "rdev"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        if std::env::var("DISPLAY").ok().as_deref() != Some(&self.display) {
            return Err(SourceError::Rdev(format!("DISPLAY is not {:?}, and it looks nowhere else", self.display)));
        }
        alive()?;
        let unreachable = |reason: String| SourceError::DisplayUnreachable { display: self.display.clone(), reason };
        let (server, _) = RustConnection::connect(Some(&self.display)).map_err(|e| unreachable(e.to_string()))?;
        let heard = tap()?;
        let result = forward(&heard, &server, feed);
        state().tap = None;
        result
    }
}

fn forward(heard: &Receiver<Heard>, server: &RustConnection, feed: &Feed) -> Result<(), SourceError> {
    let mut waited = Duration::ZERO;
    while waited < SETTLE && !feed.stop().requested() {
        thread::sleep(LOOK_FOR_STOP);
        waited += LOOK_FOR_STOP;
        alive()?;
    }
    while heard.try_recv().is_ok() {}
    let name = "every keyboard, through rdev".to_owned();
    feed.send(Observation::DeviceAdded { device: DEVICE, name, injected: false, initial: true })?;
    feed.send(Observation::Ready)?;
    let mut repeats = RepeatFilter::default();
    let mut last = Micros(0);
    while !feed.stop().requested() {
        let pause = if Micros::now().since(last) < TYPING { ASK } else { LOOK_FOR_STOP };
        match heard.recv_timeout(pause) {
            Ok(Heard { key, transition, at }) => {
                last = at;
                if repeats.passes(key, transition, at) {
                    let event = KeyEvent { key, transition, at, device: DEVICE, injected: false };
                    feed.send(Observation::Event(event))?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let asked = server.get_input_focus().map(|answer| answer.reply());
                if !matches!(asked, Ok(Ok(_))) {
                    return Err(SourceError::Rdev(GONE.into()));
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
        alive()?;
    }
    Ok(())
}

fn alive() -> Result<(), SourceError> {
    state().dead.as_ref().map_or(Ok(()), |reason| Err(SourceError::Rdev(reason.clone())))
}

const GONE: &str = "the X server is gone; it can't start twice in a process: restart the agent";

/// Drops the presses that the X server repeats while a key is held.
#[derive(Debug, Default)]
struct RepeatFilter(HashMap<Key, Micros>);

impl RepeatFilter {
    /// Longer than any delay before the first repeat: a press after it means that the release was lost.
    const LONGEST_DELAY: Duration = Duration::from_secs(1);

    fn passes(&mut self, key: Key, transition: Transition, at: Micros) -> bool {
        match transition {
            Transition::Release => {
                self.0.remove(&key);
                true
            }
            Transition::Press => {
                let last = self.0.insert(key, at);
                last.is_none_or(|last| at.since(last) > Self::LONGEST_DELAY)
            }
        }
    }
}

struct Heard {
    key: Key,
    transition: Transition,
    at: Micros,
}

/// The one listener that rdev allows a process.
struct State {
    started: bool,
    dead: Option<String>,
    tap: Option<Sender<Heard>>,
}

static STATE: Mutex<State> = Mutex::new(State { started: false, dead: None, tap: None });

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tap() -> Result<Receiver<Heard>, SourceError> {
    let (sender, receiver) = unbounded();
    alive()?;
    let mut state = state();
    state.tap = Some(sender);
    if !state.started {
        survive_the_server();
        let spawned = thread::Builder::new().name("keys-rdev-listen".into()).spawn(|| {
            let ended = ::rdev::listen(hear);
            let reason = ended.map_or_else(|e| format!("{e:?}"), |()| "it ended by itself".into());
            self::state().dead = Some(format!("{reason}; it can't start twice in a process: restart the agent"));
        });
        spawned.map_err(|e| SourceError::Rdev(e.to_string()))?;
        state.started = true;
    }
    Ok(receiver)
}

fn hear(mut event: ::rdev::Event) {
    let at = Micros::now();
    // The text that the key would type, which nobody asked for.
    event.name.zeroize();
    let (key, transition) = match event.event_type {
        ::rdev::EventType::KeyPress(key) => (key, Transition::Press),
        ::rdev::EventType::KeyRelease(key) => (key, Transition::Release),
        _ => return,
    };
    if let Some(tap) = &state().tap {
        // Fails only after the run ended: then the event is meant for nobody.
        let _ = tap.send(Heard { key: key_of(key), transition, at });
    }
}

/// Xlib ends the process when its server goes away; instead its thread stops here for good and the loss is reported.
#[allow(unsafe_code)]
fn survive_the_server() {
    unsafe extern "C" fn gone(_: *mut x11::xlib::Display) -> std::ffi::c_int {
        state().dead = Some(GONE.into());
        loop {
            thread::park();
        }
    }
    // SAFETY: sets a process-wide function pointer. The handler never returns, as Xlib demands of one that does not
    // end the process, and touches nothing of Xlib's.
    unsafe { x11::xlib::XSetIOErrorHandler(Some(gone)) };
}

macro_rules! evdev_codes {
    ($($name:ident $code:literal)*) => {
        /// The evdev code of rdev's key; rdev names X key codes, which are 8 higher.
        fn key_of(key: ::rdev::Key) -> Key {
            match key {
                $(::rdev::Key::$name => Key::from_evdev($code),)*
                ::rdev::Key::Unknown(code) => {
                    u16::try_from(code).ok().and_then(|c| c.checked_sub(8)).map_or(Key::UNKNOWN, Key::from_evdev)
                }
                _ => Key::UNKNOWN,
            }
        }
    };
}

evdev_codes! {
    Escape 1 Num1 2 Num2 3 Num3 4 Num4 5 Num5 6 Num6 7 Num7 8 Num8 9 Num9 10 Num0 11 Minus 12 Equal 13 Backspace 14
    Tab 15 KeyQ 16 KeyW 17 KeyE 18 KeyR 19 KeyT 20 KeyY 21 KeyU 22 KeyI 23 KeyO 24 KeyP 25 LeftBracket 26
    RightBracket 27 Return 28 ControlLeft 29 KeyA 30 KeyS 31 KeyD 32 KeyF 33 KeyG 34 KeyH 35 KeyJ 36 KeyK 37 KeyL 38
    SemiColon 39 Quote 40 BackQuote 41 ShiftLeft 42 BackSlash 43 KeyZ 44 KeyX 45 KeyC 46 KeyV 47 KeyB 48 KeyN 49
    KeyM 50 Comma 51 Dot 52 Slash 53 ShiftRight 54 KpMultiply 55 Alt 56 Space 57 CapsLock 58 F1 59 F2 60 F3 61 F4 62
    F5 63 F6 64 F7 65 F8 66 F9 67 F10 68 NumLock 69 ScrollLock 70 Kp7 71 Kp8 72 Kp9 73 KpMinus 74 Kp4 75 Kp5 76
    Kp6 77 KpPlus 78 Kp1 79 Kp2 80 Kp3 81 Kp0 82 KpDelete 83 IntlBackslash 86 F11 87 F12 88 KpReturn 96
    ControlRight 97 KpDivide 98 PrintScreen 99 AltGr 100 Home 102 UpArrow 103 PageUp 104 LeftArrow 105
    RightArrow 106 End 107 DownArrow 108 PageDown 109 Insert 110 Delete 111 Pause 119 MetaLeft 125
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_dropped_and_a_lost_release_is_survived() {
        let (a, mut filter) = (Key::from_evdev(30), RepeatFilter::default());
        let mut passes = |t, ms: u64| filter.passes(a, t, Micros(ms * 1_000));
        assert!(passes(Transition::Press, 0));
        assert!(!passes(Transition::Press, 660));
        assert!(!passes(Transition::Press, 700));
        assert!(passes(Transition::Release, 720));
        assert!(passes(Transition::Press, 800));
        assert!(passes(Transition::Press, 1_900));
    }

    #[test]
    fn keys_are_named_by_the_kernels_codes() {
        assert_eq!(key_of(::rdev::Key::KeyA), Key::from_evdev(30));
        assert_eq!(key_of(::rdev::Key::Space), Key::from_evdev(57));
        assert_eq!(key_of(::rdev::Key::Unknown(248)), Key::from_evdev(240));
        assert_eq!(key_of(::rdev::Key::Unknown(3)), Key::UNKNOWN);
    }
}
