//! What the desktop tells of the session, and whether anything may be seen of it.

use super::Agent;
use stillyou_desktop_os::lock_state::LockState;
use stillyou_desktop_os::watch::DesktopEvent;
use stillyou_trust::{Input, Modality, Trouble};

impl Agent {
    pub(super) fn happened(&mut self, event: DesktopEvent) {
        match event {
            DesktopEvent::Lock(change) => self.lock_state_is(change.state, change.why),
            DesktopEvent::Suspending | DesktopEvent::Resumed => self.slept_or_sleeps(),
            DesktopEvent::Around(surrounding) => self.around(surrounding),
            DesktopEvent::NotSeen(source, why) => self.not_seen(source, why),
        }
    }

    /// Capture is on only while the session is surely unlocked.
    pub(super) fn lock_state_is(&mut self, state: LockState, why: Option<String>) {
        self.lock_state = state;
        match state {
            LockState::Unsure => {
                let why = why.unwrap_or_else(|| "nothing on this desktop tells whether it is locked".into());
                self.trouble_began(Trouble::LockStateUnknown, format!("key capture is off: {why}"));
            }
            LockState::Locked | LockState::Unlocked => self.trouble_ended(Trouble::LockStateUnknown),
        }
        if state == LockState::Locked {
            self.trouble_ended(Trouble::CannotLock);
        }
        match state {
            LockState::Unlocked => {
                self.feed(Input::SessionUnlocked);
                self.open_senses();
            }
            LockState::Locked => {
                self.rest();
                self.feed(Input::SessionLocked);
            }
            LockState::Unsure => self.rest(),
        }
    }

    pub(super) fn open_senses(&mut self) {
        self.open_pointer();
        if !self.listens_to(Modality::Keystroke) {
            return;
        }
        match self.keyboard.open() {
            Ok(()) => {}
            Err(why) => self.trouble_began(Trouble::KeyboardNotVisible, why),
        }
    }
}
