//! macOS: a listen-only event tap. Never run on a real machine.
#![allow(unsafe_code)]

use super::{Button, Feed, NoPointer, Observation, PointerEvent, PointerKind, pace::Pace};
use crate::{
    Micros,
    keyboard::{Session, Transition},
    macos::{self, Tap},
    source::{DeviceId, Source, SourceError},
};
use crossbeam_channel::{Sender, unbounded};
use objc2_core_graphics::{CGEvent, CGEventField, CGEventTapProxy, CGEventType};
use std::{ffi::c_void, ptr, ptr::NonNull};

pub(super) fn select(_: &Session) -> Result<Box<dyn Source<Event = PointerEvent>>, NoPointer> {
    if macos::allowed() { Ok(Box::new(PointerTap::default())) } else { Err(NoPointer::NotAllowed) }
}

/// The pointer of the session, stamped on arrival, in points of the screen; macOS tells which process made an event.
#[derive(Debug, Default)]
pub struct PointerTap(());

/// The tap can't tell pointers apart.
const POINTER: DeviceId = DeviceId(0);
const LOOK_FOR_STOP_S: f64 = 0.1;
const WANTED: [CGEventType; 11] = [
    CGEventType::MouseMoved,
    CGEventType::LeftMouseDragged,
    CGEventType::RightMouseDragged,
    CGEventType::OtherMouseDragged,
    CGEventType::LeftMouseDown,
    CGEventType::LeftMouseUp,
    CGEventType::RightMouseDown,
    CGEventType::RightMouseUp,
    CGEventType::OtherMouseDown,
    CGEventType::OtherMouseUp,
    CGEventType::ScrollWheel,
];

impl Source for PointerTap {
    type Event = PointerEvent;

    fn name(&self) -> &'static str {
        "pointer-system"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let (heard, events) = unbounded();
        // Before the tap, so that it outlives it.
        let ear = Box::new(heard);
        // SAFETY: `hear` takes `ear` for what it is, and `ear` outlives the tap.
        let tap = unsafe { Tap::open(&WANTED, hear, ptr::from_ref(&*ear).cast_mut().cast())? };
        let name = "every pointer, through an event tap".to_owned();
        feed.send(Observation::DeviceAdded { device: POINTER, name, injected: false, initial: true })?;
        feed.send(Observation::Ready)?;
        let mut pace = Pace::default();
        while !feed.stop().requested() {
            tap.wait(pace.due().map_or(LOOK_FOR_STOP_S, |due| due.since(Micros::now()).as_secs_f64()))?;
            for heard in events.try_iter() {
                match heard {
                    Heard::Off => {
                        tap.enable();
                        feed.send(Observation::EventsLost { device: POINTER })?;
                    }
                    Heard::Event(event) => pace.tell(event, feed)?,
                }
            }
            pace.tell_due(Micros::now(), feed)?;
        }
        Ok(())
    }
}

/// What the tap's calls tell.
enum Heard {
    Event(PointerEvent),
    /// macOS switched the tap off, because a call took too long or the person asked for it.
    Off,
}

/// # Safety
/// Called by macOS as a tap's callback: `event` is valid for the call, `ear` is what `run` gave.
unsafe extern "C-unwind" fn hear(
    _: CGEventTapProxy,
    kind: CGEventType,
    event: NonNull<CGEvent>,
    ear: *mut c_void,
) -> *mut CGEvent {
    let at = Micros::now();
    // SAFETY: by this function's contract. The event is read only.
    let (ear, seen) = unsafe { (&*ear.cast::<Sender<Heard>>(), event.as_ref()) };
    if let Some(heard) = heard(kind, seen, at) {
        let _ = ear.send(heard);
    }
    // Ignored for a tap that only listens.
    event.as_ptr()
}

fn heard(kind: CGEventType, event: &CGEvent, at: Micros) -> Option<Heard> {
    let field = |field| CGEvent::integer_value_field(Some(event), field);
    let pressed = |button, transition| PointerKind::Button { button, transition };
    let other = || if field(CGEventField::MouseEventButtonNumber) == 2 { Button::Middle } else { Button::Other };
    let kind = match kind {
        CGEventType::TapDisabledByTimeout | CGEventType::TapDisabledByUserInput => return Some(Heard::Off),
        CGEventType::MouseMoved
        | CGEventType::LeftMouseDragged
        | CGEventType::RightMouseDragged
        | CGEventType::OtherMouseDragged => {
            let place = CGEvent::location(Some(event));
            PointerKind::Move { x: place.x as i32, y: place.y as i32 }
        }
        CGEventType::LeftMouseDown => pressed(Button::Left, Transition::Press),
        CGEventType::LeftMouseUp => pressed(Button::Left, Transition::Release),
        CGEventType::RightMouseDown => pressed(Button::Right, Transition::Press),
        CGEventType::RightMouseUp => pressed(Button::Right, Transition::Release),
        CGEventType::OtherMouseDown => pressed(other(), Transition::Press),
        CGEventType::OtherMouseUp => pressed(other(), Transition::Release),
        // Upwards and to the left are positive there.
        CGEventType::ScrollWheel => PointerKind::Wheel {
            dx: -(field(CGEventField::ScrollWheelEventDeltaAxis2) as i32),
            dy: -(field(CGEventField::ScrollWheelEventDeltaAxis1) as i32),
        },
        _ => return None,
    };
    Some(Heard::Event(PointerEvent { at, kind, injected: macos::is_injected(event) }))
}
