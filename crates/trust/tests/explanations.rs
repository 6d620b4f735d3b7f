//! What an explanation keeps and names, of evidence and of what is around the session; and that it recomputes.

#![allow(clippy::unwrap_used)]

mod day;

use day::{Day, OWNER, STRANGER, asked};
use stillyou_trust::*;

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

#[test]
fn the_explanation_names_the_circumstance_that_caused_a_step_up() {
    let mut day = Day::verified();
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
    let mut day = Day::verified();
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
    let mut day = Day::verified();
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
    let mut day = Day::verified();
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
    let mut day = Day::verified();
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
    let (mut away, mut idle) = (Day::verified(), Day::verified());
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
    let (mut typed, mut idle) = (Day::verified(), Day::verified());
    typed.then(8 * 3_600, Input::Tick(Activity::Input));
    idle.then(8 * 3_600, Input::Tick(Activity::Idle));
    let apart = typed.monitor.snapshot().log_odds.unwrap().0 - idle.monitor.snapshot().log_odds.unwrap().0;
    assert!(apart.abs() < 0.01, "{apart}");
}

#[test]
fn a_record_with_impossible_rules_is_recomputed_without_a_panic() {
    let mut explanation = Day::verified().monitor.explanation();
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
