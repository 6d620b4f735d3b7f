//! What the macOS sources of keys and of the pointer share: a listen-only event tap.

#![allow(unsafe_code)]

use crate::source::SourceError;
use objc2_core_foundation::{CFMachPort, CFRetained, CFRunLoop, CFRunLoopRunResult, kCFRunLoopDefaultMode};
use objc2_core_graphics::{
    CGEvent, CGEventField, CGEventSourceStateID, CGEventTapLocation, CGEventTapOptions, CGEventTapPlacement,
    CGEventTapProxy, CGEventType, CGPreflightListenEventAccess, CGRequestListenEventAccess,
};
use std::{ffi::c_void, ptr::NonNull};

/// What macOS calls for each event.
pub(crate) type Hear =
    unsafe extern "C-unwind" fn(CGEventTapProxy, CGEventType, NonNull<CGEvent>, *mut c_void) -> *mut CGEvent;

/// Whether the person allows it (Input Monitoring). Where they were never asked, macOS asks them now.
pub(crate) fn allowed() -> bool {
    CGPreflightListenEventAccess() || CGRequestListenEventAccess()
}

/// Whether a program made an event: a hand's come from the hardware's state and from no process.
pub(crate) fn is_injected(event: &CGEvent) -> bool {
    let field = |field| CGEvent::integer_value_field(Some(event), field);
    let from_hardware = field(CGEventField::EventSourceStateID) == i64::from(CGEventSourceStateID::HIDSystemState.0);
    !from_hardware || field(CGEventField::EventSourceUnixProcessID) != 0
}

/// An open tap on the run loop of the thread that opened it.
pub(crate) struct Tap(CFRetained<CFMachPort>);

impl Tap {
    /// A tap that only listens to the `wanted` events.
    ///
    /// # Safety
    /// `hear` must take `ear` for what it is, and `ear` must stay where it is until the tap is dropped.
    pub(crate) unsafe fn open(wanted: &[CGEventType], hear: Hear, ear: *mut c_void) -> Result<Self, SourceError> {
        let mask = wanted.iter().fold(0, |mask, event| mask | 1 << event.0);
        // SAFETY: by this function's contract; after the tap is invalidated no more calls come, on this or any thread.
        let port = unsafe {
            CGEvent::tap_create(
                CGEventTapLocation::SessionEventTap,
                CGEventTapPlacement::HeadInsertEventTap,
                CGEventTapOptions::ListenOnly,
                mask,
                Some(hear),
                ear,
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
        tap.enable();
        Ok(tap)
    }

    /// Switches the tap on, again where macOS switched it off.
    pub(crate) fn enable(&self) {
        CGEvent::tap_enable(&self.0, true);
    }

    /// Lets macOS call until something came, or the time is over.
    pub(crate) fn wait(&self, seconds: f64) -> Result<(), SourceError> {
        // SAFETY: a constant of the framework.
        let mode = unsafe { kCFRunLoopDefaultMode };
        if CFRunLoop::run_in_mode(mode, seconds, true) == CFRunLoopRunResult::Finished {
            return Err(failed("listening to input", "macOS closed the event tap"));
        }
        Ok(())
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        // Takes the source off the run loop too.
        self.0.invalidate();
    }
}

fn failed(what: &'static str, reason: &str) -> SourceError {
    SourceError::System { what, reason: reason.to_owned() }
}
