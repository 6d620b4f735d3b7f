use super::Agent;
use crate::ipc::Reply;
use crate::record::Sensors;
use std::time::Duration;
use stillyou_desktop_os::lock_state::LockState;
use stillyou_trust::{Input, Modality, State, Trouble};

/// What a person may switch off, where policy allows it. That a step-up is fresh was seen before.
impl Agent {
    /// Whether this is captured: not while the session is locked or paused, another one is in front, or the person turned
    /// it off or works without biometrics.
    pub(super) fn listens_to(&self, modality: Modality) -> bool {
        let paused = matches!(self.engine.monitor().snapshot().state, State::Paused { .. });
        self.lock_state == LockState::Unlocked
            && self.surroundings.in_front()
            && !paused
            && !self.is_without_biometrics()
            && !self.turned_off.contains(&modality)
    }

    /// Closes keyboard, pointer and camera, and wipes what was typed and pointed.
    pub(super) fn rest(&mut self) {
        self.keyboard.close();
        self.pointer.close();
        self.looking.close();
        self.engine.forget();
    }

    pub(super) fn pause(&mut self, minutes: u64) -> Reply {
        let most = self.in_force.policy.control.pause_minutes;
        if minutes == 0 || minutes > most {
            let why = if most == 0 {
                "the policy allows no pause (control.pause_minutes)".into()
            } else {
                format!("a pause may last 1 to {most} minutes (control.pause_minutes), not {minutes}")
            };
            return Reply::Refused { why };
        }
        if let State::Paused { .. } = self.engine.monitor().snapshot().state {
            return Reply::Failed { why: "it is paused already; resume first".into() };
        }
        self.feed(Input::Pause(Duration::from_secs(60 * minutes)));
        match self.engine.monitor().snapshot().state {
            State::Paused { .. } => Reply::Done {},
            _ => {
                Reply::Failed { why: "there is nothing to pause: nobody is enrolled, or the session is locked".into() }
            }
        }
    }

    pub(super) fn resume(&mut self) -> Reply {
        self.feed(Input::Resume);
        self.open_senses();
        Reply::Done {}
    }

    /// Anybody may lock.
    pub(super) fn lock_now(&mut self) -> Reply {
        self.locking.lock();
        Reply::Done {}
    }

    pub(super) fn turn(&mut self, modality: Modality, on: bool) -> Reply {
        if modality == Modality::Face {
            return self.turn_camera(on);
        }
        if !on && !self.in_force.policy.control.may_turn_off.contains(&modality) {
            return Reply::Refused {
                why: format!("the policy does not let the {modality} sensor be turned off (control.may_turn_off)"),
            };
        }
        let mut off = self.turned_off.clone();
        if on {
            off.remove(&modality);
        } else {
            off.insert(modality);
        }
        self.note("sensors", &Sensors { off: off.clone() });
        self.turned_off = off;
        if !on {
            self.rest();
            if modality == Modality::Pointer {
                self.trouble_ended(Trouble::PointerNotVisible);
            }
        }
        self.open_senses();
        Reply::Done {}
    }
}
