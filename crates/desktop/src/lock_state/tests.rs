use proptest::prelude::*;

use super::*;

fn view(readings: [Reading; 4]) -> LockView {
    LockView { readings }
}

fn lost() -> Reading {
    Reading::Lost("gone".into())
}

#[test]
fn unsure_until_every_signal_was_read() {
    let mut view = LockView::default();
    assert_eq!(view.state(), LockState::Unsure);
    for signal in [LockSignal::LogindHint, LockSignal::ScreenSaver, LockSignal::OwnLocker] {
        let change = view.apply(signal, Reading::Unlocked);
        assert_eq!(change, None);
        assert_eq!(view.state(), LockState::Unsure);
    }
    let change = view.apply(LockSignal::KeyboardGrab, Reading::Absent).unwrap();
    assert_eq!(
        (change.state, change.by, change.capture_must_stop()),
        (LockState::Unlocked, LockSignal::KeyboardGrab, false)
    );
}

#[test]
fn one_signal_that_says_locked_is_enough() {
    for at in 0..4 {
        let mut readings = [Reading::Unlocked, lost(), Reading::Unread, Reading::Absent];
        readings[at] = Reading::Locked;
        let view = view(readings);
        assert_eq!(view.state(), LockState::Locked);
        assert_eq!(view.locked_by(), vec![SIGNALS[at]]);
    }
}

#[test]
fn the_absence_of_our_own_locker_is_no_sight_of_an_open_screen() {
    let view = view([Reading::Absent, Reading::Absent, Reading::Unlocked, Reading::Absent]);
    assert_eq!(view.state(), LockState::Unsure);
    assert!(view.why_unsure().unwrap().contains("nothing on this desktop"));
}

#[test]
fn a_lost_signal_is_unsure_and_says_why_until_it_returns() {
    let mut view = view([Reading::Unlocked, Reading::Absent, Reading::Unlocked, Reading::Unlocked]);
    let change = view.apply(LockSignal::LogindHint, lost()).unwrap();
    assert_eq!((change.state, change.why.as_deref()), (LockState::Unsure, Some("gone")));
    assert!(change.capture_must_stop());
    assert_eq!(view.apply(LockSignal::LogindHint, lost()), None);
    let change = view.apply(LockSignal::LogindHint, Reading::Unlocked).unwrap();
    assert_eq!((change.state, change.by, change.why), (LockState::Unlocked, LockSignal::LogindHint, None));
}

#[test]
fn a_menu_is_no_lock_and_a_locker_is() {
    let s = Duration::from_millis;
    let mut grab = GrabDebounce::default();
    assert_eq!(grab.look(true, s(0)), Reading::Unlocked);
    assert_eq!(grab.look(true, s(2000)), Reading::Unlocked);
    assert_eq!(grab.look(false, s(2050)), Reading::Unlocked);
    assert_eq!(grab.look(true, s(2100)), Reading::Unlocked, "a new grab counts from its own start");
    assert_eq!(grab.look(true, s(4100)), Reading::Unlocked);
    assert_eq!(grab.look(true, s(4101)), Reading::Locked);
    assert_eq!(grab.look(false, s(4200)), Reading::Unlocked);
}

#[test]
fn a_held_keyboard_is_looked_at_more_often() {
    let mut grab = GrabDebounce::default();
    let free = grab.next_look();
    grab.look(true, Duration::ZERO);
    assert!(grab.next_look() < free && free <= GRAB_MEANS_LOCKED);
}

fn any_reading() -> impl Strategy<Value = Reading> {
    prop_oneof![
        Just(Reading::Unread),
        Just(Reading::Absent),
        Just(Reading::Unlocked),
        Just(Reading::Locked),
        "[ab]".prop_map(Reading::Lost)
    ]
}

proptest! {
    /// Unlocked is said only when every signal has been read, none is lost, none says locked and one can see.
    #[test]
    fn unlocked_needs_sight(readings in prop::array::uniform4(any_reading())) {
        let unlocked = view(readings.clone()).state() == LockState::Unlocked;
        let clean = readings.iter().all(|r| matches!(r, Reading::Absent | Reading::Unlocked));
        let sees = [0, 1, 3].iter().any(|at| readings[*at] == Reading::Unlocked);
        prop_assert_eq!(unlocked, clean && sees);
    }

    /// Whoever follows the changes knows the state, and no change repeats the one before.
    #[test]
    fn changes_tell_the_state(steps in prop::collection::vec((0usize..4, any_reading()), 1..60)) {
        let mut view = LockView::default();
        let mut told = (view.state(), view.why_unsure());
        for (signal, reading) in steps {
            if let Some(change) = view.apply(SIGNALS[signal], reading) {
                prop_assert_ne!((change.state, change.why.clone()), told);
                told = (change.state, change.why);
            }
            prop_assert_eq!(&told, &(view.state(), view.why_unsure()));
        }
    }

    /// Looks at any pace: locked exactly when the last looks were held for over two seconds without a free one between.
    #[test]
    fn only_an_unbroken_grab_counts(looks in prop::collection::vec((any::<bool>(), 1u64..900), 1..80)) {
        let (mut grab, mut now, mut since) = (GrabDebounce::default(), Duration::ZERO, None);
        for (held, step) in looks {
            now += Duration::from_millis(step);
            since = if held { since.or(Some(now)) } else { None };
            let locked = since.is_some_and(|s| now - s > GRAB_MEANS_LOCKED);
            prop_assert_eq!(grab.look(held, now) == Reading::Locked, locked);
        }
    }
}
