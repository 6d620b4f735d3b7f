use crate::texts::Texts;
use stillyou_agent::ipc::{SensorState, Status};
use stillyou_trust::{Band, Modality, State};

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
        let camera = status.sensors.iter().any(|s| s.modality == Modality::Face && s.state == SensorState::On);
        match status.state {
            State::StepUp { .. } => Mark::StepUp,
            State::Locked { .. } => Mark::Locked,
            _ if !status.trouble.is_empty() => Mark::Trouble,
            State::Paused { .. } => Mark::Paused,
            _ if camera => Mark::Camera,
            State::Learning => Mark::Learning,
            State::Watching { band: Band::Verified } => Mark::Verified,
            State::Watching { .. } => Mark::Watch,
        }
    }

    /// Its state in words.
    pub fn words(self, status: Option<&Status>, texts: &Texts) -> String {
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

    /// Its picture, a PNG of 64 pixels for a dark panel: panels are dark on most desktops, and the marks have an outline for the others.
    pub fn png(self) -> &'static [u8] {
        match self {
            Mark::Verified => include_bytes!("../../../icons/tray/verified-on-dark-64.png"),
            Mark::Watch => include_bytes!("../../../icons/tray/watch-on-dark-64.png"),
            Mark::StepUp => include_bytes!("../../../icons/tray/step-up-on-dark-64.png"),
            Mark::Learning => include_bytes!("../../../icons/tray/learning-on-dark-64.png"),
            Mark::Paused => include_bytes!("../../../icons/tray/paused-on-dark-64.png"),
            Mark::Camera => include_bytes!("../../../icons/tray/camera-on-dark-64.png"),
            Mark::Trouble => include_bytes!("../../../icons/tray/trouble-on-dark-64.png"),
            Mark::Locked => include_bytes!("../../../icons/tray/locked-on-dark-64.png"),
            Mark::Off => include_bytes!("../../../icons/tray/off-on-dark-64.png"),
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
        let pictures: BTreeSet<&[u8]> = ALL.iter().map(|mark| mark.png()).collect();
        assert_eq!((words.len(), pictures.len()), (ALL.len(), ALL.len()));
        assert!(ALL.iter().all(|mark| Image::from_bytes(mark.png()).is_ok()));
    }

    #[test]
    fn without_an_agent_nothing_looks_protected() {
        assert_eq!(Mark::of(None), Mark::Off);
    }
}
