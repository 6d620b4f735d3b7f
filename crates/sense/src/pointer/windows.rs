//! Windows: the low-level mouse hook. Never run on a real machine.
#![allow(unsafe_code)]

use super::{Button, Feed, NoPointer, Observation, PointerEvent, PointerKind, pace::Pace};
use crate::{
    Micros,
    keyboard::{Session, Transition, windows::handle_messages},
    source::{DeviceId, Source, SourceError},
};
use crossbeam_channel::{Sender, unbounded};
use std::{cell::RefCell, io, ptr};
use windows_sys::Win32::{
    Foundation::{LPARAM, LRESULT, WPARAM},
    System::LibraryLoader::GetModuleHandleW,
    UI::WindowsAndMessaging::{
        CallNextHookEx, HC_ACTION, HHOOK, LLMHF_INJECTED, MSLLHOOKSTRUCT, SetWindowsHookExW, UnhookWindowsHookEx,
        WH_MOUSE_LL, WHEEL_DELTA, WM_LBUTTONDOWN, WM_LBUTTONUP, WM_MBUTTONDOWN, WM_MBUTTONUP, WM_MOUSEHWHEEL,
        WM_MOUSEMOVE, WM_MOUSEWHEEL, WM_RBUTTONDOWN, WM_RBUTTONUP, WM_XBUTTONDOWN, WM_XBUTTONUP,
    },
};

pub(super) fn select(_: &Session) -> Result<Box<dyn Source<Event = PointerEvent>>, NoPointer> {
    Ok(Box::new(PointerHook::default()))
}

/// The pointer of the session's desktop, stamped on arrival, in pixels of the screen; the hook tells a program's events
/// from a hand's. Not seen: what happens over programs of administrators, and on the lock screen.
#[derive(Debug, Default)]
pub struct PointerHook(());

/// The hook can't tell pointers apart.
const POINTER: DeviceId = DeviceId(0);
const LOOK_FOR_STOP_MS: u32 = 100;

impl Source for PointerHook {
    type Event = PointerEvent;

    fn name(&self) -> &'static str {
        "pointer-system"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let (heard, events) = unbounded();
        let _hook = Hook::set(heard)?;
        let name = "every pointer, through the low-level hook".to_owned();
        feed.send(Observation::DeviceAdded { device: POINTER, name, injected: false, initial: true })?;
        feed.send(Observation::Ready)?;
        let mut pace = Pace::default();
        while !feed.stop().requested() {
            let due_ms = pace.due().map(|due| due.since(Micros::now()).as_millis() as u32 + 1);
            // Windows calls the hook while this thread asks for messages.
            handle_messages(due_ms.unwrap_or(LOOK_FOR_STOP_MS));
            for event in events.try_iter() {
                pace.tell(event, feed)?;
            }
            pace.tell_due(Micros::now(), feed)?;
        }
        Ok(())
    }
}

thread_local! {
    static EAR: RefCell<Option<Sender<PointerEvent>>> = const { RefCell::new(None) };
}

struct Hook(HHOOK);

impl Hook {
    fn set(heard: Sender<PointerEvent>) -> Result<Self, SourceError> {
        EAR.set(Some(heard));
        // SAFETY: `hear` has the type of a hook and is never unloaded; thread 0 means all of this desktop.
        let hook = unsafe { SetWindowsHookExW(WH_MOUSE_LL, Some(hear), GetModuleHandleW(ptr::null()), 0) };
        if hook.is_null() {
            let reason = io::Error::last_os_error().to_string();
            EAR.set(None);
            return Err(SourceError::System { what: "setting the low-level mouse hook", reason });
        }
        Ok(Self(hook))
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        // SAFETY: set by this thread and not removed before; one that Windows has removed itself only gives an error.
        unsafe { UnhookWindowsHookEx(self.0) };
        EAR.set(None);
    }
}

/// # Safety
/// Called by Windows as a `LowLevelMouseProc`: with `HC_ACTION`, `event` points to an `MSLLHOOKSTRUCT`.
unsafe extern "system" fn hear(action: i32, message: WPARAM, event: LPARAM) -> LRESULT {
    let at = Micros::now();
    if action == HC_ACTION as i32 {
        // SAFETY: by this function's contract.
        let event = unsafe { *(event as *const MSLLHOOKSTRUCT) };
        EAR.with(|ear| {
            // Windows waits for this call: nothing here may wait, or panic.
            if let Ok(ear) = ear.try_borrow()
                && let Some(ear) = ear.as_ref()
                && let Some(event) = pointer_event(message, &event, at)
            {
                let _ = ear.send(event);
            }
        });
    }
    // SAFETY: what came is passed on unchanged; the first argument is ignored.
    unsafe { CallNextHookEx(ptr::null_mut(), action, message, event) }
}

fn pointer_event(message: WPARAM, event: &MSLLHOOKSTRUCT, at: Micros) -> Option<PointerEvent> {
    let button = |button, transition| PointerKind::Button { button, transition };
    // The high word; away from the hand is positive there.
    let notches = i32::from((event.mouseData >> 16) as i16) / WHEEL_DELTA as i32;
    let kind = match u32::try_from(message).ok()? {
        WM_MOUSEMOVE => PointerKind::Move { x: event.pt.x, y: event.pt.y },
        WM_LBUTTONDOWN => button(Button::Left, Transition::Press),
        WM_LBUTTONUP => button(Button::Left, Transition::Release),
        WM_RBUTTONDOWN => button(Button::Right, Transition::Press),
        WM_RBUTTONUP => button(Button::Right, Transition::Release),
        WM_MBUTTONDOWN => button(Button::Middle, Transition::Press),
        WM_MBUTTONUP => button(Button::Middle, Transition::Release),
        WM_XBUTTONDOWN => button(Button::Other, Transition::Press),
        WM_XBUTTONUP => button(Button::Other, Transition::Release),
        WM_MOUSEWHEEL => PointerKind::Wheel { dx: 0, dy: -notches },
        WM_MOUSEHWHEEL => PointerKind::Wheel { dx: notches, dy: 0 },
        _ => return None,
    };
    Some(PointerEvent { at, kind, injected: event.flags & LLMHF_INJECTED != 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use windows_sys::Win32::Foundation::POINT;

    #[test]
    fn messages_tell_what_moved_and_flags_who_moved_it() {
        let heard = |message: u32, data: i16, flags| {
            let data = u32::from(data as u16) << 16;
            let event = MSLLHOOKSTRUCT { pt: POINT { x: 3, y: -4 }, mouseData: data, flags, time: 0, dwExtraInfo: 0 };
            pointer_event(message as usize, &event, Micros(7)).map(|e| (e.kind, e.injected))
        };
        assert_eq!(heard(WM_MOUSEMOVE, 0, 0), Some((PointerKind::Move { x: 3, y: -4 }, false)));
        assert_eq!(heard(WM_MOUSEWHEEL, -240, LLMHF_INJECTED), Some((PointerKind::Wheel { dx: 0, dy: 2 }, true)));
        assert_eq!(heard(0, 0, 0), None);
    }
}
