use super::ground::Ground;
use crate::texts::Texts;
use stillyou_agent::ipc::Status;
use stillyou_trust::{Band, State};

/// A state's pictures for dark ground and for light.
macro_rules! pictures {
    ($name:literal) => {
        [
            include_bytes!(concat!("../../../icons/tray/", $name, "-on-dark-64.png")),
            include_bytes!(concat!("../../../icons/tray/", $name, "-on-light-64.png")),
        ]
    };
}

/// What the tray shows: one shape per state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Verified,
    Watch,
    StepUp,
    Learning,
    Paused,
    Camera,
    Trouble,
    Locked,
    Off,
}

impl Mark {
    /// The mark of a state. A prompt goes before trouble, and trouble before all that looks well.
    pub fn of(status: Option<&Status>) -> Self {
        let Some(status) = status else { return Mark::Off };
        match status.state {
            State::StepUp { .. } => Mark::StepUp,
            State::Locked { .. } => Mark::Locked,
            _ if !status.trouble.is_empty() => Mark::Trouble,
            State::Paused { .. } => Mark::Paused,
            _ if status.camera.on => Mark::Camera,
            State::Learning => Mark::Learning,
            State::Watching { band: Band::Verified } => Mark::Verified,
            State::Watching { .. } => Mark::Watch,
        }
    }

    /// Its state in words; that the camera is on, whatever the state; with a grant in force, until when.
    pub fn words(self, status: Option<&Status>, texts: &Texts) -> String {
        let mut state = self.state(status, texts);
        if self != Mark::Camera && status.is_some_and(|status| status.camera.on) {
            state = format!("{state} · {}", texts.text("tray-camera-on", &[]));
        }
        let Some(grant) = status.and_then(|status| status.under_grant.as_ref()) else { return state };
        let minutes = grant.until_ms.div_euclid(60_000).rem_euclid(24 * 60);
        let until = texts.text("tray-under-grant", &[]);
        format!("{state} · {until} {:02}:{:02} UTC", minutes / 60, minutes % 60)
    }

    fn state(self, status: Option<&Status>, texts: &Texts) -> String {
        let minutes = status.and_then(|s| s.paused_seconds).unwrap_or(0).div_ceil(60);
        match (self, status.and_then(|s| s.enrolment)) {
            (Mark::Learning, Some(progress)) => {
                let percent = 100 * u64::from(progress.keystrokes) / u64::from(progress.needed.max(1));
                texts.text("tray-state-enrolling", &[("percent", percent.min(100))])
            }
            (Mark::Paused, _) => texts.text("tray-state-paused", &[("minutes", minutes)]),
            (mark, _) => texts.text(mark.id(), &[]),
        }
    }

    fn id(self) -> &'static str {
        match self {
            Mark::Verified => "tray-state-verified",
            Mark::Watch => "tray-state-watch",
            Mark::StepUp => "tray-state-step-up",
            Mark::Learning => "tray-state-learning",
            Mark::Paused => "tray-state-paused",
            Mark::Camera => "tray-state-camera",
            Mark::Trouble => "tray-state-trouble",
            Mark::Locked => "tray-state-locked",
            Mark::Off => "tray-state-off",
        }
    }

    /// Its picture, a PNG of 64 pixels.
    pub fn png(self, ground: Ground) -> &'static [u8] {
        let [on_dark, on_light]: [&[u8]; 2] = match self {
            Mark::Verified => pictures!("verified"),
            Mark::Watch => pictures!("watch"),
            Mark::StepUp => pictures!("step-up"),
            Mark::Learning => pictures!("learning"),
            Mark::Paused => pictures!("paused"),
            Mark::Camera => pictures!("camera"),
            Mark::Trouble => pictures!("trouble"),
            Mark::Locked => pictures!("locked"),
            Mark::Off => pictures!("off"),
        };
        match ground {
            Ground::Dark => on_dark,
            Ground::Light => on_light,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use tauri::image::Image;

    const ALL: [Mark; 9] = [
        Mark::Verified,
        Mark::Watch,
        Mark::StepUp,
        Mark::Learning,
        Mark::Paused,
        Mark::Camera,
        Mark::Trouble,
        Mark::Locked,
        Mark::Off,
    ];

    #[test]
    fn every_mark_has_a_picture_and_words_of_its_own() {
        let texts = Texts::of("en");
        let words: BTreeSet<String> = ALL.iter().map(|mark| mark.words(None, &texts)).collect();
        let on = |ground| ALL.iter().map(move |mark| mark.png(ground));
        let pictures: BTreeSet<&[u8]> = on(Ground::Dark).chain(on(Ground::Light)).collect();
        assert_eq!((words.len(), pictures.len()), (ALL.len(), 2 * ALL.len()));
        assert!(pictures.iter().all(|picture| Image::from_bytes(picture).is_ok()));
    }

    #[test]
    fn without_an_agent_nothing_looks_protected() {
        assert_eq!(Mark::of(None), Mark::Off);
    }
}
