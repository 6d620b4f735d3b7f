//! An approver's override: work goes on, and what makes up for the missing proof.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::time::Duration;
use stillyou_trust::*;

struct Day {
    monitor: Monitor,
    at: TrustTime,
}

impl Day {
    fn begin() -> Self {
        let at = TrustTime::since_boot(Duration::from_secs(60));
        Self { monitor: Monitor::begin(Policy::default(), at, None).0, at }
    }

    fn then(&mut self, seconds: u64, input: Input) -> Vec<Decision> {
        self.at = self.at + Duration::from_secs(seconds);
        self.monitor.handle(self.at, input)
    }

    /// A stranger's typing.
    fn strange(&mut self, times: usize) -> Vec<Decision> {
        let one = Evidence::new(Modality::Keystroke, -4.0, Quality::FULL, Vec::new()).unwrap();
        (0..times).flat_map(|_| self.then(2, Input::Evidence { evidence: one.clone(), overlap: 0.2 })).collect()
    }

    fn works(&mut self, minutes: u64) -> Vec<Decision> {
        (0..6 * minutes).flat_map(|_| self.then(10, Input::Tick(Activity::Input))).collect()
    }

    fn state(&self) -> State {
        self.monitor.snapshot().state
    }

    fn asked(&mut self) {
        self.strange(30);
        assert!(matches!(self.state(), State::StepUp { .. }), "{:?}", self.state());
    }
}

fn without_typing(minutes: u64, hazard_factor: f64) -> Override {
    Override {
        set_aside: BTreeSet::from([Modality::Keystroke]),
        hazard_factor,
        reverify: Duration::from_secs(60 * minutes),
    }
}

fn asks(decisions: &[Decision]) -> bool {
    decisions.iter().any(|d| matches!(d.event, Event::StepUpAsked { reason: StepUpReason::Scheduled, .. }))
}

#[test]
fn an_approvers_word_ends_a_step_up_and_is_no_proof() {
    let mut day = Day::begin();
    day.asked();
    // Without an override in force nobody vouches.
    assert_eq!(day.then(1, Input::Verified(Factor::Override)), []);
    day.then(0, Input::OverrideBegan(without_typing(30, 2.0)));
    let ended = day.then(0, Input::Verified(Factor::Override));
    assert!(ended.iter().any(|d| d.event == Event::StepUpEnded { how: StepUpEnd::Verified }), "{ended:?}");
    assert_eq!(day.state(), State::Watching { band: Band::Verified });
    assert!(!day.monitor.step_up_is_fresh(), "it lowers nothing");
    assert!(
        (day.monitor.snapshot().log_odds.unwrap().0 - Policy::default().step_up.override_odds.log().0).abs() < 1e-9
    );
    assert_eq!(day.then(1, Input::Verified(Factor::Override)), [], "there is nothing to end");
}

#[test]
fn what_is_set_aside_counts_for_nothing_until_it_ends() {
    let mut day = Day::begin();
    day.then(0, Input::OverrideBegan(without_typing(240, 1.0)));
    day.then(0, Input::Verified(Factor::Password));
    let before = day.monitor.snapshot().log_odds.unwrap().0;
    let decisions = day.strange(60);
    assert!(decisions.is_empty(), "{decisions:?}");
    assert!(day.monitor.snapshot().log_odds.unwrap().0 - before < 0.1);
    assert!(day.monitor.explanation().recompute().is_ok());
    day.then(0, Input::OverrideEnded);
    day.asked();
}

#[test]
fn the_hazard_is_multiplied_and_the_record_recomputes() {
    let risen = |factor: f64| {
        let mut day = Day::begin();
        day.then(0, Input::OverrideBegan(without_typing(240, factor)));
        day.then(0, Input::Verified(Factor::Password));
        day.then(0, Input::CircumstanceBegan(Circumstance::RemoteSession));
        (0..10).for_each(|_| _ = day.then(60, Input::Tick(Activity::Idle)));
        assert!(day.monitor.explanation().recompute().is_ok());
        let hazard = day.monitor.explanation().steps.iter().find_map(|step| match step {
            Step::Predict(step) => Some(step.hazard().per_s()),
            _ => None,
        });
        (hazard.unwrap(), day.monitor.snapshot().log_odds.unwrap().0)
    };
    let ((plain, _), (raised, higher)) = (risen(1.0), risen(5.0));
    assert!((raised / plain - 5.0).abs() < 1e-9, "{raised} {plain}");
    assert!(higher > risen(1.0).1);
    assert_eq!(risen(0.1).0, plain, "no override lowers it");
}

#[test]
fn a_proof_is_due_at_the_interval_and_only_from_somebody_who_works() {
    let mut day = Day::begin();
    day.asked();
    day.then(0, Input::OverrideBegan(without_typing(30, 1.0)));
    day.then(0, Input::Verified(Factor::Override));
    assert!(!asks(&day.works(29)));
    let idle: Vec<Decision> = (0..2).flat_map(|_| day.then(120, Input::Tick(Activity::Idle))).collect();
    assert!(!asks(&idle));
    assert!(asks(&day.works(1)));
    // A factor answers; the interval begins anew.
    day.then(1, Input::Verified(Factor::Password));
    assert!(!asks(&day.works(29)));
    assert!(asks(&day.works(2)));
}

#[test]
fn its_end_asks_whoever_worked_by_an_approvers_word_alone() {
    let mut day = Day::begin();
    day.asked();
    day.then(0, Input::OverrideBegan(without_typing(240, 1.0)));
    day.then(0, Input::Verified(Factor::Override));
    day.works(10);
    let ended = day.then(0, Input::OverrideEnded);
    assert!(ended.iter().any(|d| d.event == Event::OverrideEnded));
    assert!(asks(&ended), "{ended:?}");
    // Whoever has proven it since is left alone.
    let mut day = Day::begin();
    day.asked();
    day.then(0, Input::OverrideBegan(without_typing(240, 1.0)));
    day.then(0, Input::Verified(Factor::Override));
    day.then(60, Input::Verified(Factor::Password));
    day.then(60, Input::OverrideEnded);
    assert!(!asks(&day.works(10)));
}

#[test]
fn another_override_does_not_put_the_next_proof_off() {
    let mut day = Day::begin();
    day.then(0, Input::OverrideBegan(without_typing(10, 1.0)));
    day.works(8);
    assert_eq!(day.then(0, Input::OverrideBegan(without_typing(10, 1.0))), [], "the same one");
    day.then(0, Input::OverrideBegan(without_typing(60, 1.0)));
    assert!(asks(&day.works(3)));
}
