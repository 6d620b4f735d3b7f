use std::sync::atomic::{AtomicUsize, Ordering};

/// Who is typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Genuine,
    Impostor,
}

/// How much each has typed.
#[derive(Debug, Default)]
pub struct Counters([AtomicUsize; 2]);

impl Counters {
    /// One more keystroke.
    pub fn count(&self, who: Who) {
        self.0[who as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Keystrokes of the genuine typist and of the impostor.
    pub fn get(&self) -> [usize; 2] {
        [self.0[0].load(Ordering::Relaxed), self.0[1].load(Ordering::Relaxed)]
    }
}
