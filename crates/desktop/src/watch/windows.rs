#![allow(unsafe_code)]

use std::{ptr, thread, time::Duration};

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};
use windows_sys::{
    Win32::{
        Foundation::HWND,
        System::{
            LibraryLoader::GetModuleHandleW,
            RemoteDesktop::{
                NOTIFY_FOR_THIS_SESSION, WTSRegisterSessionNotification, WTSUnRegisterSessionNotification,
            },
        },
        UI::WindowsAndMessaging::{
            CreateWindowExW, DefWindowProcW, DestroyWindow, DispatchMessageW, MSG, MsgWaitForMultipleObjectsEx,
            PM_REMOVE, PeekMessageW, QS_ALLINPUT, RegisterClassW, WNDCLASSW, WS_OVERLAPPED,
        },
    },
    w,
};

use super::{DesktopEvent, WatchFailed, system::Looks};
use crate::{
    Desktop,
    clock::{Clock, time_slept},
    lock::StartedLocker,
    windows::{last_error, terminal},
};

/// Notifications tell at once; this look sees what they missed, and that the watch was ended.
const LOOK_ANYWAY: Duration = Duration::from_secs(1);

pub(super) fn start(_: &Desktop, _: StartedLocker, events: Sender<DesktopEvent>) -> Result<Sender<()>, WatchFailed> {
    let clock = Clock::new()?;
    let (stop, stopped) = bounded(0);
    thread::Builder::new().name("watch-desktop".into()).spawn(move || watch(clock, &stopped, &events))?;
    Ok(stop)
}

fn watch(clock: Clock, stop: &Receiver<()>, events: &Sender<DesktopEvent>) {
    let _window = match Window::open() {
        Ok(window) => Some(window),
        Err(why) => {
            tracing::warn!(%why, "no session notifications; the session is looked at every second");
            None
        }
    };
    let mut looks = Looks::default();
    while stop.try_recv() == Err(TryRecvError::Empty) {
        // A message says only that it is time to look: any program of the user can send one.
        for event in looks.look(terminal::locked(), time_slept(clock)) {
            if events.send(event).is_err() {
                return;
            }
        }
        wait_for_message(LOOK_ANYWAY);
    }
}

/// A window that is never shown: session notifications come to windows only.
struct Window(HWND);

impl Window {
    /// For the calling thread, which must then wait for messages.
    fn open() -> Result<Self, String> {
        let name = w!("StillYouWatch");
        // SAFETY: the null name asks for this executable, which stays loaded.
        let instance = unsafe { GetModuleHandleW(ptr::null()) };
        let class = WNDCLASSW {
            lpfnWndProc: Some(DefWindowProcW),
            hInstance: instance,
            lpszClassName: name,
            ..WNDCLASSW::default()
        };
        // SAFETY: the class's name and procedure are static; a class that is there already is the same one.
        let window = unsafe {
            RegisterClassW(&class);
            CreateWindowExW(
                0,
                name,
                name,
                WS_OVERLAPPED,
                0,
                0,
                0,
                0,
                ptr::null_mut(),
                ptr::null_mut(),
                instance,
                ptr::null(),
            )
        };
        if window.is_null() {
            return Err(last_error("CreateWindowExW").to_string());
        }
        let window = Self(window);
        // SAFETY: the window was just made.
        if unsafe { WTSRegisterSessionNotification(window.0, NOTIFY_FOR_THIS_SESSION) } == 0 {
            return Err(last_error("WTSRegisterSessionNotification").to_string());
        }
        Ok(window)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // SAFETY: the window is this thread's own and still there; one that never registered only gets an error.
        unsafe {
            WTSUnRegisterSessionNotification(self.0);
            DestroyWindow(self.0);
        }
    }
}

/// Waits for a message of this thread at most so long, and handles all there are.
fn wait_for_message(limit: Duration) {
    // SAFETY: no handles are waited for; `message` may be written and is handed on as it came.
    unsafe {
        MsgWaitForMultipleObjectsEx(0, ptr::null(), limit.as_millis() as u32, QS_ALLINPUT, 0);
        let mut message = MSG::default();
        while PeekMessageW(&mut message, ptr::null_mut(), 0, 0, PM_REMOVE) != 0 {
            DispatchMessageW(&message);
        }
    }
}
