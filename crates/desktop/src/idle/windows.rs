#![allow(unsafe_code)]

use std::time::Duration;

use windows_sys::Win32::{
    System::SystemInformation::GetTickCount,
    UI::Input::KeyboardAndMouse::{GetLastInputInfo, LASTINPUTINFO},
};

use super::IdleUnknown;
use crate::{Desktop, windows::last_error};

/// Windows counts for every session.
pub(super) struct Source;

impl Source {
    pub(super) fn find(_: &Desktop) -> Result<Self, IdleUnknown> {
        Source.get().map(|_| Source)
    }

    pub(super) fn get(&self) -> Result<Duration, IdleUnknown> {
        let mut last = LASTINPUTINFO { cbSize: size_of::<LASTINPUTINFO>() as u32, dwTime: 0 };
        // SAFETY: the structure says its own size and may be written.
        if unsafe { GetLastInputInfo(&mut last) } == 0 {
            return Err(IdleUnknown::NoSource(last_error("GetLastInputInfo").to_string()));
        }
        // SAFETY: no precondition. Both count milliseconds and wrap after 49.7 days.
        let now = unsafe { GetTickCount() };
        Ok(Duration::from_millis(now.wrapping_sub(last.dwTime).into()))
    }
}
