use super::Agent;
use crate::capture::{Changed, Seen};
use stillyou_sense::keyboard::{Keystroke, Observation};
use stillyou_trust::Trouble;

/// The keyboard: what is typed on it, and whether it can be seen.
impl Agent {
    pub(super) fn observed(&mut self, observation: &Observation) {
        self.look_for_sleep();
        match self.keyboard.observe(observation) {
            Seen::Keystrokes(strokes) => self.typed(strokes),
            Seen::Changed(Changed::Attached) if self.keyboard.is_attached() => self.trouble_ended(Trouble::NoKeyboard),
            Seen::Changed(Changed::Attached) => self.no_keyboard(),
            Seen::Changed(Changed::Visible) => {
                self.trouble_ended(Trouble::KeyboardNotVisible);
                if !self.keyboard.is_attached() {
                    self.no_keyboard();
                }
            }
            Seen::Changed(Changed::Lost(why)) => self.trouble_began(Trouble::KeyboardNotVisible, why),
        }
    }

    fn no_keyboard(&mut self) {
        let why = "no keyboard is attached: attach one, or typing says nothing about who is here";
        self.trouble_began(Trouble::NoKeyboard, why.into());
    }

    pub(super) fn keyboard_ended(&mut self) {
        self.keyboard.close();
        self.trouble_began(Trouble::KeyboardNotVisible, "key capture ended; it is tried again".into());
    }

    pub(super) fn typed(&mut self, strokes: Vec<Keystroke>) {
        for stroke in strokes {
            self.last_input = Some(self.clock.boot_time());
            self.keystrokes += 1;
            let effects = self.engine.keystroke(self.now(), stroke);
            self.act(effects);
        }
    }
}
