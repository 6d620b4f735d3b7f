use zeroize::Zeroize;

/// A physical key, by its Linux evdev code (`KEY_A` = 30 is the key right of Caps Lock on every layout).
///
/// Position, not character: how a hand moves depends on where a key is. It is wiped with its keystroke and has no
/// `Display`: what was typed is never printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Zeroize)]
pub struct Key(u16);

impl Key {
    /// The key of an evdev code; 0 (`KEY_RESERVED`) stands for a key whose identity is unknown.
    pub const fn from_evdev(code: u16) -> Self {
        Self(code)
    }

    /// A key whose identity is not known.
    pub const UNKNOWN: Key = Key(0);

    /// The evdev code.
    pub const fn evdev(self) -> u16 {
        self.0
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}
