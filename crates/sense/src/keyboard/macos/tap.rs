#![allow(unsafe_code)]

use super::keycode;
use crate::{
    Micros,
    keyboard::{DeviceId, Feed, KeyEvent, KeySource, Observation, SourceError, Transition, held::Held},
};
use crossbeam_channel::{Receiver, Sender, unbounded};
use objc2_core_foundation::{CFMachPort, CFRetained, CFRunLoop, CFRunLoopRunResult, kCFRunLoopDefaultMode};
use objc2_core_graphics::{
    CGEvent, CGEventField, CGEventSourceStateID, CGEventTapLocation, CGEventTapOptions, CGEventTapPlacement,
    CGEventTapProxy, CGEventType, CGPreflightListenEventAccess, CGRequestListenEventAccess,
};
use std::{ffi::c_void, ptr, ptr::NonNull};

/// Every key of the session, stamped on arrival; macOS tells which process made an event.
///
/// Not seen: keys typed while a program holds secure input (password fields, the lock screen).
#[derive(Debug, Default)]
pub struct EventTap(());

impl EventTap {
    /// Whether the person allows it (Input Monitoring). Where they were never asked, macOS asks them now.
    pub fn allowed() -> bool {
        CGPreflightListenEventAccess() || CGRequestListenEventAccess()
    }
}

/// The tap can't tell keyboards apart, only hands from programs.
const HANDS: DeviceId = DeviceId(0);
const PROGRAMS: DeviceId = DeviceId(1);
const LOOK_FOR_STOP_S: f64 = 0.1;

impl KeySource for EventTap {
    fn name(&self) -> &'static str {
        "system"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let (heard, events) = unbounded();
        // Before the tap, so that it outlives it.
        let ear = Box::new(heard);
        let tap = Tap::open(&ear)?;
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
        // SAFETY: a constant of the framework.
        let mode = unsafe { kCFRunLoopDefaultMode };
        if CFRunLoop::run_in_mode(mode, LOOK_FOR_STOP_S, true) == CFRunLoopRunResult::Finished {
            return Err(failed("listening to the keyboard", "macOS closed the event tap"));
        }
        for heard in events.try_iter() {
            match heard {
                Heard::Off => {
                    CGEvent::tap_enable(&tap.0, true);
                    held = Held::new();
                    feed.send(Observation::EventsLost { device: HANDS })?;
                    feed.send(Observation::EventsLost { device: PROGRAMS })?;
                }
                Heard::Key { code, transition, injected, at } => {
                    let known = u16::try_from(code).is_ok_and(|code| held.changes(code, injected, transition));
                    if known {
                        let device = if injected { PROGRAMS } else { HANDS };
                        let event = KeyEvent { key: keycode::key(code), transition, at, device, injected };
                        feed.send(Observation::Key(event))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// An open tap on the run loop of the thread that opened it.
struct Tap(CFRetained<CFMachPort>);

impl Tap {
    /// `ear` must stay where it is until the tap is dropped.
    fn open(ear: &Sender<Heard>) -> Result<Self, SourceError> {
        let wanted = [CGEventType::KeyDown, CGEventType::KeyUp, CGEventType::FlagsChanged];
        let mask = wanted.iter().fold(0, |mask, event| mask | 1 << event.0);
        // SAFETY: `hear` has the type of a tap's callback and takes `ear` for what it is; the caller keeps `ear` until
        // the tap is invalidated, after which no more calls come, on this or any thread.
        let port = unsafe {
            CGEvent::tap_create(
                CGEventTapLocation::SessionEventTap,
                CGEventTapPlacement::HeadInsertEventTap,
                CGEventTapOptions::ListenOnly,
                mask,
                Some(hear),
                ptr::from_ref(ear).cast_mut().cast(),
            )
        };
        let tap = Self(port.ok_or_else(|| failed("opening an event tap", "macOS refused; see Input Monitoring"))?);
        let source = CFMachPort::new_run_loop_source(None, Some(&tap.0), 0);
        let run_loop = CFRunLoop::current();
        let (Some(source), Some(run_loop)) = (source, run_loop) else {
            return Err(failed("opening an event tap", "there is no run loop for it"));
        };
        // SAFETY: a constant of the framework.
        run_loop.add_source(Some(&source), unsafe { kCFRunLoopDefaultMode });
        CGEvent::tap_enable(&tap.0, true);
        Ok(tap)
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        // Takes the source off the run loop too.
        self.0.invalidate();
    }
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
    // A hand's events come from the hardware's state and from no process.
    let from_hardware = field(CGEventField::EventSourceStateID) == i64::from(CGEventSourceStateID::HIDSystemState.0);
    let injected = !from_hardware || field(CGEventField::EventSourceUnixProcessID) != 0;
    Some(Heard::Key { code, transition, injected, at })
}

fn failed(what: &'static str, reason: &str) -> SourceError {
    SourceError::System { what, reason: reason.to_owned() }
}
