//! Key names, JavaScript key codes and characters as physical keys of a US keyboard.
//!
//! To type a key through XTEST, its X keycode is [`Key::evdev`] + 8.

use std::{collections::HashMap, sync::LazyLock};
use stillyou_sense::keyboard::Key;

/// Left Shift.
pub const SHIFT: Key = Key::from_evdev(42);
/// Backspace.
pub const BACKSPACE: Key = Key::from_evdev(14);
/// The space bar.
pub const SPACE: Key = Key::from_evdev(57);
/// Enter.
pub const ENTER: Key = Key::from_evdev(28);

/// The key of a JavaScript `keyCode` (65 is A), [`Key::UNKNOWN`] for a code that is no key of a US keyboard. Left and
/// right modifiers share a code there: it is read as the left one.
pub fn from_javascript(code: u32) -> Key {
    BY_JAVASCRIPT.get(&code).copied().unwrap_or(Key::UNKNOWN)
}

/// The key of a name as recordings write it: the character (`a`, `A`, `.`), an X11 keysym name (`period`, `Return`,
/// `Shift_L`) or the Aalto set's own (`BKSP`, `CAPS_LOCK`); [`Key::UNKNOWN`] for any other.
pub fn from_name(name: &str) -> Key {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next())
        && let Some((key, _)) = from_char(c)
    {
        return key;
    }
    BY_NAME.get(name.to_ascii_lowercase().as_str()).copied().unwrap_or(Key::UNKNOWN)
}

/// The key that writes a character on a US keyboard, and whether Shift is held for it.
pub fn from_char(c: char) -> Option<(Key, bool)> {
    BY_CHAR.get(&c).copied()
}

/// evdev code, JavaScript codes (Firefox differs for three), names in lower case.
type Row = (u16, &'static [u32], &'static [&'static str]);

const NAMED: &[Row] = &[
    (1, &[27], &["escape", "esc"]),
    (14, &[8], &["bksp", "backspace", "\u{8}"]),
    (15, &[9], &["tab"]),
    (28, &[13], &["return", "enter"]),
    (29, &[17], &["ctrl", "control_l", "control"]),
    (42, &[16], &["shift", "shift_l"]),
    (54, &[], &["shift_r"]),
    (56, &[18], &["alt", "alt_l"]),
    (57, &[32], &["space"]),
    (58, &[20], &["caps_lock"]),
    (59, &[112], &["f1"]),
    (60, &[113], &["f2"]),
    (61, &[114], &["f3"]),
    (62, &[115], &["f4"]),
    (63, &[116], &["f5"]),
    (64, &[117], &["f6"]),
    (65, &[118], &["f7"]),
    (66, &[119], &["f8"]),
    (67, &[120], &["f9"]),
    (68, &[121], &["f10"]),
    (87, &[122], &["f11"]),
    (88, &[123], &["f12"]),
    (69, &[144], &["num_lk", "num_lock"]),
    (70, &[145], &["scr_lk", "scroll_lock"]),
    (55, &[106], &["num_mul", "kp_multiply"]),
    (71, &[103], &["num_7", "kp_7"]),
    (72, &[104], &["num_8", "kp_8"]),
    (73, &[105], &["num_9", "kp_9"]),
    (74, &[109], &["num_sub", "kp_subtract"]),
    (75, &[100], &["num_4", "kp_4"]),
    (76, &[101], &["num_5", "kp_5"]),
    (77, &[102], &["num_6", "kp_6"]),
    (78, &[107], &["num_add", "kp_add"]),
    (79, &[97], &["num_1", "kp_1"]),
    (80, &[98], &["num_2", "kp_2"]),
    (81, &[99], &["num_3", "kp_3"]),
    (82, &[96], &["num_0", "kp_0"]),
    (83, &[110], &["num_dec", "kp_decimal"]),
    (98, &[111], &["num_div", "kp_divide"]),
    (96, &[], &["kp_enter"]),
    (86, &[226], &["less"]),
    (97, &[], &["control_r"]),
    (100, &[225], &["alt_r", "iso_level3_shift"]),
    (102, &[36], &["home"]),
    (103, &[38], &["arw_up", "up"]),
    (104, &[33], &["pg_up", "prior", "page_up"]),
    (105, &[37], &["arw_left", "left"]),
    (106, &[39], &["arw_right", "right"]),
    (107, &[35], &["end"]),
    (108, &[40], &["arw_down", "down"]),
    (109, &[34], &["pg_down", "next", "page_down"]),
    (110, &[45], &["insert"]),
    (111, &[46], &["delete"]),
    (119, &[19], &["pause"]),
    (125, &[91], &["win", "super_l"]),
    (126, &[92], &["super_r"]),
    (127, &[93], &["menu"]),
    (12, &[189, 173], &["minus"]),
    (13, &[187, 61], &["equal"]),
    (26, &[219], &["bracketleft"]),
    (27, &[221], &["bracketright"]),
    (39, &[186, 59], &["semicolon"]),
    (40, &[222], &["apostrophe"]),
    (41, &[192], &["grave"]),
    (43, &[220], &["backslash"]),
    (51, &[188], &["comma"]),
    (52, &[190], &["period"]),
    (53, &[191], &["slash"]),
];

/// Runs of neighbouring keys: the evdev code of the first, the characters without and with Shift.
const RUNS: &[(u16, &str, &str)] = &[
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", ""),
    (15, "\t", ""),
    (28, "\n", ""),
];

static BY_CHAR: LazyLock<HashMap<char, (Key, bool)>> = LazyLock::new(|| {
    let mut map = HashMap::new();
    for &(first, plain, shifted) in RUNS {
        for (chars, shift) in [(plain, false), (shifted, true)] {
            for (code, c) in (first..).zip(chars.chars()) {
                map.insert(c, (Key::from_evdev(code), shift));
            }
        }
    }
    map
});

static BY_JAVASCRIPT: LazyLock<HashMap<u32, Key>> = LazyLock::new(|| {
    let letters_and_digits = ('0'..='9').chain('A'..='Z').filter_map(|c| Some((u32::from(c), from_char(c)?.0)));
    let named = NAMED.iter().flat_map(|&(code, js, _)| js.iter().map(move |&js| (js, Key::from_evdev(code))));
    letters_and_digits.chain(named).collect()
});

static BY_NAME: LazyLock<HashMap<&'static str, Key>> = LazyLock::new(|| {
    NAMED.iter().flat_map(|&(code, _, names)| names.iter().map(move |&name| (name, Key::from_evdev(code)))).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_keys() {
        for (js, evdev) in [(65, 30), (16, 42), (32, 57), (8, 14), (90, 44), (48, 11), (49, 2), (190, 52), (173, 12)] {
            assert_eq!(from_javascript(js).evdev(), evdev, "keycode {js}");
        }
        for js in [0, 7, 255, 65_536, u32::MAX] {
            assert_eq!(from_javascript(js), Key::UNKNOWN);
        }
        for (name, evdev) in
            [("a", 30), ("A", 30), ("period", 52), ("Return", 28), ("BKSP", 14), ("7", 8), ("?", 53), (" ", 57)]
        {
            assert_eq!(from_name(name).evdev(), evdev, "name {name}");
        }
        assert_eq!(from_name(""), Key::UNKNOWN);
        assert_eq!(from_name("ß"), Key::UNKNOWN);
    }

    #[test]
    fn every_letter_has_one_key() {
        let mut seen: Vec<u16> = ('a'..='z').map(|c| from_char(c).unwrap().0.evdev()).collect();
        for c in 'a'..='z' {
            let (key, shift) = from_char(c).unwrap();
            assert!(!shift);
            assert_eq!(from_char(c.to_ascii_uppercase()), Some((key, true)));
            assert_eq!(from_javascript(u32::from(c.to_ascii_uppercase())), key);
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 26);
        assert_eq!(from_char('m').unwrap().0.evdev(), 50);
        assert_eq!(from_char('\\').unwrap().0.evdev(), 43);
        assert_eq!(from_char('`').unwrap().0.evdev(), 41);
    }
}
