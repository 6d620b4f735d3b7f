use crate::keyboard::Key;

/// The key of a scan code of set 1, as the low-level hook tells it; `extended` is its E0 prefix.
///
/// evdev took its codes from this set, so that most are the same (`KEY_ESC` = 1 … `KEY_KPDOT` = 83); the rest is by the
/// kernel's own table (`atkbd.c`). The hook sets `extended` for the right Shift and for Num Lock, which have no prefix.
pub(super) fn key(scan: u32, extended: bool) -> Key {
    let code = match (scan, extended) {
        (0x36, _) => 54,
        (0x45, true) => 69,
        (0x45, false) => 119,
        (0x54, false) => 99,
        (0x01..=0x53, false) => scan as u16,
        (0x56, false) => 86,
        (0x57, false) => 87,
        (0x58, false) => 88,
        (0x70, false) => 93,
        (0x73, false) => 89,
        (0x79, false) => 92,
        (0x7b, false) => 94,
        (0x7d, false) => 124,
        (0x1c, true) => 96,
        (0x1d, true) => 97,
        (0x35, true) => 98,
        (0x37, true) => 99,
        (0x38, true) => 100,
        (0x46, true) => 119,
        (0x47, true) => 102,
        (0x48, true) => 103,
        (0x49, true) => 104,
        (0x4b, true) => 105,
        (0x4d, true) => 106,
        (0x4f, true) => 107,
        (0x50, true) => 108,
        (0x51, true) => 109,
        (0x52, true) => 110,
        (0x53, true) => 111,
        (0x5b, true) => 125,
        (0x5c, true) => 126,
        (0x5d, true) => 127,
        _ => return Key::UNKNOWN,
    };
    Key::from_evdev(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn keys_by_their_place() {
        for (scan, extended, evdev) in [
            (0x1e, false, 30),
            (0x39, false, 57),
            (0x1d, false, 29),
            (0x1d, true, 97),
            (0x53, false, 83),
            (0x53, true, 111),
        ] {
            assert_eq!(key(scan, extended).evdev(), evdev, "{scan:#x} {extended}");
        }
        assert_eq!(key(0, false), Key::UNKNOWN);
        assert_eq!(key(0x20ac, false), Key::UNKNOWN);
    }

    #[test]
    fn no_two_keys_share_a_code() {
        let mut seen: BTreeMap<u16, Vec<(u32, bool)>> = BTreeMap::new();
        for scan in 0..=0xff {
            for extended in [false, true] {
                let found = key(scan, extended);
                if found != Key::UNKNOWN {
                    seen.entry(found.evdev()).or_default().push((scan, extended));
                }
            }
        }
        // Told in two ways: the right Shift, Print with and without Alt, Pause with and without Ctrl.
        let twice: Vec<u16> = seen.iter().filter(|(_, ways)| ways.len() > 1).map(|(code, _)| *code).collect();
        assert_eq!(twice, [54, 99, 119]);
        assert_eq!(seen.len(), 83 + 3 + 5 + 20 - 1);
    }
}
