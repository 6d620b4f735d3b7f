use std::time::Duration;

use super::IdleUnknown;
use crate::{
    Desktop,
    clock::Clock,
    linux::{logind::Logind, x11::XView},
};

pub(super) enum Source {
    X11(Box<XView>),
    Logind(Logind, Clock),
}

impl Source {
    pub(super) fn find(desktop: &Desktop) -> Result<Self, IdleUnknown> {
        let mut tried = Vec::new();
        if let Some(display) = desktop.x11_display() {
            match XView::connect(display).and_then(|x| x.idle().map(|_| x)) {
                Ok(x) => return Ok(Source::X11(Box::new(x))),
                Err(error) => tried.push(error.to_string()),
            }
        }
        match Logind::connect(desktop) {
            Ok(logind) => return Ok(Source::Logind(logind, Clock::new()?)),
            Err(error) => tried.push(error.to_string()),
        }
        Err(IdleUnknown::NoSource(tried.join("; ")))
    }

    pub(super) fn get(&self) -> Result<Duration, IdleUnknown> {
        match self {
            Source::X11(x) => x.idle().map_err(|e| IdleUnknown::NoSource(e.to_string())),
            Source::Logind(logind, clock) => {
                let since = logind.idle_since_micros().map_err(|e| IdleUnknown::NoSource(e.to_string()))?;
                let now = clock.monotonic_micros();
                Ok(since.map_or(Duration::ZERO, |since| Duration::from_micros(now.saturating_sub(since))))
            }
        }
    }
}
