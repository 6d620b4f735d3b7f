use crate::record::{LastRun, Lost, Record, RecordError, Who};
use crate::talk::Fate;
use std::collections::BTreeSet;
use stillyou_desktop_os::session::LoginId;
use stillyou_trust::policy::ControlPolicy;
use stillyou_trust::{Before, Modality};

/// What the record says of the agent's runs before this one.
pub struct Past {
    /// What a start within the same login takes over.
    pub before: Option<Before>,
    /// Whether the last run was lost and no lock is proven since.
    pub owes_lock: bool,
    /// Sensors that the person turned off.
    pub turned_off: BTreeSet<Modality>,
    /// Whether they turned the camera on.
    pub camera_on: bool,
    /// Whether they consented to being recognised, or took that back.
    pub consent: Option<bool>,
    /// What came of reading and recording.
    pub outcome: Result<(), RecordError>,
}

impl Past {
    /// What is on record before this run in `login`. Also records a loss that nobody was there to record.
    pub fn read(record: &mut Record, login: &LoginId, control: &ControlPolicy) -> Self {
        let mut turned_off = record.turned_off().unwrap_or_default();
        let camera_on = record.camera_turned().ok().flatten().unwrap_or(false);
        let consent = record.consent().ok().flatten();
        turned_off.retain(|modality| control.may_turn_off.contains(modality));
        match record.before(login).and_then(|before| Ok((before, record.last_run(login)?))) {
            Err(e) => Self { before: None, owes_lock: false, turned_off, camera_on, consent, outcome: Err(e) },
            Ok((mut before, last_run)) => {
                if let Some(before) = &mut before {
                    before.owes_step_up |= last_run != LastRun::Orderly;
                }
                let lost = Lost { who: Who::Both, fate: Fate::Gone, how: "nobody was there".into(), locked: None };
                let outcome = if last_run == LastRun::Unseen { record.note("lost", &lost) } else { Ok(()) };
                let owes_lock = matches!(last_run, LastRun::Lost | LastRun::Unseen);
                Self { before, owes_lock, turned_off, camera_on, consent, outcome }
            }
        }
    }
}
