//! Whether somebody works at the moment.

use super::Agent;
use std::time::Duration;
use stillyou_desktop_os::idle::IdleTime;
use stillyou_trust::Activity;

impl Agent {
    /// What goes on now. Whom the camera missed is there once they work.
    pub(super) fn activity(&mut self) -> Activity {
        let activity = self.activity_seen();
        if activity == Activity::Input {
            self.looking.somebody_works();
        }
        activity
    }

    fn activity_seen(&mut self) -> Activity {
        let limit = Duration::from_secs(self.in_force.policy.hazard.idle_after_s);
        let now = self.clock.boot_time();
        if self.last_input.is_some_and(|at| now.saturating_sub(at) <= limit) {
            return Activity::Input;
        }
        let idle = match self.idle.as_ref().map(IdleTime::get) {
            Some(Ok(idle)) => idle,
            Some(Err(_)) => {
                self.idle = None;
                limit * 2
            }
            None => limit * 2,
        };
        match idle <= limit {
            true => Activity::Input,
            false if self.nobody_seen() => Activity::NobodySeen,
            false => Activity::Idle,
        }
    }
}
