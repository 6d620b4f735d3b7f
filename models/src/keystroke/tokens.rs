use stillyou_sense::keyboard::Key;
use stillyou_trust::policy::ShownKeys;

/// How many tokens there are: [`UNKNOWN`], 69 keys, 21 kinds of movement.
pub const TOKENS: usize = 91;

/// The token of a key that is not in the table.
pub const UNKNOWN: u8 = 0;

/// How much of a key's identity the network is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyDetail {
    /// Which key.
    #[default]
    Keys,
    /// Only the kind of movement: one of 21 for all keys. The text can't be read off it.
    Movements,
    /// Nothing: times alone.
    Nothing,
}

impl KeyDetail {
    /// Every one, the most telling first.
    pub const ALL: [KeyDetail; 3] = [KeyDetail::Keys, KeyDetail::Movements, KeyDetail::Nothing];

    /// What is shown of a key's token.
    pub fn of(self, token: u8) -> u8 {
        match self {
            KeyDetail::Keys => token,
            KeyDetail::Movements => movement(token),
            KeyDetail::Nothing => UNKNOWN,
        }
    }

    /// The name used on the command line and in policy.
    pub fn name(self) -> &'static str {
        match self {
            KeyDetail::Keys => "keys",
            KeyDetail::Movements => "movements",
            KeyDetail::Nothing => "nothing",
        }
    }
}

impl From<ShownKeys> for KeyDetail {
    fn from(policy: ShownKeys) -> Self {
        match policy {
            ShownKeys::Keys => KeyDetail::Keys,
            ShownKeys::Movements => KeyDetail::Movements,
            ShownKeys::Nothing => KeyDetail::Nothing,
        }
    }
}

/// What a finger does with a key, for the features a person understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyClass {
    /// A to Z.
    Letter,
    /// Space, punctuation, digits, modifiers, editing and all others.
    Other,
}

/// The token of a key, 0 to `TOKENS − 1`.
///
/// Left and right modifiers share one, because recordings don't tell them apart; so do all function keys and all
/// keys of the keypad, which are too rare to learn one by one.
pub fn token(key: Key) -> u8 {
    match key.evdev() {
        2..=11 => 1 + (key.evdev() - 2) as u8,
        16..=25 => 11 + (key.evdev() - 16) as u8,
        30..=38 => 21 + (key.evdev() - 30) as u8,
        44..=50 => 30 + (key.evdev() - 44) as u8,
        12 => 37,
        13 => 38,
        26 => 39,
        27 => 40,
        39 => 41,
        40 => 42,
        41 => 43,
        43 => 44,
        51 => 45,
        52 => 46,
        53 => 47,
        86 => 48,
        57 => 49,
        28 => 50,
        14 => 51,
        15 => 52,
        42 | 54 => 53,
        29 | 97 => 54,
        56 => 55,
        100 => 56,
        125 | 126 => 57,
        58 => 58,
        1 => 59,
        103 => 60,
        108 => 61,
        105 => 62,
        106 => 63,
        102 | 107 => 64,
        104 | 109 => 65,
        111 => 66,
        110 | 99 | 70 | 119 | 127 => 67,
        59..=68 | 87 | 88 => 68,
        55 | 69 | 71..=83 | 96 | 98 => 69,
        _ => UNKNOWN,
    }
}

/// The token of the kind of movement that a key's token stands for: which of eight fingers by the ten-finger method, up
/// (digits and top row) or down (home and bottom row); space; modifiers; line ends; corrections; all others.
fn movement(token: u8) -> u8 {
    const FIRST: u8 = 70;
    // Fingers from the left little one (0) to the right little one (7).
    let upper = |finger: u8| FIRST + 2 * finger;
    let lower = |finger: u8| FIRST + 2 * finger + 1;
    const BY_COLUMN: [u8; 10] = [0, 1, 2, 3, 3, 4, 4, 5, 6, 7];
    let column = |first: u8| BY_COLUMN.get(usize::from(token - first)).copied().unwrap_or(7);
    match token {
        UNKNOWN => UNKNOWN,
        1..=10 => upper(column(1)),
        11..=20 => upper(column(11)),
        21..=29 => lower(column(21)),
        30..=36 => lower(column(30)),
        37..=40 => upper(7),
        41..=42 | 44 | 47 => lower(7),
        43 => upper(0),
        45 => lower(5),
        46 => lower(6),
        48 => lower(0),
        49 => FIRST + 16,
        53..=58 => FIRST + 17,
        50 | 52 => FIRST + 18,
        51 | 66 => FIRST + 19,
        _ => FIRST + 20,
    }
}

/// The class of a token.
pub fn class(token: u8) -> KeyClass {
    if (11..37).contains(&token) { KeyClass::Letter } else { KeyClass::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_token_in_range_and_letters_are_26() {
        assert!((0..=u16::MAX).all(|c| usize::from(token(Key::from_evdev(c))) < TOKENS));
        let letters = (0..=u16::MAX).filter(|c| class(token(Key::from_evdev(*c))) == KeyClass::Letter).count();
        assert_eq!(letters, 26);
        assert_eq!(token(Key::UNKNOWN), UNKNOWN);
        assert_eq!(token(Key::from_evdev(30)), 21);
    }

    #[test]
    fn movements_are_21_and_tell_fingers_apart() {
        let of = |evdev| KeyDetail::Movements.of(token(Key::from_evdev(evdev)));
        let all: std::collections::BTreeSet<u8> = (0..=u16::MAX).map(of).collect();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [[UNKNOWN].as_slice(), &(70..91).collect::<Vec<_>>()].concat());
        // F and G by the left index finger, H and J by the right one, R above F, A by the little finger.
        let [f, g, h, j, r, a] = [33, 34, 35, 36, 19, 30].map(of);
        assert!(f == g && h == j && f != h && r == f - 1 && a == 71, "{f} {g} {h} {j} {r} {a}");
        assert!((0..=u16::MAX).all(|c| KeyDetail::Nothing.of(token(Key::from_evdev(c))) == UNKNOWN));
    }
}
