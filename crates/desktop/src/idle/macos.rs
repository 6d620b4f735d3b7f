use std::time::Duration;

use objc2_core_graphics::{CGEventSource, CGEventSourceStateID, CGEventType};

use super::IdleUnknown;
use crate::Desktop;

/// The window server counts for every session.
pub(super) struct Source;

impl Source {
    pub(super) fn find(_: &Desktop) -> Result<Self, IdleUnknown> {
        Source.get().map(|_| Source)
    }

    pub(super) fn get(&self) -> Result<Duration, IdleUnknown> {
        // The state is that of the hardware: what programs type is no use of the keyboard.
        let seconds = CGEventSource::seconds_since_last_event_type(CGEventSourceStateID::HIDSystemState, ANY_INPUT);
        Duration::try_from_secs_f64(seconds)
            .map_err(|_| IdleUnknown::NoSource(format!("the window server says {seconds} s")))
    }
}

/// `kCGAnyInputEventType`.
const ANY_INPUT: CGEventType = CGEventType(u32::MAX);
