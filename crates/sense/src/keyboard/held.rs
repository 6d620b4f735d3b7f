use super::Transition;

/// Codes told apart; none of the systems that need this has more.
const CODES: usize = 512;

/// Which keys are down, as far as events told: it takes repeats and releases of nothing out of a system's key events.
pub(super) struct Held {
    by_hand: [bool; CODES],
    by_program: [bool; CODES],
}

impl Held {
    /// Nothing is down.
    pub(super) fn new() -> Self {
        Self { by_hand: [false; CODES], by_program: [false; CODES] }
    }

    /// Whether the event is a change. A program's keys are counted apart, so that none of them ends a hand's press.
    pub(super) fn changes(&mut self, code: u16, injected: bool, transition: Transition) -> bool {
        let keys = if injected { &mut self.by_program } else { &mut self.by_hand };
        let Some(down) = keys.get_mut(usize::from(code)) else { return false };
        let is_down = transition == Transition::Press;
        std::mem::replace(down, is_down) != is_down
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Transition::{Press, Release};

    #[test]
    fn repeats_and_releases_of_nothing_are_no_change() {
        let mut held = Held::new();
        assert!(!held.changes(30, false, Release));
        assert!(held.changes(30, false, Press));
        assert!(!held.changes(30, false, Press));
        assert!(held.changes(30, true, Press), "a program presses what a hand holds");
        assert!(held.changes(30, true, Release));
        assert!(held.changes(30, false, Release));
        assert!(!held.changes(u16::MAX, false, Press));
    }
}
