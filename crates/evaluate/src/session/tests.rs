use super::figures::PER_8H;
use super::*;
use std::{fs, path::Path};
use stillyou_models::keystroke::ModelError;
use stillyou_sense::Micros;

/// Says 3 nats for a window held like the template, −5 for one that differs by 100 ms, and a straight line between.
struct ByHold;

impl Recogniser for ByHold {
    type Embedding = f64;
    type Template = f64;

    fn version(&self) -> (String, String) {
        ("by-hold".to_owned(), "0f".repeat(32))
    }

    fn has_seen(&self, _: &str, subject: &str) -> bool {
        subject == "seen"
    }

    fn embed(&self, windows: &[&[Keystroke]]) -> Result<Vec<f64>, ModelError> {
        assert!(windows.iter().all(|w| (20..=50).contains(&w.len()) && w.is_sorted_by_key(|k| k.pressed_at)));
        let hold_ms = |k: &Keystroke| k.released_at.signed_since(k.pressed_at) as f64 / 1e3;
        Ok(windows.iter().map(|w| w.iter().map(hold_ms).sum::<f64>() / w.len() as f64).collect())
    }

    fn joined(&self, _: &[Self::Embedding]) -> Result<Self::Embedding, ModelError> {
        unreachable!("no window is longer than the model's")
    }

    fn template(&self, of: &[f64], _: u32) -> Result<f64, ModelError> {
        Ok(of.iter().sum::<f64>() / of.len() as f64)
    }

    fn score(&self, template: &f64, probe: &f64) -> Result<f64, ModelError> {
        Ok(-(template - probe).abs() / 100.0)
    }

    fn llr_nats(&self, score: f64, _: usize) -> f64 {
        3.0 + 8.0 * score
    }
}

/// 15 sentences of 50 keys, 150 ms apart, each sentence on its own clock; `hold_ms` by subject and sentence.
fn write_set(folder: &Path, subjects: &[&str], hold_ms: impl Fn(&str, u32) -> u64) {
    let mut text = "subject,session,press_us,release_us,keycode\n".to_owned();
    for subject in subjects {
        for sentence in 1..=15 {
            for key in 0..50u64 {
                let (press, hold) = (key * 150_000, hold_ms(subject, sentence) * 1_000);
                text += &format!("{subject},{sentence},{press},{},65\n", press + hold);
            }
        }
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("people.csv"), text).unwrap();
}

fn run(options: &Options) -> Result<Report, String> {
    evaluate(options, &Policy::default(), &ByHold, &mut |_, _| {}).map_err(|e| e.to_string())
}

/// The people of a set, as owners who repeat nothing.
fn players(folder: &Path) -> Vec<Player> {
    let population = Population::load(folder, FreeText::Sentences, Subjects::All, true, &ByHold).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut player = |(set, person): &(usize, Person)| match samples::of(person, ENROL, &mut 0) {
        Candidate::Usable(samples) => Player::new(*set, person, samples, 0, &mut rng),
        _ => panic!("not usable"),
    };
    population.people.iter().map(&mut player).collect()
}

/// The first one's turn, where the second takes over after `after` keys.
fn turn(players: &[Player], after: usize, policy: &Policy) -> Turn {
    turn_of(players, after, Watch::new(policy, Cadence::default()))
}

fn turn_of(players: &[Player], after: usize, watch: Watch) -> Turn {
    let mut owner = Owner::new(players, 0, 10, &ByHold, &mut ChaCha8Rng::seed_from_u64(1)).unwrap();
    owner.impostors = vec![Impostor::new(&players[0].own, after, (1, &players[1].all), 10)];
    let other = |p: &Player| Other { typed: p.all.clone(), known: HashMap::new() };
    let mut others: Vec<Other<f64>> = players.iter().map(other).collect();
    owner.play(watch, &ByHold, &mut others).unwrap()
}

#[test]
fn the_hand_over_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("two");
    write_set(&set, &["a", "b"], |subject, _| if subject == "a" { 100 } else { 200 });
    let players = players(&set);
    let mut policy = Policy::default();
    policy.score.floor_odds = "1:1000".parse().unwrap();
    policy.step_up.password_odds = policy.score.floor_odds;
    policy.evidence.keystroke.cap_nats = 5.0;
    // The owner keeps log O at its floor, −6.908. With 10, 20, 30, 40 impostor keys in the window the ratio is 1.4 (the
    // floor holds), −.2, −1.8, −3.4, from 50 on −5; each counts a fifth: −6.868, −6.508, −5.828, −4.828 and then a nat
    // every 10 keys: above 0 after 100, above 6.908 after 170.
    let seen = turn(&players, 120, &policy);
    assert_eq!((seen.alarms, seen.locks, seen.keystrokes), (0, 0, 250));
    assert_eq!(seen.impostors, [Caught { step_up: Some(100), lock: Some(170) }]);
    // After 123 keys evidence falls due at their keys 7, 17, 27, 37, 47 (ratios 1.88, .28, −1.32, −2.92, −4.52), 57, …:
    // −6.644, −6.06, −5.156, then a nat every 10 keys: above 0 at the sixth of those.
    assert_eq!(turn(&players, 123, &policy).impostors[0].step_up, Some(107));
    // A key every 150 ms, 3 s between two sentences of 50 keys: in the 4 s after key 100 there are 3 s of pause and
    // the first 7 keys of the third sentence.
    policy.step_up.grace_seconds = 4;
    assert_eq!(turn(&players, 120, &policy).impostors, [Caught { step_up: Some(100), lock: Some(107) }]);
    policy.evidence.keystroke.cap_nats = 2.0;
    // Capped at 2: −.04, −.36, −.4, then .4 every 10 keys: 6.908 is passed at 40 + 10 · 16.
    assert_eq!(turn(&players, 120, &policy).impostors[0].step_up, Some(200));
}

#[test]
fn whoever_comes_in_a_break_meets_the_doubt_that_grew_in_it() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("two");
    write_set(&set, &["a", "b"], |subject, _| if subject == "a" { 100 } else { 200 });
    let players = players(&set);
    let mut policy = Policy::default();
    policy.score.floor_odds = "1:1000".parse().unwrap();
    policy.step_up.password_odds = policy.score.floor_odds;
    policy.evidence.keystroke.cap_nats = 5.0;
    policy.hazard.idle_per_s = 2e-4;
    let mut watch = Watch::new(&policy, Cadence::default());
    watch.breaks = Some(Breaks::new(0, 10, 1));
    // Ten minutes: O = 1.001 · e^.12 − 1, log O = −2.053. As by hand above then −2.333, −2.293, −1.933, −1.253 and a nat
    // every 10 keys: above 0 after 60, above 6.908 after 130.
    let seen = turn_of(&players, 120, watch.clone());
    assert_eq!((seen.alarms, seen.impostors), (0, vec![Caught { step_up: Some(60), lock: Some(130) }]));
    // Rested before every piece of evidence, the owner is doubted but believed again: each takes what the break gave.
    watch.breaks = Some(Breaks::new(96, 10, 1));
    assert_eq!(turn_of(&players, 120, watch).alarms, 0);
}

#[test]
fn breaks_come_as_often_as_was_said() {
    let mut breaks = Breaks::new(12, 10, 3);
    // 100 days of 2,000 pieces of evidence.
    let seen = (0..200_000).filter(|_| breaks.begins()).count();
    assert!((1_050..1_350).contains(&seen), "{seen} of about 1,200");
    assert_eq!((0..200_000).filter(|_| Breaks::new(0, 10, 3).begins()).count(), 0);
}

#[test]
fn a_false_alarm_starts_window_and_odds_anew() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("two");
    // The owner a types sentences 13 to 15 (keys 101 to 250) like somebody else.
    write_set(&set, &["a", "b"], |subject, n| if subject == "a" && n < 13 { 100 } else { 200 });
    let mut policy = Policy::default();
    policy.score.floor_odds = "1:1000".parse().unwrap();
    policy.step_up.password_odds = policy.score.floor_odds;
    policy.evidence.keystroke.cap_nats = 5.0;
    // Step-up at key 200, as for an impostor. Then 20, 30, 40, 50 keys weigh .08, .12, .16, .2: −4.108 at key 250.
    // The impostor, no different, goes on from there with a full window: 5 more nats.
    let seen = turn(&players(&set), 250, &policy);
    assert_eq!((seen.alarms, seen.locks), (1, 0));
    assert_eq!(seen.impostors, [Caught { step_up: Some(50), lock: Some(120) }]);
    // Somebody who takes over at key 210 does so before the window that the step-up emptied is long enough: due at their
    // keys 10 to 40 with weights .08, .12, .16, .2, and then a nat each: −4.108 at 40, above 0 at 90.
    assert_eq!(turn(&players(&set), 210, &policy).impostors[0].step_up, Some(90));
    // Where step-up and lock are as good as one, it is a false lock as well.
    policy.score.lock_odds = "1.0001:1".parse().unwrap();
    assert_eq!(turn(&players(&set), 250, &policy).locks, 1);
}

#[test]
fn somebody_just_like_the_owner_is_never_detected() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("twins");
    write_set(&set, &["a", "b", "seen"], |_, _| 100);
    let report = run(&Options::new(&set)).unwrap();
    let f = report.figures;
    assert_eq!((f.subjects, f.impostors, f.false_stepups), (2, 2, 0));
    assert_eq!((f.genuine_keystrokes, f.distinct_keystrokes), (2 * 1_250, 2 * 250));
    assert_eq!((f.never_detected.value, f.stepup_keystrokes_median.value), (1.0, f64::INFINITY));
    let json = report.to_json();
    for key in ["stepup_keystrokes_median", "stepup_keystrokes_p95", "lock_keystrokes_median", "anga_keystrokes"] {
        assert!(json[key].is_null(), "{key}");
    }
    assert_eq!(json["false_stepups_per_8h"], 0.0);
    assert_eq!(json["false_stepups_per_8h_ci"], serde_json::json!([0.0, 3.0 / 500.0 * PER_8H]));
    assert_eq!(json["false_locks_per_8h_ci"], json["false_stepups_per_8h_ci"]);
    assert_eq!(json["left_out"]["seen"], 1);
    let all = run(&Options { include_seen: true, ..Options::new(&set) }).unwrap();
    assert!(all.figures.subjects == 3 && all.to_string().contains("too rosy"));
}

#[test]
fn everybody_but_oneself_is_caught_and_the_seed_decides() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("four");
    write_set(&set, &["a", "b", "c", "d"], |subject, _| 100 * u64::from(subject.as_bytes()[0] - b'a' + 1));
    let options = Options::new(&set);
    let report = run(&options).unwrap();
    let f = report.figures;
    assert_eq!((f.impostors, f.false_stepups, f.never_detected.value), (12, 0, 0.0));
    assert_eq!(f.never_detected.interval, (0.0, 0.25));
    assert!((20.0..=200.0).contains(&f.stepup_keystrokes_p95.value), "{f:?}");
    assert_eq!(report, run(&options).unwrap());
    let json = report.to_json();
    for key in [
        "false_stepups_per_8h",
        "false_locks_per_8h",
        "anga_keystrokes",
        "stepup_keystrokes_median",
        "stepup_keystrokes_p95",
        "lock_keystrokes_median",
        "never_detected",
        "subjects",
    ] {
        assert!(json.get(key).is_some() && json[format!("{key}_ci")].as_array().is_some_and(|ci| ci.len() == 2));
    }
    let drawn = |seed| {
        let sessions =
            Sessions::load(&Options { seed, ..options.clone() }, 10, &Policy::default(), &ByHold, &mut |_, _| {})
                .unwrap();
        let of = |o: &Owner<f64>| o.impostors.iter().map(|i| (i.who, i.after)).collect::<Vec<_>>();
        sessions.owners.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert!(drawn(1).iter().flatten().all(|(_, after)| *after < 1_250));
}

#[test]
fn figures_by_hand() {
    let caught = |step_up: Option<usize>| Caught { step_up, lock: step_up.map(|k| 2 * k) };
    let turn = |alarms, keys: [Option<usize>; 5]| Turn {
        alarms,
        locks: alarms,
        keystrokes: 1_000,
        distinct: 200,
        looks: 3,
        impostors: keys.map(caught).to_vec(),
    };
    let turns = [
        turn(1, [Some(10), Some(20), Some(30), Some(40), None]),
        turn(0, [Some(10), Some(10), Some(20), Some(30), Some(90)]),
    ];
    let f = Figures::of(&turns, 1);
    // One in 2,000; ordered: 10 10 10 20 20 30 30 40 90 never. Resamples hold the first owner 0, 1 or 2 times.
    assert_eq!(f.false_stepups_per_8h, Rate { value: 10.0, interval: (0.0, 20.0) });
    assert_eq!(f.false_stepups_upper_80, 20.0);
    assert_eq!(f.false_locks_per_8h.value, 10.0);
    assert_eq!(f.anga_keystrokes, Rate { value: 2_000.0, interval: (1_000.0, f64::INFINITY) });
    assert_eq!(f.stepup_keystrokes_median, Rate { value: 20.0, interval: (20.0, 30.0) });
    assert_eq!(f.stepup_keystrokes_p95.value, f64::INFINITY);
    assert_eq!(f.lock_keystrokes_median.value, 40.0);
    assert_eq!(f.never_detected, Rate { value: 0.1, interval: (0.0, 0.2) });
}

#[test]
fn gaps_are_capped_and_orders_hold_every_sentence() {
    let key = |pressed: u64, released: u64| Keystroke {
        key: stillyou_sense::keyboard::Key::from_evdev(30),
        pressed_at: Micros(pressed * 1_000),
        released_at: Micros(released * 1_000),
        injected: false,
    };
    let session = |name: &str, keystrokes| stillyou_recordings::Session { name: name.into(), rep: None, keystrokes };
    let person = stillyou_recordings::Person {
        subject: "p".into(),
        sessions: vec![
            session("11", vec![key(1_000, 1_100), key(9_000, 9_050)]),
            session("12", vec![key(10_500, 10_600), key(10_700, 10_900)]),
            session("13", vec![key(0, 80)]),
        ],
    };
    let sentences = typing::sentences(&person, 11..=15);
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let ms = |typed: &[Keystroke]| typed.iter().map(|k| (k.pressed_at.0 / 1_000, k.released_at.0 / 1_000)).collect();
    // 8 s become 5; 1.5 s stay; the clock that starts anew stands for 3 s.
    let plain: Vec<(u64, u64)> = ms(&typing::stream(&sentences, 0, &mut rng));
    assert_eq!(plain, [(0, 100), (5_000, 5_050), (6_500, 6_600), (6_700, 6_900), (9_700, 9_780)]);
    let repeated = typing::stream(&sentences, 4, &mut rng);
    assert_eq!((repeated.len(), ms(&repeated[..5])), (25, plain));
    assert!(repeated.windows(2).all(|w| w[1].pressed_at.0 - w[0].pressed_at.0 <= 5_000_000));
    for pass in repeated.chunks(5) {
        let mut holds: Vec<u64> = pass.iter().map(|k| (k.released_at.0 - k.pressed_at.0) / 1_000).collect();
        holds.sort_unstable();
        assert_eq!(holds, [50, 80, 100, 100, 200]);
    }
}
