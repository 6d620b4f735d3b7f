use super::*;
use crate::keystroke::WINDOW;
use proptest::prelude::*;
use stillyou_recordings::typist::Typist;
use stillyou_sense::{Micros, keyboard::Key};

fn typed(seed: u64, count: usize) -> Vec<Keystroke> {
    Typist::new(seed).typing(1).take(count).collect()
}

fn stroke(key: Key, pressed_us: u64, hold_us: u64) -> Keystroke {
    Keystroke { key, pressed_at: Micros(pressed_us), released_at: Micros(pressed_us + hold_us), injected: false }
}

/// Plays keystrokes as the agent does; how often each sign was found, and after how many keystrokes the first.
fn found(pad: &mut Pad, typed: &[Keystroke]) -> (usize, usize, Option<usize>) {
    let (mut machine, mut replay, mut first) = (0, 0, None);
    for (at, stroke) in typed.iter().enumerate() {
        pad.push(stroke);
        if (at + 1) % 10 == 0 && at + 1 >= 20 {
            let finding = pad.judge(&typed[(at + 1).saturating_sub(WINDOW)..=at]);
            first = first.or(finding.map(|_| at + 1));
            match finding.map(|f| f.sign) {
                Some(Sign::Machine) => machine += 1,
                Some(Sign::Replay) => replay += 1,
                None => {}
            }
        }
    }
    (machine, replay, first)
}

/// Made-up people's times are drawn one by one, as a forger's: a few who type very evenly are taken for a machine. None
/// of those that tests and demo use is.
#[test]
fn made_up_people_are_people() {
    let taken = |seed: &u64| found(&mut Pad::new(), &typed(*seed, 1_500)) != (0, 0, None);
    for seed in [1, 2, 4, 5, 9, 14] {
        assert!(!taken(&seed), "typist {seed}");
    }
    let taken: Vec<u64> = (700..720).filter(taken).collect();
    assert!(taken.len() <= 3, "{taken:?}");
}

#[test]
fn a_machine_is_found_within_a_hundred_keystrokes() {
    let text = typed(1, 200);
    let mut state = 1u64;
    let mut noise_us = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 10_000
    };
    let robot: Vec<Keystroke> =
        (1..).zip(&text).map(|(at, k)| stroke(k.key, at * 160_000 + noise_us(), 85_000 + noise_us())).collect();
    let paste: Vec<Keystroke> = (1..).zip(&text).map(|(at, k)| stroke(k.key, at * 200, 100)).collect();
    for machine in [robot, paste] {
        let (machine, _, first) = found(&mut Pad::new(), &machine);
        assert!(machine > 5 && first <= Some(100), "{machine} {first:?}");
    }
}

#[test]
fn what_was_typed_before_is_found_and_what_is_typed_again_is_not() {
    let mut pad = Pad::new();
    let before = typed(2, 400);
    assert_eq!(found(&mut pad, &before), (0, 0, None));
    pad.settle();
    let shift = before[399].released_at.0 + 5_000_000;
    let replayed: Vec<Keystroke> = before[100..300]
        .iter()
        .enumerate()
        .map(|(i, k)| {
            let jitter = (i as u64 * 7_919) % 6_000;
            stroke(k.key, k.pressed_at.0 + shift + jitter, k.released_at.0 - k.pressed_at.0 + jitter / 2)
        })
        .collect();
    let (_, replay, first) = found(&mut pad, &replayed);
    assert!(replay >= 15 && first <= Some(40), "{replay} {first:?}");

    // The same person writes the same text again by hand.
    let typist = Typist::new(3);
    let text = "the quick brown fox jumps over the lazy dog and runs away from all of them";
    let mut pad = Pad::new();
    let mut at = 0;
    for day in 0..30 {
        let mut again = typist.type_text(text, day);
        again.iter_mut().for_each(|k| (k.pressed_at.0, k.released_at.0) = (k.pressed_at.0 + at, k.released_at.0 + at));
        at = again.last().unwrap().released_at.0 + 2_000_000;
        assert_eq!(found(&mut pad, &again).1, 0, "day {day}");
    }
}

#[test]
fn tapping_one_key_is_no_machine_and_no_replay() {
    let down = Key::from_evdev(108);
    let taps: Vec<Keystroke> = (1..=600u64)
        .map(|i| stroke(down, i * 140_000 + (i * 7_919) % 20_000, 60_000 + (i * 104_729) % 15_000))
        .collect();
    assert_eq!(found(&mut Pad::new(), &taps), (0, 0, None));
}

#[test]
fn a_finding_speaks_against_the_person_at_full_quality() {
    let finding = Finding { sign: Sign::Replay, nats: 14.0 };
    let evidence = finding.evidence().unwrap();
    assert_eq!((evidence.llr_nats, evidence.quality), (-14.0, Quality::FULL));
    assert_eq!(evidence.attribution[0].feature, "typing that repeats itself");
}

#[test]
fn nothing_remembered_is_printed() {
    let mut pad = Pad::new();
    typed(4, 10).iter().for_each(|k| pad.push(k));
    assert!(format!("{pad:?}").contains("10 keystrokes, times hidden"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes, an answer is finite and speaks against the person.
    #[test]
    fn no_typing_breaks_it(times in prop::collection::vec((any::<u16>(), any::<u64>(), any::<u64>()), 0..160)) {
        let mut pad = Pad::new();
        let mut typed: Vec<Keystroke> = times
            .iter()
            .map(|(key, a, b)| Keystroke {
                key: Key::from_evdev(key % 128),
                pressed_at: Micros(*a.min(b)),
                released_at: Micros(*a.max(b)),
                injected: false,
            })
            .collect();
        for _ in 0..2 {
            for end in 0..typed.len() {
                pad.push(&typed[end]);
                if let Some(finding) = pad.judge(&typed[end.saturating_sub(49)..=end]) {
                    prop_assert!(finding.nats.is_finite() && finding.nats > 0.0);
                }
            }
            typed.sort_by_key(|k| k.pressed_at);
        }
    }
}

#[test]
fn a_finding_takes_the_place_of_evidence_that_weighs_less() {
    let finding = Finding { sign: Sign::Machine, nats: 6.0 };
    let plain = |llr_nats, quality| {
        Evidence::new(Modality::Keystroke, llr_nats, Quality::new(quality).unwrap(), Vec::new()).unwrap()
    };
    assert!(finding.outweighs(&plain(3.0, 1.0)) && finding.outweighs(&plain(-5.0, 1.0)));
    assert!(!finding.outweighs(&plain(-9.0, 1.0)));
    // Pasted text: the network is sure, and the window is worth nothing.
    assert!(finding.outweighs(&plain(-9.0, 0.0)));
}
