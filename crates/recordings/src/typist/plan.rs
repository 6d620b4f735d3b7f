use super::{
    draw::repeats,
    hands::{is_letter, neighbour},
    person::Traits,
};
use crate::keys::{BACKSPACE, SHIFT, from_char};
use rand::{Rng, RngExt};
use stillyou_sense::keyboard::Key;

const CAPS_LOCK: Key = Key::from_evdev(58);

/// A key that will be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    pub key: Key,
    /// Shift, held for the key after it.
    pub holds_next: bool,
}

/// The keys a person will press for a text: with their mistakes, how long they take to see one, backspaces and the
/// text again.
pub fn plan<R: Rng>(text: &str, traits: &Traits, rng: &mut R) -> Vec<Planned> {
    let wanted: Vec<(Key, bool)> = text.chars().filter_map(from_char).collect();
    let mut keys = Vec::with_capacity(wanted.len() * 5 / 4);
    let mut at = 0;
    while let Some(&(key, shift)) = wanted.get(at) {
        let slip = if rng.random_bool(traits.errs) { slip(key, &wanted[at..], rng) } else { None };
        let Some(wrong) = slip else {
            press(key, shift, traits, &mut keys);
            at += 1;
            continue;
        };
        let swapped = wrong.len();
        let more = repeats(0.45, rng).saturating_sub(swapped - 1).min(wanted.len() - at - swapped);
        let typed = wrong.into_iter().chain(wanted[at + swapped..at + swapped + more].iter().copied());
        let typed: Vec<_> = typed.collect();
        typed.iter().for_each(|&(key, shift)| press(key, shift, traits, &mut keys));
        if rng.random_bool(0.9) {
            keys.extend(std::iter::repeat_n(Planned { key: BACKSPACE, holds_next: false }, typed.len()));
        } else {
            at += typed.len();
        }
    }
    keys
}

/// What is typed instead: mostly the key beside it, sometimes two letters in the wrong order.
fn slip<R: Rng>(key: Key, ahead: &[(Key, bool)], rng: &mut R) -> Option<Vec<(Key, bool)>> {
    match ahead {
        [a, b, ..] if is_letter(a.0) && is_letter(b.0) && a != b && rng.random_bool(0.1) => Some(vec![*b, *a]),
        _ => Some(vec![(neighbour(key, rng.random())?, false)]),
    }
}

fn press(key: Key, shift: bool, traits: &Traits, keys: &mut Vec<Planned>) {
    let plain = |key| Planned { key, holds_next: false };
    match (shift, traits.caps_lock && is_letter(key)) {
        (false, _) => keys.push(plain(key)),
        (true, false) => keys.extend([Planned { key: SHIFT, holds_next: true }, plain(key)]),
        (true, true) => keys.extend([plain(CAPS_LOCK), plain(key), plain(CAPS_LOCK)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SPACE;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// What stands on the screen after the keys, ignoring capitals.
    fn written(keys: &[Planned]) -> Vec<Key> {
        let mut screen = Vec::new();
        for k in keys {
            match k.key {
                BACKSPACE => drop(screen.pop()),
                SHIFT | CAPS_LOCK => {}
                key => screen.push(key),
            }
        }
        screen
    }

    #[test]
    fn corrected_text_is_the_text() {
        let text = "The quick brown fox jumps over the lazy dog, twice.";
        let wanted: Vec<Key> = text.chars().map(|c| from_char(c).unwrap().0).collect();
        let (mut exact, mut corrected) = (0, 0);
        for seed in 0..200 {
            let mut traits = Traits::draw(seed);
            traits.errs = 0.08;
            let keys = plan(text, &traits, &mut ChaCha8Rng::seed_from_u64(seed));
            let screen = written(&keys);
            assert_eq!(screen.len(), wanted.len(), "seed {seed}");
            assert_eq!(screen.iter().filter(|k| **k == SPACE).count(), 9, "seed {seed}");
            exact += usize::from(screen == wanted);
            corrected += usize::from(keys.iter().any(|k| k.key == BACKSPACE));
        }
        assert!(exact > 100 && exact < 200, "{exact}");
        assert!(corrected > 150, "{corrected}");
    }
}
