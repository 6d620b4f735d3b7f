use stillyou_sense::keyboard::Key;

/// Fingers from the left little finger (0) to the right one (7), and the thumbs (8).
pub const FINGERS: usize = 9;

/// What a hand does from one key to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Repeat,
    SameFinger,
    SameHand,
    OtherHand,
    ToSpace,
    FromSpace,
}

impl Move {
    pub const COUNT: usize = 6;

    pub fn between(from: Key, to: Key) -> Self {
        let (a, b) = (finger(from), finger(to));
        match () {
            () if from == to => Move::Repeat,
            () if b == THUMB => Move::ToSpace,
            () if a == THUMB => Move::FromSpace,
            () if a == b => Move::SameFinger,
            () if (a < 4) == (b < 4) => Move::SameHand,
            () => Move::OtherHand,
        }
    }
}

const THUMB: usize = 8;

/// The finger that presses a key in ten-finger typing.
pub fn finger(key: Key) -> usize {
    const ROWS: [(u16, &[u8]); 4] = [
        (2, &[0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 7, 7, 7]),
        (16, &[0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 7, 7]),
        (30, &[0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 7]),
        (43, &[7, 0, 1, 2, 3, 3, 4, 4, 5, 6, 7]),
    ];
    let code = key.evdev();
    if code == 57 {
        return THUMB;
    }
    if code == 42 || code == 58 {
        return 0;
    }
    let in_row = ROWS.iter().find_map(|(first, fingers)| fingers.get(usize::from(code.checked_sub(*first)?)));
    in_row.map_or(7, |f| usize::from(*f))
}

/// A key next to this one in its row of letters, to be hit by mistake.
pub fn neighbour(key: Key, right: bool) -> Option<Key> {
    const ROWS: [std::ops::RangeInclusive<u16>; 3] = [16..=25, 30..=38, 44..=50];
    let code = key.evdev();
    let row = ROWS.iter().find(|row| row.contains(&code))?;
    let beside = if right { code + 1 } else { code - 1 };
    let inside = if row.contains(&beside) { beside } else { 2 * code - beside };
    Some(Key::from_evdev(inside))
}

/// Whether a key writes a letter.
pub fn is_letter(key: Key) -> bool {
    matches!(key.evdev(), 16..=25 | 30..=38 | 44..=50)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::from_char;

    fn key(c: char) -> Key {
        from_char(c).unwrap().0
    }

    #[test]
    fn fingers_and_moves() {
        for (c, f) in
            [('a', 0), ('q', 0), ('e', 2), ('t', 3), ('b', 3), ('n', 4), ('k', 5), ('o', 6), ('p', 7), (' ', 8)]
        {
            assert_eq!(finger(key(c)), f, "{c}");
        }
        for (a, b, m) in [
            ('e', 'e', Move::Repeat),
            ('e', 'd', Move::SameFinger),
            ('e', 'r', Move::SameHand),
            ('t', 'h', Move::OtherHand),
            ('e', ' ', Move::ToSpace),
            (' ', 'a', Move::FromSpace),
        ] {
            assert_eq!(Move::between(key(a), key(b)), m, "{a}{b}");
        }
        assert_eq!(neighbour(key('q'), false), Some(key('w')));
        assert_eq!(neighbour(key('m'), true), Some(key('n')));
        assert_eq!(neighbour(key('g'), true), Some(key('h')));
        assert_eq!(neighbour(key('.'), true), None);
    }
}
