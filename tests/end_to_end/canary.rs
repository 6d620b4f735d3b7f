//! Keys that nobody types by chance, and how to find them whatever way they are kept.

use stillyou_sense::{
    Micros,
    keyboard::{Key, Keystroke},
};

/// Letter and evdev code: no letter twice, no word.
pub const KEYS: [(char, u16); 12] = [
    ('q', 16),
    ('j', 36),
    ('z', 44),
    ('v', 47),
    ('x', 45),
    ('k', 37),
    ('w', 17),
    ('p', 25),
    ('f', 33),
    ('y', 21),
    ('m', 50),
    ('b', 48),
];

/// The furthest apart that two keys of the canary may lie: larger than any event or keystroke, twice.
const MAX_STRIDE: usize = 512;

/// The canary, typed `times` over: one key after the other, as nobody types.
pub fn keystrokes(times: usize) -> Vec<Keystroke> {
    let keys = KEYS.iter().cycle().take(times * KEYS.len());
    let stroke = |(i, (_, code)): (usize, &(char, u16))| {
        let at = 60_000 * i as u64;
        Keystroke {
            key: Key::from_evdev(*code),
            pressed_at: Micros(at),
            released_at: Micros(at + 35_000),
            injected: true,
        }
    };
    keys.enumerate().map(stroke).collect()
}

/// How the canary is kept in `bytes`, if it is: as letters, evdev codes, X key codes or the network's tokens, each key
/// in a byte of its own at an even distance (so in wider integers, structures and tensors as well), or as decimal text.
pub fn found_in(bytes: &[u8]) -> Option<String> {
    let code = |to: fn(u8) -> u8| KEYS.map(|(_, evdev)| to(evdev as u8));
    let encodings = [
        ("letters", KEYS.map(|(letter, _)| letter as u8)),
        ("capitals", KEYS.map(|(letter, _)| letter.to_ascii_uppercase() as u8)),
        ("evdev codes", code(|evdev| evdev)),
        ("X key codes", code(|evdev| evdev + 8)),
        ("tokens", code(token)),
    ];
    for (name, canary) in encodings {
        if let Some((at, stride)) = at_even_distance(bytes, &canary) {
            return Some(format!("{name}, {stride} bytes apart, at {at}"));
        }
        if as_decimal_text(bytes, &canary) {
            return Some(format!("{name}, as decimal text"));
        }
    }
    None
}

/// A letter key's token in the network; written down here a second time on purpose.
fn token(evdev: u8) -> u8 {
    match evdev {
        16..=25 => evdev - 5,
        30..=38 => evdev - 9,
        _ => evdev - 14,
    }
}

fn at_even_distance(bytes: &[u8], canary: &[u8; 12]) -> Option<(usize, usize)> {
    let first = (0..bytes.len()).filter(|&at| bytes[at] == canary[0]);
    first
        .flat_map(|at| (1..=MAX_STRIDE).map(move |stride| (at, stride)))
        .find(|&(at, stride)| canary.iter().enumerate().skip(1).all(|(i, key)| bytes.get(at + i * stride) == Some(key)))
}

fn as_decimal_text(bytes: &[u8], canary: &[u8; 12]) -> bool {
    let numbers = bytes.split(|b| !b.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let numbers: Vec<Option<u8>> =
        numbers.map(|digits| std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok())).collect();
    numbers.windows(canary.len()).any(|window| window.iter().zip(canary).all(|(number, key)| *number == Some(*key)))
}

#[test]
fn a_canary_is_found_however_it_is_kept() {
    for stride in [1, 2, 8, 24, 32, 68, 512] {
        let mut bytes = vec![7; 10_000];
        KEYS.iter().enumerate().for_each(|(i, (_, code))| bytes[100 + i * stride] = *code as u8);
        assert!(found_in(&bytes).unwrap().contains("evdev"), "{stride}");
        bytes[100 + 5 * stride] = 0;
        assert_eq!(found_in(&bytes), None);
    }
    assert!(found_in(b"\"keys\":[16, 36,44,47,45,37,17,25,33,21,50,48]").unwrap().contains("decimal"));
    assert!(found_in(b"..qjzvxkwpfymb..").unwrap().contains("letters"));
    assert_eq!(found_in(b"nothing of the kind 16 36 44"), None);
}
