use crate::keyboard::Key;

/// The key of a virtual key code (`kVK_…` of `HIToolbox/Events.h`), which names a place on the keyboard, not a letter.
///
/// On ISO keyboards the codes 10 and 50 are swapped; one person's keyboard does that always or never.
pub(super) fn key(code: i64) -> Key {
    usize::try_from(code).ok().and_then(|code| EVDEV.get(code)).map_or(Key::UNKNOWN, |evdev| Key::from_evdev(*evdev))
}

/// Where a modifier's own bit is in the flags of an event (`NX_DEVICE…KEYMASK` of `IOLLEvent.h`). Caps Lock has none:
/// its flag tells the lock, not the key.
pub(super) fn modifier_flag(code: i64) -> Option<u64> {
    Some(match code {
        59 => 0x1,
        56 => 0x2,
        60 => 0x4,
        55 => 0x8,
        54 => 0x10,
        58 => 0x20,
        61 => 0x40,
        62 => 0x2000,
        63 => 0x80_0000,
        _ => return None,
    })
}

/// evdev codes by virtual key code, 0 where there is no such key.
#[rustfmt::skip]
const EVDEV: [u16; 128] = [
    30, 31, 32, 33, 35, 34, 44, 45, 46, 47, 86, 48, 16, 17, 18, 19,
    21, 20, 2, 3, 4, 5, 7, 6, 13, 10, 8, 12, 9, 11, 27, 24,
    22, 26, 23, 25, 28, 38, 36, 40, 37, 39, 43, 51, 53, 49, 50, 52,
    15, 57, 41, 14, 0, 1, 126, 125, 42, 58, 56, 29, 54, 100, 97, 464,
    187, 83, 0, 55, 0, 78, 0, 69, 0, 0, 0, 98, 96, 0, 74, 188,
    189, 117, 82, 79, 80, 81, 75, 76, 77, 71, 190, 72, 73, 124, 89, 121,
    63, 64, 65, 61, 66, 67, 94, 87, 93, 183, 186, 184, 0, 68, 0, 88,
    0, 185, 110, 102, 104, 111, 62, 107, 60, 109, 59, 105, 106, 108, 103, 0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_by_their_place() {
        for (code, evdev) in
            [(0, 30), (12, 16), (49, 57), (36, 28), (51, 14), (53, 1), (56, 42), (60, 54), (123, 105), (122, 59)]
        {
            assert_eq!(key(code).evdev(), evdev, "{code}");
        }
        for code in [-1, 52, 127, 128, i64::MAX] {
            assert_eq!(key(code), Key::UNKNOWN, "{code}");
        }
    }

    #[test]
    fn no_two_keys_share_a_code() {
        let mut codes: Vec<u16> = EVDEV.into_iter().filter(|code| *code != 0).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    #[test]
    fn every_modifier_has_its_own_flag() {
        let flags: Vec<u64> = (0..128).filter_map(modifier_flag).collect();
        assert_eq!(flags.len(), 9);
        assert_eq!(flags.iter().fold(0, |all, flag| all | flag).count_ones(), 9);
    }
}
