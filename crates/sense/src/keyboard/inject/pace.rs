use super::InjectError;
use crate::{
    Micros,
    keyboard::{Key, Keystroke, Transition},
};
use std::{ops::ControlFlow, thread, time::Duration};

/// Sleeping is late by about this much, so the rest is spun.
const SPIN: Duration = Duration::from_micros(300);

/// Plays `keystrokes` in real time, starting now, as far from each other as their stamps say, overlapping where they
/// overlap. `on_key` gets each keystroke's index right after its press; a break stops. Keys still down then come up.
pub(super) fn play(
    keystrokes: &[Keystroke],
    most: u16,
    mut emit: impl FnMut(Key, Transition) -> Result<(), InjectError>,
    mut on_key: impl FnMut(usize) -> ControlFlow<()>,
) -> Result<(), InjectError> {
    let moves = schedule(keystrokes, most)?;
    let Some(first) = moves.first() else { return Ok(()) };
    let (begin, offset) = (Micros::now(), first.at);
    let mut down: Vec<usize> = Vec::new();
    let mut result = Ok(());
    for m in &moves {
        wait_until(begin.plus(m.at.since(offset)));
        let key = keystrokes[m.index].key;
        result = emit(key, m.transition);
        if result.is_err() {
            break;
        }
        match m.transition {
            Transition::Release => down.retain(|i| *i != m.index),
            Transition::Press => {
                down.push(m.index);
                if on_key(m.index).is_break() {
                    break;
                }
            }
        }
    }
    for index in down {
        let released = emit(keystrokes[index].key, Transition::Release);
        result = result.and(released);
    }
    result
}

/// Waits until `time`, late by some microseconds at most unless the machine is busy.
pub(crate) fn wait_until(time: Micros) {
    let left = time.since(Micros::now());
    if left > SPIN {
        thread::sleep(left - SPIN);
    }
    while Micros::now() < time {
        std::hint::spin_loop();
    }
}

struct Move {
    at: Micros,
    transition: Transition,
    index: usize,
}

fn schedule(keystrokes: &[Keystroke], most: u16) -> Result<Vec<Move>, InjectError> {
    let mut moves = Vec::with_capacity(2 * keystrokes.len());
    for (index, k) in keystrokes.iter().enumerate() {
        if k.key.evdev() > most {
            return Err(InjectError::Key { index, most });
        }
        if k.released_at < k.pressed_at {
            return Err(InjectError::Order { index });
        }
        moves.push(Move { at: k.pressed_at, transition: Transition::Press, index });
        moves.push(Move { at: k.released_at, transition: Transition::Release, index });
    }
    // Stable, and a keystroke's press stands before its release: one without duration stays in order.
    moves.sort_by_key(|m| m.at);
    Ok(moves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(key: u16, pressed: u64, released: u64) -> Keystroke {
        let key = Key::from_evdev(key);
        Keystroke { key, pressed_at: Micros(pressed), released_at: Micros(released), injected: false }
    }

    fn played(keystrokes: &[Keystroke], stop_at: usize) -> (Vec<(u16, Transition)>, Result<(), InjectError>) {
        let mut emitted = Vec::new();
        let emit = |key: Key, t| {
            emitted.push((key.evdev(), t));
            Ok(())
        };
        let on_key = |i| if i == stop_at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        let result = play(keystrokes, 247, emit, on_key);
        (emitted, result)
    }

    use Transition::{Press, Release};

    #[test]
    fn overlapping_keys_overlap() {
        let (emitted, result) = played(&[stroke(30, 5_000, 7_000), stroke(31, 6_000, 8_000)], usize::MAX);
        assert_eq!((emitted, result), (vec![(30, Press), (31, Press), (30, Release), (31, Release)], Ok(())));
    }

    #[test]
    fn breaking_off_lets_every_key_come_up() {
        let keys = [stroke(30, 0, 9_000), stroke(31, 1_000, 8_000), stroke(32, 2_000, 3_000)];
        let (emitted, result) = played(&keys, 1);
        assert_eq!((emitted, result), (vec![(30, Press), (31, Press), (30, Release), (31, Release)], Ok(())));
    }

    #[test]
    fn what_can_not_be_typed_is_named_before_anything_is() {
        let (emitted, result) = played(&[stroke(30, 0, 1), stroke(400, 1, 2)], usize::MAX);
        assert_eq!((emitted, result), (vec![], Err(InjectError::Key { index: 1, most: 247 })));
        let (emitted, result) = played(&[stroke(30, 2, 1)], usize::MAX);
        assert_eq!((emitted, result), (vec![], Err(InjectError::Order { index: 0 })));
    }
}
