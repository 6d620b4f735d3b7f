#![allow(unsafe_code)]

use super::keycode;
use crate::{
    Micros,
    keyboard::{DeviceId, Feed, KeyEvent, Observation, Source, SourceError, Transition, held::Held},
    macos::{self, Tap},
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use objc2_core_graphics::{CGEvent, CGEventField, CGEventTapProxy, CGEventType};
use std::{ffi::c_void, ptr, ptr::NonNull};

/// Every key of the session, stamped on arrival; macOS tells which process made an event.
///
/// Not seen: keys typed while a program holds secure input (password fields, the lock screen).
#[derive(Debug, Default)]
pub struct EventTap(());

impl EventTap {
    /// Whether the person allows it (Input Monitoring). Where they were never asked, macOS asks them now.
    pub fn allowed() -> bool {
        macos::allowed()
    }
}

/// The tap can't tell keyboards apart, only hands from programs.
const HANDS: DeviceId = DeviceId(0);
const PROGRAMS: DeviceId = DeviceId(1);
const LOOK_FOR_STOP_S: f64 = 0.1;
const WANTED: [CGEventType; 3] = [CGEventType::KeyDown, CGEventType::KeyUp, CGEventType::FlagsChanged];

impl Source for EventTap {
    type Event = KeyEvent;

    fn name(&self) -> &'static str {
        "system"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let (heard, events) = unbounded();
        // Before the tap, so that it outlives it.
        let ear = Box::new(heard);
        // SAFETY: `hear` takes `ear` for what it is, and `ear` outlives the tap.
        let tap = unsafe { Tap::open(&WANTED, hear, ptr::from_ref(&*ear).cast_mut().cast())? };
        for (device, name, injected) in
            [(HANDS, "every keyboard, through an event tap", false), (PROGRAMS, "programs that type", true)]
        {
            feed.send(Observation::DeviceAdded { device, name: name.to_owned(), injected, initial: true })?;
        }
        feed.send(Observation::Ready)?;
        forward(&tap, &events, feed)
    }
}

/// What the tap's calls tell.
enum Heard {
    Key {
        code: i64,
        transition: Transition,
        injected: bool,
        at: Micros,
    },
    /// macOS switched the tap off, because a call took too long or the person asked for it.
    Off,
}

fn forward(tap: &Tap, events: &Receiver<Heard>, feed: &Feed) -> Result<(), SourceError> {
    let mut held = Held::new();
    while !feed.stop().requested() {
        tap.wait(LOOK_FOR_STOP_S)?;
        for heard in events.try_iter() {
            match heard {
                Heard::Off => {
                    tap.enable();
                    held = Held::new();
                    feed.send(Observation::EventsLost { device: HANDS })?;
                    feed.send(Observation::EventsLost { device: PROGRAMS })?;
                }
                Heard::Key { code, transition, injected, at } => {
                    let known = u16::try_from(code).is_ok_and(|code| held.changes(code, injected, transition));
                    if known {
                        let device = if injected { PROGRAMS } else { HANDS };
                        let event = KeyEvent { key: keycode::key(code), transition, at, device, injected };
                        feed.send(Observation::Event(event))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// # Safety
/// Called by macOS as a tap's callback: `event` is valid for the call, `ear` is what `Tap::open` gave.
unsafe extern "C-unwind" fn hear(
    _: CGEventTapProxy,
    kind: CGEventType,
    event: NonNull<CGEvent>,
    ear: *mut c_void,
) -> *mut CGEvent {
    let at = Micros::now();
    // SAFETY: by this function's contract. The event is read only, also while the tap is told that it is off.
    let (ear, seen) = unsafe { (&*ear.cast::<Sender<Heard>>(), event.as_ref()) };
    if let Some(heard) = heard(kind, seen, at) {
        let _ = ear.send(heard);
    }
    // Ignored for a tap that only listens.
    event.as_ptr()
}

fn heard(kind: CGEventType, event: &CGEvent, at: Micros) -> Option<Heard> {
    if matches!(kind, CGEventType::TapDisabledByTimeout | CGEventType::TapDisabledByUserInput) {
        return Some(Heard::Off);
    }
    let field = |field| CGEvent::integer_value_field(Some(event), field);
    let code = field(CGEventField::KeyboardEventKeycode);
    let transition = match kind {
        CGEventType::KeyDown if field(CGEventField::KeyboardEventAutorepeat) != 0 => return None,
        CGEventType::KeyDown => Transition::Press,
        CGEventType::KeyUp => Transition::Release,
        CGEventType::FlagsChanged if CGEvent::flags(Some(event)).0 & keycode::modifier_flag(code)? != 0 => {
            Transition::Press
        }
        CGEventType::FlagsChanged => Transition::Release,
        _ => return None,
    };
    Some(Heard::Key { code, transition, injected: macos::is_injected(event), at })
}
