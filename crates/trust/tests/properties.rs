//! The properties that DESIGN section 2 promises, under random events.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;
use stillyou_trust::*;

/// A random event with the seconds that pass before it.
#[derive(Clone, Debug)]
struct Happening {
    seconds: f64,
    input: Input,
}

fn evidence(modality: Modality, llr_nats: f64) -> Evidence {
    Evidence::new(modality, llr_nats, Quality::FULL, Vec::new()).unwrap()
}

fn any_evidence() -> impl Strategy<Value = Input> {
    (prop::sample::select(&Modality::ALL[..]), -20.0..20.0f64, 0.0..=1.0f64)
        .prop_map(|(m, llr, overlap)| Input::Evidence { evidence: evidence(m, llr), overlap })
}

fn any_activity() -> impl Strategy<Value = Activity> {
    prop::sample::select(vec![Activity::Input, Activity::Idle, Activity::NobodySeen])
}

fn any_circumstance() -> impl Strategy<Value = Circumstance> {
    prop::sample::select(&Circumstance::ALL[..])
}

fn any_input() -> impl Strategy<Value = Input> {
    let trouble = prop::sample::select(vec![Trouble::CannotLock, Trouble::KeyboardNotVisible]);
    prop_oneof![
        4 => any_activity().prop_map(Input::Tick),
        6 => any_evidence(),
        1 => Just(Input::Verified(Factor::Password)),
        1 => Just(Input::VerificationFailed),
        1 => Just(Input::SessionLocked),
        1 => Just(Input::SessionUnlocked),
        1 => Just(Input::LockFailed),
        1 => Just(Input::WatchLost),
        1 => (1..900u64).prop_map(|s| Input::Pause(Duration::from_secs(s))),
        1 => Just(Input::Resume),
        2 => any_circumstance().prop_map(Input::CircumstanceBegan),
        1 => any_circumstance().prop_map(Input::CircumstanceEnded),
        1 => trouble.clone().prop_map(Input::TroubleBegan),
        1 => trouble.prop_map(Input::TroubleEnded),
        1 => (0..3usize, 0.0..20.0f64, 0..7200u64).prop_map(|(n, hazard_factor, s)| {
            let set_aside = Modality::ALL.into_iter().take(n).collect();
            Input::OverrideBegan(Override { set_aside, hazard_factor, reverify: Duration::from_secs(s) })
        }),
        1 => Just(Input::OverrideEnded),
        1 => Just(Input::Verified(Factor::Override)),
        1 => Just(Input::Erased),
        1 => Just(Input::Enrolled),
    ]
}

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let seconds = prop_oneof![3 => 0.0..10.0f64, 1 => 0.0..20_000.0f64];
    prop::collection::vec((seconds, any_input()).prop_map(|(seconds, input)| Happening { seconds, input }), 1..120)
}

struct Run {
    monitor: Monitor,
    at: TrustTime,
}

impl Run {
    fn begin() -> Self {
        let at = TrustTime::since_boot(Duration::from_secs(100));
        Self { monitor: Monitor::begin(Policy::default(), at, None).0, at }
    }

    fn after(&mut self, seconds: f64, input: Input) -> Vec<Decision> {
        self.at = self.at + Duration::from_secs_f64(seconds);
        self.monitor.handle(self.at, input)
    }

    fn log_odds(&self) -> f64 {
        self.monitor.snapshot().log_odds.map_or(f64::NAN, |l| l.0)
    }
}

proptest! {
    #[test]
    fn silence_never_raises_the_score(before in happenings(), ticks in prop::collection::vec((0.0..5_000.0f64, any_activity()), 1..40)) {
        let mut run = Run::begin();
        for h in before { run.after(h.seconds, h.input); }
        for (seconds, activity) in ticks {
            let score = run.monitor.snapshot().score;
            run.after(seconds, Input::Tick(activity));
            prop_assert!(run.monitor.snapshot().score <= score);
        }
    }

    /// The same day without one modality: until that modality's evidence first speaks for the owner, losing it can't help.
    #[test]
    fn a_missing_sensor_is_no_evidence(before in happenings(), seconds in 0.0..600.0f64, trouble in prop::sample::select(vec![Trouble::KeyboardNotVisible, Trouble::ModelFailed])) {
        let mut run = Run::begin();
        for h in before { run.after(h.seconds, h.input); }
        let score = run.monitor.snapshot().score;
        run.after(0.0, Input::TroubleBegan(trouble));
        run.after(seconds, Input::Tick(Activity::Input));
        prop_assert!(run.monitor.snapshot().score <= score);
        run.after(0.0, Input::TroubleEnded(trouble));
        prop_assert!(run.monitor.snapshot().score <= score);
    }

    #[test]
    fn a_circumstance_never_raises_the_score(before in happenings(), circumstance in any_circumstance(), ends in any::<bool>()) {
        let mut run = Run::begin();
        for h in before { run.after(h.seconds, h.input); }
        let score = run.monitor.snapshot().score;
        run.after(0.0, Input::CircumstanceBegan(circumstance));
        prop_assert!(run.monitor.snapshot().score <= score);
        if ends { run.after(0.0, Input::CircumstanceEnded(circumstance)); }
        prop_assert!(run.monitor.snapshot().score <= score);
    }

    /// The same time with circumstances that come and go in any order: never a better score than without them.
    #[test]
    fn time_with_circumstances_is_no_better_than_without(changes in prop::collection::vec((0.0..2_000.0f64, any_activity(), any_circumstance(), any::<bool>()), 1..40)) {
        let (mut with, mut without) = (Run::begin(), Run::begin());
        for (seconds, activity, circumstance, begins) in changes {
            // Away, the same input is idle time; elsewhere the two days are told alike.
            with.after(seconds, Input::Tick(activity));
            without.after(seconds, Input::Tick(activity));
            if let State::StepUp { .. } | State::Locked { .. } = with.monitor.snapshot().state { break; }
            prop_assert!(with.log_odds() >= without.log_odds() - 1e-9);
            let change = if begins { Input::CircumstanceBegan(circumstance) } else { Input::CircumstanceEnded(circumstance) };
            with.after(0.0, change);
        }
    }

    /// However it is cut into pieces, the same time gives the same score.
    #[test]
    fn a_circumstance_counts_its_time_however_often_one_looks(circumstance in any_circumstance(), pieces in prop::collection::vec(0.0..200.0f64, 1..30)) {
        let (mut often, mut once) = (Run::begin(), Run::begin());
        often.after(0.0, Input::CircumstanceBegan(circumstance));
        once.after(0.0, Input::CircumstanceBegan(circumstance));
        for piece in &pieces { often.after(*piece, Input::Tick(Activity::Idle)); }
        once.at = often.at;
        once.after(0.0, Input::Tick(Activity::Idle));
        prop_assert!((often.log_odds() - once.log_odds()).abs() < 1e-6);
        prop_assert_eq!(often.monitor.snapshot().circumstances, once.monitor.snapshot().circumstances);
    }

    #[test]
    fn a_step_up_ends_what_fades_and_nothing_that_lasts(before in happenings(), held in prop::collection::btree_set(any_circumstance(), 0..9)) {
        let mut run = Run::begin();
        for h in before { run.after(h.seconds, h.input); }
        for c in Circumstance::ALL { run.after(0.0, Input::CircumstanceEnded(c)); }
        for c in &held { run.after(0.0, Input::CircumstanceBegan(*c)); }
        if let State::Locked { .. } = run.monitor.snapshot().state { return Ok(()) }
        run.after(0.0, Input::Verified(Factor::Password));
        let policy = Policy::default();
        let lasts = |c: &Circumstance| policy.context.fades_after(*c).is_none();
        let expected: std::collections::BTreeSet<Circumstance> = held.into_iter().filter(lasts).collect();
        prop_assert_eq!(run.monitor.snapshot().circumstances, expected);
    }

    #[test]
    fn caps_floor_and_ceiling_hold(events in happenings()) {
        let policy = Policy::default();
        let floor = policy.score.floor_odds.log().0;
        let mut run = Run::begin();
        for h in events {
            run.after(h.seconds, h.input);
            let now = run.log_odds();
            prop_assert!(now.is_nan() || (floor..=30.0).contains(&now), "{now}");
        }
        for step in run.monitor.explanation().steps {
            if let Step::Evidence(e) = step {
                let cap = policy.evidence.of(e.modality).cap_nats;
                prop_assert!(e.nats.abs() <= cap * e.weight + 1e-9);
            }
        }
    }

    #[test]
    fn steps_sum_to_log_odds_and_the_record_gives_the_same_score(events in happenings()) {
        let mut run = Run::begin();
        for h in events {
            for decision in run.after(h.seconds, h.input) {
                let json = serde_json::to_string(&decision).unwrap();
                let record: Decision = serde_json::from_str(&json).unwrap();
                if let Some(explanation) = record.explanation {
                    let sum: f64 = explanation.start.log_odds.0 + explanation.steps.iter().map(Step::nats).sum::<f64>();
                    prop_assert!((sum - record.log_odds.0).abs() < 1e-9, "{sum} is not {}", record.log_odds.0);
                    let again = explanation.recompute().unwrap();
                    prop_assert!((again.score() - record.log_odds.score()).abs() < 1e-9);
                    let parts: f64 = explanation.contributions().iter().map(|c| c.nats).sum();
                    prop_assert!((explanation.start.log_odds.0 + parts - record.log_odds.0).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn nothing_but_evidence_or_step_up_leads_to_verified(events in happenings()) {
        let mut run = Run::begin();
        for h in events {
            if matches!(h.input, Input::Evidence { .. } | Input::Verified(_)) { continue; }
            run.after(h.seconds, h.input);
            let verified = State::Watching { band: Band::Verified };
            prop_assert_ne!(run.monitor.snapshot().state, verified);
        }
    }

    #[test]
    fn an_open_step_up_is_not_closed_by_evidence(before in happenings(), pieces in prop::collection::vec((0.0..0.05f64, any_evidence()), 1..100)) {
        let mut run = Run::begin();
        for h in before { run.after(h.seconds, h.input); }
        let State::StepUp { locking: false, deadline } = run.monitor.snapshot().state else { return Ok(()) };
        for (seconds, piece) in pieces {
            if run.at + Duration::from_secs_f64(seconds) >= deadline { break; }
            run.after(seconds, piece);
            prop_assert_eq!(run.monitor.snapshot().state, State::StepUp { locking: false, deadline });
        }
    }

    #[test]
    fn time_alone_never_locks(seconds in prop::collection::vec(0.0..1e6f64, 1..20), activity in any_activity(), held in prop::collection::vec(any_circumstance(), 0..6)) {
        let mut run = Run::begin();
        for c in held { run.after(0.0, Input::CircumstanceBegan(c)); }
        for s in seconds {
            run.after(s, Input::Tick(activity));
            prop_assert!(run.log_odds() < Policy::default().score.lock_odds.log().0);
        }
    }

    #[test]
    fn a_weak_modality_alone_never_reaches_the_lock_band(llrs in prop::collection::vec(-20.0..4.0f64, 1..300)) {
        let policy = Policy::default();
        let at = TrustTime::default();
        let mut belief = Belief::new(Rules::of(&policy), at, policy.score.floor_odds.log(), Origin::Verified);
        for llr in llrs {
            belief.update(at, &evidence(Modality::Pointer, llr), 1.0);
            prop_assert!(belief.log_odds() < policy.score.lock_odds.log());
        }
    }

    #[test]
    fn an_unlock_never_raises_the_score(before in happenings()) {
        let mut run = Run::begin();
        for h in before { run.after(h.seconds, h.input); }
        run.after(0.0, Input::SessionLocked);
        let score = run.monitor.snapshot().score;
        run.after(0.0, Input::SessionUnlocked);
        prop_assert!(run.monitor.snapshot().score <= score);
    }
}

/// i.i.d. evidence with mean `w·ℓ` of −0.05 nats: step-up comes, whatever credit was built up before.
#[test]
fn a_weak_impostor_is_always_caught() {
    let policy = Policy::default();
    let at = TrustTime::default();
    for seed in 0..1_000 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut belief = Belief::new(Rules::of(&policy), at, policy.score.floor_odds.log(), Origin::Verified);
        for _ in 0..200 {
            belief.update(at, &evidence(Modality::Keystroke, 5.0), 0.2);
        }
        let caught = (0..100_000).any(|_| {
            // Uniform on [−3.25, 2.75]: mean −0.25, so mean w·ℓ = −0.05; nothing reaches the cap of 5.
            let llr = rng.random_range(-3.25..2.75);
            belief.update(at, &evidence(Modality::Keystroke, llr), 0.2);
            belief.log_odds() >= policy.score.step_up_odds.log()
        });
        assert!(caught, "seed {seed}");
    }
}
