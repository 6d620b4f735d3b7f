//! The loop without an operating system, with the real network and seeded typists.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;
use stillyou_agent::{Effect, Engine, Replay};
use stillyou_models::keystroke::{Model, PackSource};
use stillyou_recordings::typist::Typist;
use stillyou_sense::Micros;
use stillyou_sense::keyboard::{Key, Keystroke};
use stillyou_trust::{Activity, Circumstance, Event, Factor, Input, Policy, State, Step, TrustTime};

const OWNER: u64 = 2;
const STRANGER: u64 = 3;

fn model() -> Arc<Model> {
    static MODEL: OnceLock<Arc<Model>> = OnceLock::new();
    MODEL.get_or_init(|| Arc::new(Model::load(&PackSource::Research).unwrap())).clone()
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.enrolment.min_keystrokes = 300;
    policy
}

fn sentences(seed: u64, count: usize) -> Vec<Vec<Keystroke>> {
    Typist::new(seed).record(count).sessions.into_iter().map(|s| s.keystrokes).collect()
}

fn enrolled(policy: Policy) -> Engine {
    let at = TrustTime::default();
    let mut engine = Engine::learning(policy, model(), at);
    let template = engine.enrol_recording(&sentences(OWNER, 12)).unwrap().template;
    engine.enrolled(at, template).unwrap();
    engine
}

fn events(replay: &mut Replay, sentences: &[Vec<Keystroke>]) -> Vec<Event> {
    let moments = sentences.iter().flat_map(|s| replay.sentence(s));
    let event = |m: stillyou_agent::Moment| match m.effect {
        Effect::Decided(d) => Some(d.event),
        _ => None,
    };
    moments.filter_map(event).collect::<Vec<_>>()
}

#[test]
fn the_owner_works_on_and_a_stranger_is_locked_out() {
    let mut replay = Replay::new(enrolled(policy()), TrustTime::default());
    let owner = events(&mut replay, &sentences(OWNER, 24)[12..]);
    assert!(!owner.iter().any(|e| matches!(e, Event::StepUpAsked { .. } | Event::LockAsked { .. })), "{owner:?}");
    let stranger = events(&mut replay, &sentences(STRANGER, 15));
    assert!(stranger.iter().any(|e| matches!(e, Event::StepUpAsked { .. })), "{stranger:?}");
    assert!(replay.is_locked());
}

/// What spoke against the owner when the first step-up was asked for.
fn asked_because(replay: &mut Replay, typed: &[Keystroke]) -> Option<Vec<String>> {
    replay.sentence(typed).into_iter().find_map(|moment| match moment.effect {
        Effect::Decided(decision) if matches!(decision.event, Event::StepUpAsked { .. }) => {
            let against = decision.explanation?.contributions().into_iter().filter(|c| c.nats > 0.0);
            Some(against.map(|c| c.cause).collect())
        }
        _ => None,
    })
}

#[test]
fn what_the_owner_typed_before_is_not_taken_for_the_owner_again() {
    let mut replay = Replay::new(enrolled(policy()), TrustTime::default());
    let day = sentences(OWNER, 24)[12..].to_vec();
    assert!(!events(&mut replay, &day).iter().any(|e| matches!(e, Event::StepUpAsked { .. })));
    // A stick in the keyboard's plug kept the times and gives them back.
    let stolen: Vec<Keystroke> = day[2..8].concat();
    let because = asked_because(&mut replay, &stolen).unwrap();
    assert!(because.contains(&"typing that repeats itself".to_owned()), "{because:?}");
}

/// A machine that learnt how long the owner holds each key and waits before it, and draws from that.
fn machine(learnt: &[Vec<Keystroke>], text: &[Keystroke]) -> Vec<Keystroke> {
    let (mut at, mut drawn) = (0, 0);
    let mut draw = |key: Key, of: fn(&[Keystroke]) -> Duration| {
        let times = learnt.iter().flat_map(|s| s.windows(2)).filter(|w| w[1].key == key).map(of);
        let times: Vec<Duration> = times.collect();
        drawn += 7_919;
        times.get(drawn % times.len().max(1)).map_or(100_000, |time| time.as_micros() as u64)
    };
    let typed = text.iter().map(|k| {
        at += draw(k.key, |w| w[1].pressed_at.since(w[0].pressed_at));
        let up = at + draw(k.key, |w| w[1].released_at.since(w[1].pressed_at));
        Keystroke { key: k.key, pressed_at: Micros(at), released_at: Micros(up), injected: false }
    });
    typed.collect()
}

#[test]
fn a_machine_that_types_as_the_owner_does_is_asked() {
    let mut replay = Replay::new(enrolled(policy()), TrustTime::default());
    let day = sentences(OWNER, 24);
    events(&mut replay, &day[12..14]);
    let because = asked_because(&mut replay, &machine(&day[..12], &day[14..].concat())).unwrap();
    assert!(because.contains(&"typing that no hand makes".to_owned()), "{because:?}");
}

#[test]
fn injected_keys_are_nobodys_and_raise_the_hazard() {
    let mut engine = enrolled(policy());
    let before = engine.monitor().snapshot().log_odds;
    for mut stroke in sentences(STRANGER, 10).into_iter().flatten() {
        stroke.injected = true;
        assert!(engine.keystroke(TrustTime::default(), stroke).is_empty());
    }
    assert_eq!(engine.monitor().snapshot().log_odds, before);
    assert_eq!(engine.monitor().snapshot().circumstances, [Circumstance::InjectedInput].into());
    engine.input(TrustTime::since_boot(Duration::from_secs(10)), Input::Tick(Activity::Input));
    let contributions = engine.monitor().explanation().contributions();
    assert_eq!(contributions.first().map(|c| c.cause.as_str()), Some("time after input that a program made"));
}

#[test]
fn injected_keys_that_policy_counts_as_the_persons_raise_nothing() {
    let mut policy = policy();
    policy.keyboard.score_injected = true;
    let mut engine = enrolled(policy);
    for mut stroke in sentences(OWNER, 1).into_iter().flatten() {
        stroke.injected = true;
        engine.keystroke(TrustTime::default(), stroke);
    }
    assert!(engine.monitor().snapshot().circumstances.is_empty());
}

#[test]
fn no_window_spans_a_suspend_and_the_suspend_counts_as_idle() {
    let mut engine = enrolled(policy());
    let clock = Duration::from_secs(100);
    let at = TrustTime::since_boot(clock);
    engine.input(at, Input::Verified(Factor::Password));
    let keys: Vec<Keystroke> = sentences(OWNER, 4).concat();
    let stamp = |stroke: &Keystroke, micros: u64| {
        let mut stroke = stroke.clone();
        (stroke.pressed_at, stroke.released_at) = (Micros(micros), Micros(micros + 80_000));
        stroke
    };
    let scored = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::Scored(_)));
    for (i, stroke) in (0..19).zip(&keys) {
        assert!(!scored(&engine.keystroke(at, stamp(stroke, i * 200_000))));
    }
    // Three hours of sleep: the clock of the keys stands still, trust time goes on. Keys pressed before it arrive after it.
    engine.slept(Micros(20 * 200_000));
    let awake = TrustTime::since_boot(clock + Duration::from_secs(3 * 3_600));
    for (i, stroke) in (10..20).zip(&keys) {
        assert!(!scored(&engine.keystroke(awake, stamp(stroke, i * 200_000))));
    }
    for (i, stroke) in (20..39).zip(&keys) {
        assert!(!scored(&engine.keystroke(awake, stamp(stroke, i * 200_000))), "a window spans the suspend");
    }
    assert!(scored(&engine.keystroke(awake, stamp(&keys[39], 39 * 200_000))));
    let idle: f64 = engine
        .monitor()
        .explanation()
        .steps
        .iter()
        .filter_map(|s| if let Step::Predict(p) = s { Some(p) } else { None })
        .filter(|p| p.hazard_per_s == Policy::default().hazard.idle_per_s)
        .map(|p| p.seconds)
        .sum();
    assert!(idle > 3.0 * 3_600.0 - 60.0, "{idle} s of the suspend are idle");
}

#[test]
fn what_is_around_stays_when_monitoring_begins() {
    let mut engine = Engine::learning(policy(), model(), TrustTime::default());
    let template = engine.enrol_recording(&sentences(OWNER, 12)).unwrap().template;
    engine.input(TrustTime::default(), Input::CircumstanceBegan(Circumstance::RemoteSession));
    engine.begin(TrustTime::default(), template, None).unwrap();
    assert_eq!(engine.monitor().snapshot().circumstances, [Circumstance::RemoteSession].into());
}

#[test]
fn enrolment_learns_while_the_person_works() {
    let at = TrustTime::default();
    let mut engine = Engine::learning(policy(), model(), at);
    engine.start_enrolment();
    let mut last = 0;
    let enrolled = sentences(OWNER, 20).into_iter().flatten().find_map(|stroke| {
        engine.keystroke(at, stroke).into_iter().find_map(|effect| match effect {
            Effect::Learnt(progress) => {
                assert!(progress.keystrokes > last && progress.needed == 300);
                last = progress.keystrokes;
                None
            }
            Effect::Enrolled(enrolled) => Some(enrolled),
            _ => None,
        })
    });
    let template = enrolled.unwrap().template;
    assert_eq!(engine.monitor().snapshot().state, State::Learning, "nothing begins before the template is stored");
    engine.enrolled(at, template).unwrap();
    assert_ne!(engine.monitor().snapshot().state, State::Learning);
}

#[test]
fn without_a_template_nothing_asks_or_locks() {
    let engine = Engine::learning(policy(), model(), TrustTime::default());
    let mut replay = Replay::new(engine, TrustTime::default());
    assert_eq!(events(&mut replay, &sentences(STRANGER, 10)), vec![]);
}

#[test]
fn a_verification_empties_the_window() {
    let mut engine = enrolled(policy());
    let at = TrustTime::since_boot(Duration::from_secs(1));
    let mut keys = sentences(OWNER, 4).into_iter().flatten();
    for stroke in keys.by_ref().take(19) {
        engine.keystroke(at, stroke);
    }
    engine.input(at, Input::Verified(Factor::Password));
    let scored =
        keys.take(19).any(|stroke| engine.keystroke(at, stroke).iter().any(|e| matches!(e, Effect::Scored(_))));
    assert!(!scored, "38 keystrokes in all, but never 20 since the verification");
}
