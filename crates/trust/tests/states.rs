//! Walks through the states of DESIGN section 2.

#![allow(clippy::unwrap_used)]

use std::time::Duration;
use stillyou_trust::*;

struct Day {
    monitor: Monitor,
    at: TrustTime,
}

impl Day {
    fn begin(policy: Policy) -> Self {
        let at = TrustTime::since_boot(Duration::from_secs(60));
        Self { monitor: Monitor::begin(policy, at, None).0, at }
    }

    fn then(&mut self, seconds: u64, input: Input) -> Vec<Event> {
        self.at = self.at + Duration::from_secs(seconds);
        self.monitor.handle(self.at, input).into_iter().map(|d| d.event).collect()
    }

    fn typed(&mut self, modality: Modality, llr: f64, times: usize) -> Vec<Event> {
        let one = Evidence::new(modality, llr, Quality::FULL, Vec::new()).unwrap();
        (0..times).flat_map(|_| self.then(2, Input::Evidence { evidence: one.clone(), overlap: 0.2 })).collect()
    }

    fn state(&self) -> State {
        self.monitor.snapshot().state
    }
}

const OWNER: f64 = 3.0;
const STRANGER: f64 = -4.0;

fn asked(events: &[Event]) -> Option<StepUpReason> {
    events.iter().find_map(|e| match e {
        Event::StepUpAsked { reason, .. } => Some(*reason),
        _ => None,
    })
}

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
    let mut day = verified();
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
    let mut day = verified();
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
    let mut day = verified();
    day.then(0, Input::Pause(Duration::from_secs(900)));
    assert_eq!(day.then(1, Input::SessionLocked), [Event::Locked { by_score: false }]);
    day.then(1, Input::SessionUnlocked);
    assert!(matches!(day.state(), State::Watching { band: Band::Watch }));
    day.typed(Modality::Keystroke, STRANGER, 10);
    assert!(matches!(day.state(), State::StepUp { .. }));
    assert_eq!(day.then(0, Input::Pause(Duration::from_secs(900))), []);
    let mut day = verified();
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

#[test]
fn what_lands_on_the_floor_is_kept_by_no_explanation() {
    let mut day = Day::begin(Policy::default());
    let mut kept = Vec::new();
    for llr in [OWNER; 20].into_iter().chain([STRANGER, OWNER, OWNER, OWNER, STRANGER]) {
        let evidence = Evidence::new(Modality::Keystroke, llr, Quality::FULL, Vec::new()).unwrap();
        day.then(2, Input::Tick(Activity::Input));
        let keeps = day.monitor.keeps(&evidence, 0.2);
        day.then(0, Input::Evidence { evidence, overlap: 0.2 });
        let last = day.monitor.explanation().steps.last().is_some_and(|step| matches!(step, Step::Evidence(_)));
        assert_eq!(keeps, last, "{kept:?}");
        kept.push(keeps);
    }
    assert!(kept.contains(&true) && !kept[19] && kept[20]);
}

#[test]
fn a_tampered_explanation_does_not_recompute() {
    let mut day = Day::begin(Policy::default());
    day.typed(Modality::Keystroke, STRANGER, 2);
    let mut explanation = day.monitor.explanation();
    assert!(explanation.recompute().is_ok());
    for step in &mut explanation.steps {
        if let Step::Evidence(e) = step {
            e.llr_nats = -3.0;
        }
    }
    assert!(explanation.recompute().unwrap_err().to_string().starts_with("step "));
}

/// Contribution of `cause` to `log O`, in nats.
fn part(day: &Day, cause: &str) -> f64 {
    day.monitor.explanation().contributions().iter().filter(|c| c.cause == cause).map(|c| c.nats).sum()
}

fn verified() -> Day {
    let mut day = Day::begin(Policy::default());
    day.then(1, Input::Verified(Factor::Password));
    day
}

#[test]
fn the_explanation_names_the_circumstance_that_caused_a_step_up() {
    let mut day = verified();
    day.then(0, Input::CircumstanceBegan(Circumstance::RemoteSession));
    let mut asked_at = None;
    for second in 1..10_000 {
        if asked(&day.then(1, Input::Tick(Activity::Input))).is_some() {
            asked_at = Some(second);
            break;
        }
    }
    // From the best odds, 1 : 30, to even ones.
    let expected = (2.0f64 / (1.0 + 1.0 / 30.0)).ln() / 1.01e-4;
    assert!(asked_at.is_some_and(|at| (f64::from(at) - expected).abs() < 60.0), "{asked_at:?}, not {expected}");
    let (remote, time) = (part(&day, "time in a remote session"), part(&day, "time without proof"));
    assert!(remote > 90.0 * time && time > 0.0, "{remote} {time}");
    day.monitor.explanation().recompute().unwrap();
}

#[test]
fn time_before_and_after_a_circumstance_is_told_apart() {
    let mut day = verified();
    for (circumstance, begins) in [(Circumstance::ScreenShared, true), (Circumstance::ScreenShared, false)] {
        (0..60).for_each(|_| drop(day.then(1, Input::Tick(Activity::Input))));
        day.then(
            0,
            if begins { Input::CircumstanceBegan(circumstance) } else { Input::CircumstanceEnded(circumstance) },
        );
    }
    (0..60).for_each(|_| drop(day.then(1, Input::Tick(Activity::Input))));
    let explanation = day.monitor.explanation();
    let told: Vec<(f64, usize)> = explanation
        .steps
        .iter()
        .filter_map(|s| if let Step::Predict(p) = s { Some((p.seconds.round(), p.added.len())) } else { None })
        .collect();
    assert_eq!(told, [(60.0, 0), (60.0, 1), (60.0, 0)]);
    explanation.recompute().unwrap();
}

#[test]
fn a_circumstance_struck_from_the_record_does_not_recompute() {
    let mut day = verified();
    day.then(0, Input::CircumstanceBegan(Circumstance::UnknownNetwork));
    day.then(20, Input::Tick(Activity::Input));
    let mut explanation = day.monitor.explanation();
    assert!(explanation.recompute().is_ok());
    for step in &mut explanation.steps {
        if let Step::Predict(p) = step {
            p.added.clear();
        }
    }
    assert!(explanation.recompute().is_err());
}

#[test]
fn a_new_device_counts_for_a_minute_and_leads_to_watch_only() {
    let mut day = verified();
    day.then(0, Input::CircumstanceBegan(Circumstance::NewDevice));
    let mut events = Vec::new();
    (0..60).for_each(|_| events.extend(day.then(1, Input::Tick(Activity::Input))));
    assert!(day.monitor.snapshot().circumstances.is_empty());
    assert_eq!(day.state(), State::Watching { band: Band::Watch });
    let after_a_minute = part(&day, "time after a new keyboard or pointer");
    (0..600).for_each(|_| events.extend(day.then(1, Input::Tick(Activity::Input))));
    assert_eq!(part(&day, "time after a new keyboard or pointer"), after_a_minute);
    assert_eq!(asked(&events), None);
}

#[test]
fn a_device_plugged_into_a_locked_session_counts_from_the_unlock() {
    let mut day = verified();
    day.then(1, Input::SessionLocked);
    day.then(1, Input::CircumstanceBegan(Circumstance::NewDevice));
    day.then(3_600, Input::Tick(Activity::Idle));
    assert_eq!(part(&day, "time after a new keyboard or pointer"), 0.0);
    day.then(0, Input::SessionUnlocked);
    day.then(10, Input::Tick(Activity::Input));
    assert!(part(&day, "time after a new keyboard or pointer") > 0.0);
}

#[test]
fn switched_away_nothing_is_scored_and_time_is_idle() {
    let (mut away, mut idle) = (verified(), verified());
    away.then(0, Input::CircumstanceBegan(Circumstance::SwitchedAway));
    let before = away.monitor.snapshot().log_odds;
    let one = Evidence::new(Modality::Keystroke, STRANGER, Quality::FULL, Vec::new()).unwrap();
    away.then(0, Input::Evidence { evidence: one, overlap: 1.0 });
    assert_eq!(away.monitor.snapshot().log_odds, before);
    (0..4_000).for_each(|_| {
        assert_eq!(asked(&away.then(1, Input::Tick(Activity::Input))), None, "nobody is there to answer");
        idle.then(1, Input::Tick(Activity::Idle));
    });
    assert!(away.monitor.snapshot().score < idle.monitor.snapshot().score);
    let back = away.then(0, Input::CircumstanceEnded(Circumstance::SwitchedAway));
    assert_eq!(asked(&back), Some(StepUpReason::Scheduled));
}

#[test]
fn a_step_up_that_is_open_locks_although_the_person_switched_away() {
    let mut day = Day::begin(Policy::default());
    while !matches!(day.state(), State::StepUp { .. }) {
        day.typed(Modality::Keystroke, STRANGER, 1);
    }
    day.then(0, Input::CircumstanceBegan(Circumstance::SwitchedAway));
    assert_eq!(day.then(30, Input::Tick(Activity::Idle)), [Event::LockAsked { reason: LockReason::GraceOver }]);
}

#[test]
fn hours_asleep_are_idle_whatever_woke_the_machine() {
    let (mut typed, mut idle) = (verified(), verified());
    typed.then(8 * 3_600, Input::Tick(Activity::Input));
    idle.then(8 * 3_600, Input::Tick(Activity::Idle));
    let apart = typed.monitor.snapshot().log_odds.unwrap().0 - idle.monitor.snapshot().log_odds.unwrap().0;
    assert!(apart.abs() < 0.01, "{apart}");
}

#[test]
fn a_record_with_impossible_rules_is_recomputed_without_a_panic() {
    let mut explanation = verified().monitor.explanation();
    explanation.steps.push(Step::Evidence(EvidenceStep {
        modality: Modality::Keystroke,
        llr_nats: -1.0,
        weight: 1.0,
        nats: 1.0,
        attribution: Vec::new(),
        occlusion: None,
        pictures: None,
    }));
    explanation.rules.floor = LogOdds(99.0);
    assert!(explanation.recompute().is_err());
    let rules: serde_json::Value = serde_json::to_value(&explanation).unwrap();
    let rules = rules.to_string().replace("\"cap_nats\":10.0", "\"cap_nats\":-10.0");
    assert!(serde_json::from_str::<Explanation>(&rules).unwrap().recompute().is_err());
}
