//! The loop without an operating system, with the real network and seeded typists.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;
use stillyou_agent::{Effect, Engine, Replay};
use stillyou_models::keystroke::{Model, PackSource};
use stillyou_recordings::typist::Typist;
use stillyou_sense::keyboard::Keystroke;
use stillyou_trust::{Event, Factor, Input, Policy, State, TrustTime};

const OWNER: u64 = 1;
const STRANGER: u64 = 2;

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

#[test]
fn injected_keys_are_nobodys() {
    let mut engine = enrolled(policy());
    let before = engine.monitor().snapshot().log_odds;
    for mut stroke in sentences(STRANGER, 10).into_iter().flatten() {
        stroke.injected = true;
        assert!(engine.keystroke(TrustTime::default(), stroke).is_empty());
    }
    assert_eq!(engine.monitor().snapshot().log_odds, before);
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
    let scored = keys.take(19).any(|stroke| engine.keystroke(at, stroke).iter().any(|e| matches!(e, Effect::Scored)));
    assert!(!scored, "38 keystrokes in all, but never 20 since the verification");
}
