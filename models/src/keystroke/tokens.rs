use stillyou_sense::keyboard::Key;

/// How many tokens there are, [`UNKNOWN`] included.
pub const TOKENS: usize = 70;

/// The token of a key that is not in the table.
pub const UNKNOWN: u8 = 0;

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
}
