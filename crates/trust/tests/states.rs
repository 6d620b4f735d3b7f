//! Walks through the states of DESIGN section 2.

#![allow(clippy::unwrap_used)]

mod day;

use day::{Day, OWNER, STRANGER, asked};
use std::time::Duration;
use stillyou_trust::*;

#[test]
fn learning_neither_asks_nor_locks() {
    let mut monitor = Monitor::learning(Policy::default(), TrustTime::default());
    let bad = Evidence::new(Modality::Keystroke, -5.0, Quality::FULL, Vec::new()).unwrap();
    for s in 1..500 {
        let at = TrustTime::since_boot(Duration::from_secs(1000 * s));
        let out = monitor.handle(at, Input::Evidence { evidence: bad.clone(), overlap: 1.0 });
        assert_eq!(out, vec![]);
    }
    assert_eq!(monitor.snapshot().score, None);
}

#[test]
fn a_stranger_is_asked_and_locked_at_the_end_of_grace() {
    let mut day = Day::begin(Policy::default());
    day.typed(Modality::Keystroke, OWNER, 40);
    assert_eq!(day.state(), State::Watching { band: Band::Verified });
    let mut events = Vec::new();
    while asked(&events).is_none() {
        events.extend(day.typed(Modality::Keystroke, STRANGER, 1));
    }
    assert_eq!(asked(&events), Some(StepUpReason::Evidence));
    assert_eq!(day.then(29, Input::Tick(Activity::Input)), vec![]);
    assert_eq!(day.then(1, Input::Tick(Activity::Input)), vec![Event::LockAsked { reason: LockReason::GraceOver }]);
    let locked = day.then(1, Input::SessionLocked);
    assert!(locked.contains(&Event::Locked { by_score: true }), "{locked:?}");
}

#[test]
fn a_lock_that_breaks_off_a_step_up_buys_no_time_and_no_tries() {
    let mut day = Day::begin(Policy::default());
    while !matches!(day.state(), State::StepUp { .. }) {
        day.typed(Modality::Keystroke, STRANGER, 1);
    }
    day.then(0, Input::VerificationFailed);
    // Somebody else's lock, as any process of the user can pretend, again and again: 3 seconds are gone each time.
    for _ in 0..9 {
        assert!(day.then(3, Input::SessionLocked).contains(&Event::Locked { by_score: true }));
        assert_eq!(asked(&day.then(60, Input::SessionUnlocked)), Some(StepUpReason::AfterUnlock));
    }
    let failed = day.then(0, Input::VerificationFailed);
    assert_eq!(failed, vec![Event::StepUpFailed { failures: 2 }]);
    let over = day.then(3, Input::Tick(Activity::Input));
    assert_eq!(over, vec![Event::LockAsked { reason: LockReason::GraceOver }]);
    // The lock that we asked for gives a whole grace period again: never a loop of locks without a chance to answer.
    day.then(1, Input::SessionLocked);
    day.then(5, Input::SessionUnlocked);
    assert_eq!(day.then(29, Input::Tick(Activity::Input)), vec![]);
}

#[test]
fn a_lost_watch_locks_whatever_the_score_and_owes_a_step_up() {
    let mut day = Day::begin(Policy::default());
    day.typed(Modality::Keystroke, OWNER, 40);
    assert_eq!(day.then(0, Input::WatchLost), vec![Event::LockAsked { reason: LockReason::WatchLost }]);
    assert_eq!(day.then(1, Input::WatchLost), vec![], "the lock is on its way");
    assert_eq!(day.then(5, Input::Tick(Activity::Input)), vec![Event::LockAsked { reason: LockReason::Retry }]);
    day.then(1, Input::SessionLocked);
    assert_eq!(asked(&day.then(5, Input::SessionUnlocked)), Some(StepUpReason::AfterUnlock));
    assert_eq!(day.then(0, Input::WatchLost), vec![Event::LockAsked { reason: LockReason::WatchLost }]);
    let mut learning = Monitor::learning(Policy::default(), TrustTime::default());
    assert_eq!(learning.handle(TrustTime::default(), Input::WatchLost), vec![]);
}

/// A policy that locks when nobody was seen for 20 seconds.
fn locks_on_leave() -> Policy {
    Policy::parse("version = 1\n[camera]\nlock_on_leave = true\npresence_seconds = 5", "policy.toml").unwrap()
}

#[test]
fn whoever_leaves_is_locked_out_by_a_timer_and_asked_when_they_come_back() {
    let mut day = Day::begin(locks_on_leave());
    day.typed(Modality::Keystroke, OWNER, 40);
    for _ in 0..3 {
        assert_eq!(asked(&day.then(6, Input::Tick(Activity::NobodySeen))), None);
    }
    assert_eq!(day.state(), State::Watching { band: Band::Verified }, "the score had no part in it");
    assert_eq!(day.then(2, Input::Tick(Activity::NobodySeen)), [Event::LockAsked { reason: LockReason::Left }]);
    day.then(1, Input::SessionLocked);
    assert_eq!(asked(&day.then(60, Input::SessionUnlocked)), Some(StepUpReason::AfterUnlock));
}

#[test]
fn whoever_is_seen_or_types_again_in_time_is_not_locked_out() {
    for back in [Activity::Input, Activity::Idle] {
        let mut day = Day::begin(locks_on_leave());
        day.typed(Modality::Keystroke, OWNER, 40);
        for _ in 0..4 {
            day.then(15, Input::Tick(Activity::NobodySeen));
            let events = day.then(1, Input::Tick(back));
            assert!(!events.iter().any(|e| matches!(e, Event::LockAsked { .. })), "{events:?}");
        }
    }
    let mut day = Day::begin(Policy::default());
    let events = day.then(3_600, Input::Tick(Activity::NobodySeen));
    assert!(
        !events.iter().any(|e| matches!(e, Event::LockAsked { .. })),
        "leaving locks where policy says so: {events:?}"
    );
}

#[test]
fn after_a_lock_the_score_caused_the_unlocked_session_owes_a_step_up_with_grace() {
    let mut day = Day::begin(Policy::default());
    while !matches!(day.state(), State::StepUp { .. }) {
        day.typed(Modality::Keystroke, STRANGER, 1);
    }
    day.then(30, Input::Tick(Activity::Input));
    day.then(1, Input::SessionLocked);
    let events = day.then(60, Input::SessionUnlocked);
    assert_eq!(asked(&events), Some(StepUpReason::AfterUnlock));
    assert!(matches!(day.state(), State::StepUp { locking: false, .. }));
    day.then(29, Input::Tick(Activity::Input));
    assert!(matches!(day.state(), State::StepUp { locking: false, .. }), "the whole grace period is there to answer");
    day.then(0, Input::Verified(Factor::Password));
    assert_eq!(day.state(), State::Watching { band: Band::Verified });
}

#[test]
fn an_ordinary_lock_and_unlock_leaves_watch() {
    let mut day = Day::begin(Policy::default());
    day.typed(Modality::Keystroke, OWNER, 40);
    day.then(5, Input::SessionLocked);
    day.then(5, Input::SessionUnlocked);
    assert_eq!(day.state(), State::Watching { band: Band::Watch });
}

#[test]
fn a_stranger_who_types_after_an_unlock_is_asked_for_the_typing() {
    let mut day = Day::verified();
    day.then(60, Input::SessionLocked);
    day.then(60, Input::SessionUnlocked);
    assert_eq!(asked(&day.typed(Modality::Keystroke, STRANGER, 10)), Some(StepUpReason::Evidence));
}

#[test]
fn policy_can_ask_after_every_unlock() {
    let mut policy = Policy::default();
    policy.step_up.after_unlock = true;
    let mut day = Day::begin(policy);
    day.then(5, Input::SessionLocked);
    assert_eq!(asked(&day.then(5, Input::SessionUnlocked)), Some(StepUpReason::AfterUnlock));
}

#[test]
fn decay_asks_at_the_next_action_and_is_scheduled() {
    let mut day = Day::begin(Policy::default());
    day.typed(Modality::Keystroke, OWNER, 40);
    for _ in 0..90 {
        let events = day.then(60, Input::Tick(Activity::Idle));
        assert_eq!(asked(&events), None, "nobody is there to answer");
    }
    assert_eq!(day.state(), State::Watching { band: Band::StepUp });
    assert_eq!(asked(&day.then(1, Input::Tick(Activity::Input))), Some(StepUpReason::Scheduled));
}

#[test]
fn too_many_wrong_answers_lock_before_grace_is_over() {
    let mut day = Day::begin(Policy::default());
    while !matches!(day.state(), State::StepUp { .. }) {
        day.typed(Modality::Keystroke, STRANGER, 1);
    }
    let events: Vec<Event> = (0..5).flat_map(|_| day.then(1, Input::VerificationFailed)).collect();
    assert_eq!(events.last(), Some(&Event::LockAsked { reason: LockReason::Failures }));
}

#[test]
fn a_lock_that_fails_is_tried_again_and_said() {
    let mut day = Day::begin(Policy::default());
    while !matches!(day.state(), State::StepUp { .. }) {
        day.typed(Modality::Keystroke, STRANGER, 1);
    }
    day.then(30, Input::Tick(Activity::Input));
    let events = day.then(1, Input::LockFailed);
    assert_eq!(events, vec![Event::TroubleBegan { trouble: Trouble::CannotLock }]);
    assert!(matches!(day.state(), State::StepUp { locking: true, .. }));
    assert_eq!(day.then(4, Input::Tick(Activity::Idle)), vec![Event::LockAsked { reason: LockReason::Retry }]);
    let events = day.then(1, Input::SessionLocked);
    assert!(events.contains(&Event::TroubleEnded { trouble: Trouble::CannotLock }), "{events:?}");
}

#[test]
fn a_modality_that_keeps_crying_wolf_is_muted() {
    let mut day = Day::begin(Policy::default());
    let mut all = Vec::new();
    for _ in 0..3 {
        while !matches!(day.state(), State::StepUp { .. }) {
            day.typed(Modality::Keystroke, STRANGER, 1);
        }
        all.extend(day.then(1, Input::Verified(Factor::Password)));
    }
    assert!(all.contains(&Event::Muted { modality: Modality::Keystroke }), "{all:?}");
    let before = day.monitor.snapshot().log_odds;
    let one = Evidence::new(Modality::Keystroke, STRANGER, Quality::FULL, Vec::new()).unwrap();
    day.then(0, Input::Evidence { evidence: one, overlap: 0.2 });
    assert_eq!(day.monitor.snapshot().log_odds, before);
}

#[test]
fn a_pause_hears_nothing_earns_nothing_and_ends_by_itself() {
    let mut day = Day::verified();
    let before = day.monitor.snapshot().log_odds.unwrap().0;
    let until = day.at + Duration::from_secs(900);
    assert_eq!(day.then(0, Input::Pause(Duration::from_secs(900))), [Event::Paused { until }]);
    assert_eq!(day.typed(Modality::Keystroke, STRANGER, 100), []);
    assert_eq!(day.typed(Modality::Keystroke, OWNER, 100), []);
    assert_eq!(day.state(), State::Paused { until });
    let decayed = day.monitor.snapshot().log_odds.unwrap().0;
    assert!(decayed > before, "time counts as idle");
    let ended = day.then(500, Input::Tick(Activity::Input));
    assert_eq!(ended[0], Event::Resumed);
    assert!(matches!(day.state(), State::Watching { .. }), "{ended:?}");
    // Too long a pause is met at the next action.
    day.then(0, Input::Pause(Duration::from_secs(8 * 3600)));
    assert_eq!(day.then(3 * 3600, Input::Tick(Activity::Idle)), []);
    assert_eq!(asked(&day.then(0, Input::Resume)), None);
    assert_eq!(asked(&day.then(1, Input::Tick(Activity::Input))), Some(StepUpReason::Scheduled));
}

#[test]
fn a_pause_ends_with_a_lock_and_is_none_while_a_step_up_is_open() {
    let mut day = Day::verified();
    day.then(0, Input::Pause(Duration::from_secs(900)));
    assert_eq!(day.then(1, Input::SessionLocked), [Event::Locked { by_score: false }]);
    day.then(1, Input::SessionUnlocked);
    assert!(matches!(day.state(), State::Watching { band: Band::Watch }));
    day.typed(Modality::Keystroke, STRANGER, 10);
    assert!(matches!(day.state(), State::StepUp { .. }));
    assert_eq!(day.then(0, Input::Pause(Duration::from_secs(900))), []);
    let mut day = Day::verified();
    day.then(0, Input::Pause(Duration::from_secs(900)));
    assert_eq!(day.then(1, Input::WatchLost), [Event::LockAsked { reason: LockReason::WatchLost }]);
}

#[test]
fn a_restart_of_the_agent_earns_nothing() {
    let at = TrustTime::since_boot(Duration::from_secs(60));
    let before = Before { log_odds: LogOdds(2.0), owes_step_up: true, muted: Default::default() };
    let (monitor, out) = Monitor::begin(Policy::default(), at, Some(before));
    assert_eq!(monitor.snapshot().log_odds, Some(LogOdds(2.0)));
    assert!(out.iter().any(|d| matches!(d.event, Event::StepUpAsked { .. })));
}

#[test]
fn a_step_up_is_fresh_for_a_minute_and_never_while_another_is_open() {
    let mut day = Day::begin(Policy::default());
    assert!(!day.monitor.step_up_is_fresh());
    day.then(1, Input::Verified(Factor::Password));
    day.then(59, Input::Tick(Activity::Input));
    assert!(day.monitor.step_up_is_fresh());
    day.then(2, Input::Tick(Activity::Input));
    assert!(!day.monitor.step_up_is_fresh());
    day.then(1, Input::Verified(Factor::Password));
    while !matches!(day.state(), State::StepUp { .. }) {
        day.typed(Modality::Keystroke, -60.0, 1);
    }
    assert!(!day.monitor.step_up_is_fresh());
}

#[test]
fn a_clock_that_jumps_back_changes_nothing() {
    let mut day = Day::begin(Policy::default());
    let before = day.monitor.snapshot().log_odds;
    day.monitor.handle(TrustTime::default(), Input::Tick(Activity::Idle));
    assert_eq!(day.monitor.snapshot().log_odds, before);
}
