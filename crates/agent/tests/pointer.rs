//! The pointer's half of the loop without an operating system, with the real networks and made-up people.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, OnceLock};
use std::time::Duration;
use stillyou_agent::{Effect, Engine};
use stillyou_models::keystroke::{self, PackSource};
use stillyou_models::pointer;
use stillyou_recordings::pointer::Mouser;
use stillyou_recordings::typist::Typist;
use stillyou_sense::Micros;
use stillyou_sense::pointer::PointerEvent;
use stillyou_trust::{Circumstance, Event, Factor, Input, LockReason, Modality, Policy, State, Step, TrustTime};

/// Two whose hands the pack tells apart. It was trained on real people, and takes many made-up ones for each other.
const OWNER: u64 = 6;
const STRANGER: u64 = 8;
const MINUTE: Duration = Duration::from_secs(60);

/// An engine whose owner typed and pointed, and the time.
struct Desk {
    engine: Engine,
    at: Duration,
    sessions: u64,
}

fn models() -> (Arc<keystroke::Model>, Arc<pointer::Model>) {
    static MODELS: OnceLock<(Arc<keystroke::Model>, Arc<pointer::Model>)> = OnceLock::new();
    let load = || {
        let keystroke = keystroke::Model::load(&PackSource::Research).unwrap();
        (Arc::new(keystroke), Arc::new(pointer::Model::load(&pointer::PackSource::BuiltIn).unwrap()))
    };
    MODELS.get_or_init(load).clone()
}

impl Desk {
    /// Nobody has pointed yet; the owner typed.
    fn new(policy: Policy) -> Self {
        let (keystroke, pointer) = models();
        let mut engine = Engine::learning(policy, keystroke, TrustTime::default()).with_pointer(pointer);
        engine.start_enrolment();
        let sentences: Vec<_> = Typist::new(OWNER).record(12).sessions.into_iter().map(|s| s.keystrokes).collect();
        let template = engine.enrol_recording(&sentences).unwrap().template;
        let mut desk = Self { engine, at: Duration::ZERO, sessions: 0 };
        desk.engine.enrolled(desk.now(), template).unwrap();
        desk
    }

    fn enrolled() -> Self {
        let mut desk = Self::new(policy());
        desk.points(OWNER, 6 * MINUTE);
        let enrolled = desk.engine.finish_pointer().unwrap().unwrap();
        desk.engine.judge_pointer_by(Some(enrolled.template)).unwrap();
        desk.engine.input(desk.now(), Input::Verified(Factor::Password));
        desk
    }

    fn now(&self) -> TrustTime {
        TrustTime::since_boot(self.at)
    }

    /// Another session of somebody's; what was decided.
    fn points(&mut self, who: u64, how_long: Duration) -> Vec<Event> {
        self.sessions += 1;
        let events = Mouser::new(who).pointing(self.sessions, how_long);
        let begin = self.at;
        let mut effects = Vec::new();
        for event in events {
            self.at = begin + Duration::from_micros(event.at.0);
            effects.extend(self.engine.pointer(self.now(), &PointerEvent { at: self.stamp(), ..event }));
        }
        self.at = begin + how_long;
        effects.extend(self.engine.pointer_rests(self.now(), self.stamp()));
        decided(effects)
    }

    fn stamp(&self) -> Micros {
        Micros(self.at.as_micros() as u64)
    }
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.enrolment.min_keystrokes = 300;
    policy
}

fn decided(effects: Vec<Effect>) -> Vec<Event> {
    let event = |effect| match effect {
        Effect::Decided(decision) => Some(decision.event),
        Effect::PointerNotScored(e) => panic!("{e}"),
        _ => None,
    };
    effects.into_iter().filter_map(event).collect()
}

fn asks(events: &[Event]) -> bool {
    events.iter().any(|e| matches!(e, Event::StepUpAsked { .. } | Event::LockAsked { .. }))
}

#[test]
fn a_mouse_only_intruder_is_brought_to_step_up_and_never_locked_out_by_the_pointer_alone() {
    let mut desk = Desk::enrolled();
    let owner = desk.points(OWNER, 10 * MINUTE);
    assert!(!asks(&owner), "{owner:?}");
    let stranger = desk.points(STRANGER, 10 * MINUTE);
    let asked = stranger.iter().find_map(|e| match e {
        Event::StepUpAsked { forced_by, .. } => Some(*forced_by),
        _ => None,
    });
    assert_eq!(asked, Some(Some(Modality::Pointer)), "{stranger:?}");
    let by_score = |e: &Event| matches!(e, Event::LockAsked { reason: LockReason::Score });
    assert!(!stranger.iter().any(by_score), "{stranger:?}");
    assert!(desk.engine.monitor().explanation().recompute().is_ok());
}

#[test]
fn without_a_template_the_pointer_says_nothing() {
    let mut desk = Desk::new(policy());
    desk.points(OWNER, MINUTE);
    assert!(desk.engine.finish_pointer().unwrap().is_err(), "a minute is too little");
    assert!(desk.engine.finish_pointer().is_none(), "learning has ended");
    assert!(!desk.engine.judges_pointer());
    let stranger = desk.points(STRANGER, 10 * MINUTE);
    assert!(!asks(&stranger), "{stranger:?}");
    let steps = desk.engine.monitor().explanation().steps;
    assert!(steps.iter().all(|s| matches!(s, Step::Predict(_))), "{steps:?}");
}

#[test]
fn what_a_program_points_is_nobodys_and_raises_the_hazard() {
    let mut desk = Desk::enrolled();
    let before = desk.engine.monitor().snapshot().log_odds;
    let mut events = Mouser::new(STRANGER).pointing(1, 5 * MINUTE);
    for event in &mut events {
        event.injected = true;
        event.at.0 += desk.stamp().0;
        assert!(desk.engine.pointer(desk.now(), event).is_empty());
    }
    assert_eq!(desk.engine.monitor().snapshot().log_odds, before);
    assert!(desk.engine.monitor().snapshot().circumstances.contains(&Circumstance::InjectedInput));
}

#[test]
fn a_verification_empties_the_pointers_window_and_an_erasure_everything() {
    let mut desk = Desk::enrolled();
    desk.points(STRANGER, 10 * MINUTE);
    desk.engine.input(desk.now(), Input::Verified(Factor::Password));
    // Fewer strokes than a window needs: nothing of what was before is heard again.
    desk.points(OWNER, Duration::from_secs(5));
    let steps = desk.engine.monitor().explanation().steps;
    assert!(!steps.iter().any(|s| matches!(s, Step::Evidence(_))), "{steps:?}");
    desk.engine.erased(desk.now());
    assert!(!desk.engine.judges_pointer());
    assert_eq!(desk.engine.monitor().snapshot().state, State::Learning);
}

/// The figure in docs/science.md.
#[test]
fn no_made_up_owner_is_asked_in_twenty_minutes_and_a_quarter_of_strangers_are() {
    let (mut owners_asked, mut strangers_asked) = (0, 0);
    for owner in 1..=12 {
        let mut desk = Desk::new(policy());
        desk.points(owner, 6 * MINUTE);
        let enrolled = desk.engine.finish_pointer().unwrap().unwrap();
        desk.engine.judge_pointer_by(Some(enrolled.template)).unwrap();
        let mut asked = |who| {
            desk.engine.input(desk.now(), Input::Verified(Factor::Password));
            usize::from(asks(&desk.points(who, 20 * MINUTE)))
        };
        owners_asked += asked(owner);
        strangers_asked += (1..=3).map(|n| asked(100 + 7 * owner + n)).sum::<usize>();
    }
    println!("{owners_asked} of 12 owners and {strangers_asked} of 36 strangers were asked");
    assert_eq!(owners_asked, 0);
    assert!(strangers_asked >= 9, "{strangers_asked} of 36");
}
