use super::*;
use crate::keyboard::SourceError;
use proptest::prelude::*;
use std::collections::HashSet;

const MS: u64 = 1_000;

fn event(key: u16, transition: Transition, at_ms: u64, device: u32) -> KeyEvent {
    KeyEvent {
        key: Key::from_evdev(key),
        transition,
        at: Micros(at_ms * MS),
        device: DeviceId(device),
        injected: false,
    }
}

fn down(key: u16, at_ms: u64) -> KeyEvent {
    event(key, Transition::Press, at_ms, 1)
}

fn up(key: u16, at_ms: u64) -> KeyEvent {
    event(key, Transition::Release, at_ms, 1)
}

/// (key, pressed, released) of every keystroke complete after `events`, times in milliseconds.
fn assemble(events: &[KeyEvent]) -> Vec<(u16, u64, u64)> {
    let mut assembler = Assembler::new();
    events.iter().for_each(|e| assembler.event(e));
    given(&mut assembler)
}

fn given(assembler: &mut Assembler) -> Vec<(u16, u64, u64)> {
    std::iter::from_fn(|| assembler.next_keystroke())
        .map(|k| (k.key.evdev(), k.pressed_at.0 / MS, k.released_at.0 / MS))
        .collect()
}

#[test]
fn rollover_comes_in_press_order() {
    assert_eq!(assemble(&[down(30, 0), down(31, 50), up(31, 90)]), []);
    assert_eq!(assemble(&[down(30, 0), down(31, 50), up(31, 90), up(30, 120)]), [(30, 0, 120), (31, 50, 90)]);
}

#[test]
fn a_stuck_key_is_dropped_and_stops_holding_up_the_rest() {
    let mut assembler = Assembler::new();
    for e in [down(30, 0), down(31, 50), up(31, 90)] {
        assembler.event(&e);
    }
    assembler.tick(Micros(5_000 * MS));
    assert_eq!(given(&mut assembler), []);
    assembler.tick(Micros(5_001 * MS));
    assert_eq!(given(&mut assembler), [(31, 50, 90)]);
    assembler.event(&up(30, 6_000));
    assert_eq!(given(&mut assembler), []);
}

#[test]
fn a_release_after_five_seconds_makes_no_keystroke() {
    assert_eq!(assemble(&[down(30, 0), up(30, 5_000)]), [(30, 0, 5_000)]);
    assert_eq!(assemble(&[down(30, 0), up(30, 5_001)]), []);
}

#[test]
fn a_lost_release_costs_only_its_own_keystroke() {
    assert_eq!(assemble(&[down(30, 0), down(30, 200), up(30, 280)]), [(30, 200, 280)]);
}

#[test]
fn a_release_alone_is_nothing() {
    assert_eq!(assemble(&[up(30, 10), down(31, 20), up(31, 60)]), [(31, 20, 60)]);
}

#[test]
fn a_release_stamped_before_its_press_is_not_its_release() {
    assert_eq!(assemble(&[down(30, 100), up(30, 90)]), []);
    assert_eq!(assemble(&[down(30, 100), up(30, 90), up(30, 150)]), [(30, 100, 150)]);
}

#[test]
fn the_same_key_of_two_keyboards_is_two_keys() {
    let events = [
        event(30, Transition::Press, 0, 1),
        event(30, Transition::Press, 30, 2),
        event(30, Transition::Release, 80, 1),
        event(30, Transition::Release, 100, 2),
    ];
    assert_eq!(assemble(&events), [(30, 0, 80), (30, 30, 100)]);
}

#[test]
fn keyboards_read_out_of_order_are_put_in_order() {
    let events = [
        event(30, Transition::Press, 20, 1),
        event(31, Transition::Press, 10, 2),
        event(30, Transition::Release, 80, 1),
        event(31, Transition::Release, 90, 2),
    ];
    assert_eq!(assemble(&events), [(31, 10, 90), (30, 20, 80)]);
}

#[test]
fn a_keyboard_unplugged_takes_its_held_keys_along() {
    let mut assembler = Assembler::new();
    let held = event(30, Transition::Press, 0, 1);
    for e in [held, event(31, Transition::Press, 20, 2), event(31, Transition::Release, 80, 2)] {
        assembler.event(&e);
    }
    assembler.observe(&Observation::DeviceRemoved { device: DeviceId(2) });
    assert_eq!(given(&mut assembler), []);
    assembler.observe(&Observation::DeviceRemoved { device: DeviceId(1) });
    assert_eq!(given(&mut assembler), [(31, 20, 80)]);
}

#[test]
fn lost_events_and_a_lost_source_end_held_keys() {
    for loss in [
        Observation::EventsLost { device: DeviceId(1) },
        Observation::Lost(SourceError::SinkClosed),
        Observation::Ready,
    ] {
        let mut assembler = Assembler::new();
        assembler.event(&down(30, 0));
        assembler.observe(&loss);
        assembler.event(&up(30, 50));
        assert_eq!(given(&mut assembler), []);
    }
}

#[test]
fn reset_forgets_everything_even_time() {
    let mut assembler = Assembler::new();
    for e in [down(30, 9_000), up(30, 9_080), down(31, 9_100)] {
        assembler.event(&e);
    }
    assembler.reset();
    assert_eq!(given(&mut assembler), []);
    for e in [up(31, 10), down(32, 20), up(32, 90)] {
        assembler.event(&e);
    }
    assert_eq!(given(&mut assembler), [(32, 20, 90)]);
}

#[test]
fn a_keystroke_with_an_injected_end_is_injected() {
    let mut assembler = Assembler::new();
    assembler.event(&down(30, 0));
    assembler.event(&KeyEvent { injected: true, ..copy(&up(30, 50)) });
    assert!(assembler.next_keystroke().unwrap().injected);
}

#[test]
fn debug_output_hides_which_key() {
    let mut assembler = Assembler::new();
    assembler.event(&down(30, 0));
    let text = format!("{assembler:?} {:?}", down(30, 0));
    assert!(text.contains("Key(hidden)") && !text.contains("30"), "{text}");
}

fn copy(e: &KeyEvent) -> KeyEvent {
    KeyEvent { key: e.key, transition: e.transition, at: e.at, device: e.device, injected: e.injected }
}

#[derive(Clone, Debug)]
enum Step {
    Event(KeyEvent),
    Tick(u64),
    Removed(u32),
    Take,
}

fn step() -> impl Strategy<Value = Step> {
    let time = 0..12_000_000u64;
    prop_oneof![
        12 => (0..4u16, any::<bool>(), time.clone(), 0..2u32, any::<bool>()).prop_map(|(key, press, at, device, injected)| {
            let transition = if press { Transition::Press } else { Transition::Release };
            Step::Event(KeyEvent { key: Key::from_evdev(key), transition, at: Micros(at), device: DeviceId(device), injected })
        }),
        1 => time.prop_map(Step::Tick),
        1 => (0..2u32).prop_map(Step::Removed),
        4 => Just(Step::Take),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_order_of_events_gives_sound_keystrokes(steps in proptest::collection::vec(step(), 0..120)) {
        let mut assembler = Assembler::new();
        let mut presses: Vec<(u16, u64)> = Vec::new();
        let mut given: Vec<Keystroke> = Vec::new();
        for step in &steps {
            match step {
                Step::Event(e) => {
                    if e.transition == Transition::Press {
                        presses.push((e.key.evdev(), e.at.0));
                    }
                    assembler.event(e);
                }
                Step::Tick(now) => assembler.tick(Micros(*now)),
                Step::Removed(device) => assembler.observe(&Observation::DeviceRemoved { device: DeviceId(*device) }),
                Step::Take => given.extend(assembler.next_keystroke()),
            }
        }
        given.extend(std::iter::from_fn(|| assembler.next_keystroke()));
        for pair in given.windows(2) {
            prop_assert!(pair[0].pressed_at <= pair[1].pressed_at);
        }
        for k in &given {
            prop_assert!(k.released_at >= k.pressed_at);
            prop_assert!(k.released_at.since(k.pressed_at) <= STUCK_AFTER);
            let used = presses.iter().position(|p| *p == (k.key.evdev(), k.pressed_at.0));
            prop_assert!(used.is_some(), "a keystroke without a press of its own");
            presses.swap_remove(used.unwrap());
        }
    }

    /// Clean typing (every key released within five seconds before it is pressed again) loses nothing.
    #[test]
    fn clean_typing_is_given_whole(
        holds in proptest::collection::vec((0..200_000u64, 1..180_000u64), 1..60)
    ) {
        let mut events = Vec::new();
        let mut at = 0;
        for (i, (gap, hold)) in holds.iter().enumerate() {
            at += gap;
            let key = Key::from_evdev(i as u16 + 1);
            let e = |transition, at| KeyEvent { key, transition, at: Micros(at), device: DeviceId(1), injected: false };
            events.push(e(Transition::Press, at));
            events.push(e(Transition::Release, at + hold));
        }
        events.sort_by_key(|e| e.at);
        let mut assembler = Assembler::new();
        let mut keys = HashSet::new();
        for e in &events {
            assembler.event(e);
            while let Some(k) = assembler.next_keystroke() {
                prop_assert_eq!(k.released_at.since(k.pressed_at).as_micros() as u64, holds[usize::from(k.key.evdev()) - 1].1);
                prop_assert!(keys.insert(k.key.evdev()));
            }
        }
        prop_assert_eq!(keys.len(), holds.len());
    }
}
