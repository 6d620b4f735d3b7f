//! Keys that nobody types, and places where nobody points, by chance, and how to find them whatever way they are kept.

use stillyou_sense::{
    Micros,
    keyboard::{Key, Keystroke},
    pointer::{PointerEvent, PointerKind},
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

/// Places on the screen, in pixels, far from each other.
pub const PLACES: [(i32, i32); 8] =
    [(1013, 611), (347, 129), (881, 743), (223, 401), (1201, 317), (569, 709), (937, 233), (431, 557)];

/// A path through the places, `times` over, each a movement of its own.
pub fn path(times: usize) -> Vec<PointerEvent> {
    let at = |time: usize, place: usize| Micros((time * 600_000 + place * 30_000) as u64);
    let event = |time, (place, (x, y)): (usize, &(i32, i32))| PointerEvent {
        at: at(time, place),
        kind: PointerKind::Move { x: *x, y: *y },
        injected: true,
    };
    (0..times).flat_map(|time| PLACES.iter().enumerate().map(move |place| event(time, place))).collect()
}

/// How the places are kept in `bytes`, if they are: the columns or the rows one after another, as numbers of any kind at an
/// even distance, or as decimal text.
pub fn places_found_in(bytes: &[u8]) -> Option<String> {
    for (name, values) in [("columns", PLACES.map(|(x, _)| x)), ("rows", PLACES.map(|(_, y)| y))] {
        let kinds: [(&str, Vec<Vec<u8>>); 4] = [
            ("16 bits", values.iter().map(|v| (*v as i16).to_le_bytes().to_vec()).collect()),
            ("32 bits", values.iter().map(|v| v.to_le_bytes().to_vec()).collect()),
            ("floats", values.iter().map(|v| (*v as f32).to_le_bytes().to_vec()).collect()),
            ("doubles", values.iter().map(|v| f64::from(*v).to_le_bytes().to_vec()).collect()),
        ];
        for (kind, parts) in kinds {
            let first = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(&parts[0]));
            let mut tried = first.flat_map(|at| (2..=MAX_STRIDE).map(move |stride| (at, stride)));
            let all = |(at, stride): &(usize, usize)| {
                let part =
                    |(i, part): (usize, &Vec<u8>)| bytes.get(at + i * stride..).is_some_and(|b| b.starts_with(part));
                parts.iter().enumerate().all(part)
            };
            if let Some((at, stride)) = tried.find(all) {
                return Some(format!("{name} as {kind}, {stride} bytes apart, at {at}"));
            }
        }
        let numbers: Vec<Option<i32>> = bytes
            .split(|b| !b.is_ascii_digit())
            .filter(|digits| !digits.is_empty())
            .map(|digits| std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()))
            .collect();
        for stride in 1..=8 {
            let at = |from: usize| (0..values.len()).all(|i| numbers.get(from + i * stride) == Some(&Some(values[i])));
            if (0..numbers.len()).any(at) {
                return Some(format!("{name} as decimal text, every {stride}"));
            }
        }
    }
    None
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

#[test]
fn places_are_found_however_they_are_kept() {
    let mut bytes = vec![7; 10_000];
    PLACES.iter().enumerate().for_each(|(i, (x, _))| bytes[100 + i * 32..][..4].copy_from_slice(&x.to_le_bytes()));
    assert!(places_found_in(&bytes).unwrap().contains("columns as 16 bits, 32"));
    bytes[100 + 32..][..4].copy_from_slice(&[0; 4]);
    assert_eq!(places_found_in(&bytes), None);
    let rows: Vec<u8> = PLACES.iter().flat_map(|(_, y)| (*y as f32).to_le_bytes()).collect();
    assert!(places_found_in(&rows).unwrap().contains("rows as floats, 4"));
    let text: String = PLACES.iter().map(|(x, y)| format!("{{\"x\":{x},\"y\":{y}}},")).collect();
    assert!(places_found_in(text.as_bytes()).unwrap().contains("decimal text, every 2"));
}
