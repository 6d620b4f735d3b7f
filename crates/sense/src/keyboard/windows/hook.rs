#![allow(unsafe_code)]

use super::scan;
use crate::{
    Micros,
    keyboard::{DeviceId, Feed, Key, KeyEvent, Observation, Source, SourceError, Transition, held::Held},
};
use crossbeam_channel::{Sender, unbounded};
use std::{cell::RefCell, io, ptr};
use windows_sys::Win32::{
    Foundation::{LPARAM, LRESULT, WPARAM},
    System::LibraryLoader::GetModuleHandleW,
    UI::{
        Input::KeyboardAndMouse::VK_PACKET,
        WindowsAndMessaging::{
            CallNextHookEx, DispatchMessageW, HC_ACTION, HHOOK, KBDLLHOOKSTRUCT, LLKHF_EXTENDED, LLKHF_INJECTED,
            LLKHF_UP, MSG, MsgWaitForMultipleObjectsEx, PM_REMOVE, PeekMessageW, QS_ALLINPUT, SetWindowsHookExW,
            UnhookWindowsHookEx, WH_KEYBOARD_LL,
        },
    },
};

/// Every key of the session's desktop, stamped on arrival; the hook tells a program's keys from a hand's.
///
/// Not seen: keys typed into programs of administrators (Windows keeps them from others), and into the lock screen.
#[derive(Debug, Default)]
pub struct LowLevelHook(());

/// The hook can't tell keyboards apart, only hands from programs.
const HANDS: DeviceId = DeviceId(0);
const PROGRAMS: DeviceId = DeviceId(1);
const LOOK_FOR_STOP_MS: u32 = 100;
/// Comes before the right Alt key where that is AltGr: no key of its own.
const ALTGR_CONTROL: u32 = 0x21d;

impl Source for LowLevelHook {
    type Event = KeyEvent;

    fn name(&self) -> &'static str {
        "system"
    }

    fn run(&mut self, feed: &Feed) -> Result<(), SourceError> {
        let (heard, events) = unbounded();
        let _hook = Hook::set(Ear { heard, held: Held::new() })?;
        for (device, name, injected) in
            [(HANDS, "every keyboard, through the low-level hook", false), (PROGRAMS, "programs that type", true)]
        {
            feed.send(Observation::DeviceAdded { device, name: name.to_owned(), injected, initial: true })?;
        }
        feed.send(Observation::Ready)?;
        while !feed.stop().requested() {
            // Windows calls the hook while this thread asks for messages.
            handle_messages(LOOK_FOR_STOP_MS);
            for event in events.try_iter() {
                feed.send(Observation::Event(event))?;
            }
        }
        Ok(())
    }
}

/// Where the hook's calls go. They come on the thread that set the hook.
struct Ear {
    heard: Sender<KeyEvent>,
    held: Held,
}

thread_local! {
    static EAR: RefCell<Option<Ear>> = const { RefCell::new(None) };
}

struct Hook(HHOOK);

impl Hook {
    fn set(ear: Ear) -> Result<Self, SourceError> {
        EAR.set(Some(ear));
        // SAFETY: `hear` has the type of a hook and is never unloaded; thread 0 means all of this desktop.
        let hook = unsafe { SetWindowsHookExW(WH_KEYBOARD_LL, Some(hear), GetModuleHandleW(ptr::null()), 0) };
        if hook.is_null() {
            let reason = io::Error::last_os_error().to_string();
            EAR.set(None);
            return Err(SourceError::System { what: "setting the low-level keyboard hook", reason });
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
/// Called by Windows as a `LowLevelKeyboardProc`: with `HC_ACTION`, `event` points to a `KBDLLHOOKSTRUCT`.
unsafe extern "system" fn hear(action: i32, message: WPARAM, event: LPARAM) -> LRESULT {
    let at = Micros::now();
    if action == HC_ACTION as i32 {
        // SAFETY: by this function's contract.
        let event = unsafe { *(event as *const KBDLLHOOKSTRUCT) };
        EAR.with(|ear| {
            // Windows waits for this call: nothing here may wait, or panic.
            if let Ok(mut ear) = ear.try_borrow_mut()
                && let Some(Ear { heard, held }) = ear.as_mut()
                && let Some(event) = key_event(&event, at, held)
            {
                let _ = heard.send(event);
            }
        });
    }
    // SAFETY: what came is passed on unchanged; the first argument is ignored.
    unsafe { CallNextHookEx(ptr::null_mut(), action, message, event) }
}

fn key_event(event: &KBDLLHOOKSTRUCT, at: Micros, held: &mut Held) -> Option<KeyEvent> {
    if event.scanCode == ALTGR_CONTROL {
        return None;
    }
    let flag = |flag| event.flags & flag != 0;
    let (extended, injected) = (flag(LLKHF_EXTENDED), flag(LLKHF_INJECTED));
    let transition = if flag(LLKHF_UP) { Transition::Release } else { Transition::Press };
    // A packet carries a character where the scan code should be.
    let is_character = event.vkCode == u32::from(VK_PACKET);
    let key = if is_character { Key::UNKNOWN } else { scan::key(event.scanCode, extended) };
    let code = event.scanCode as u16 & 0xff | u16::from(extended) << 8;
    let changes = is_character || held.changes(code, injected, transition);
    let device = if injected { PROGRAMS } else { HANDS };
    changes.then_some(KeyEvent { key, transition, at, device, injected })
}

/// Waits for a message of this thread at most so long, and handles all there are.
pub(crate) fn handle_messages(limit_ms: u32) {
    // SAFETY: no handles are waited for; `message` may be written and is handed on as it came.
    unsafe {
        MsgWaitForMultipleObjectsEx(0, ptr::null(), limit_ms, QS_ALLINPUT, 0);
        let mut message = MSG::default();
        while PeekMessageW(&mut message, ptr::null_mut(), 0, 0, PM_REMOVE) != 0 {
            DispatchMessageW(&message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(vk: u32, scan: u32, flags: u32) -> KBDLLHOOKSTRUCT {
        KBDLLHOOKSTRUCT { vkCode: vk, scanCode: scan, flags, time: 0, dwExtraInfo: 0 }
    }

    #[test]
    fn flags_tell_direction_and_origin() {
        let mut held = Held::new();
        let mut hear = |vk, scan, flags| key_event(&event(vk, scan, flags), Micros(7), &mut held);
        let a = Key::from_evdev(30);
        let press = KeyEvent { key: a, transition: Transition::Press, at: Micros(7), device: HANDS, injected: false };
        assert_eq!(hear(0x41, 0x1e, 0), Some(press.clone()));
        assert_eq!(hear(0x41, 0x1e, 0), None, "a repeat");
        let typed = hear(0x41, 0x1e, LLKHF_INJECTED).unwrap();
        assert!(typed.injected && typed.device == PROGRAMS);
        assert_eq!(hear(0x41, 0x1e, LLKHF_UP).unwrap().transition, Transition::Release);
        assert_eq!(hear(0xa2, ALTGR_CONTROL, 0), None);
    }

    #[test]
    fn a_character_is_no_key() {
        let mut held = Held::new();
        for flags in [LLKHF_INJECTED, LLKHF_INJECTED, LLKHF_INJECTED | LLKHF_UP] {
            let heard = key_event(&event(u32::from(VK_PACKET), 0x1e, flags), Micros(0), &mut held).unwrap();
            assert_eq!(heard.key, Key::UNKNOWN);
        }
    }
}
