use super::report::Figures;
use super::*;
use std::{fs, path::Path};
use stillyou_models::keystroke::ModelError;

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
    evaluate(options, &ByHold, &mut |_, _| {}).map_err(|e| e.to_string())
}

fn turns(folder: &Path, options: &Options) -> Vec<Turn> {
    let population = Population::load(folder, options.subjects, options.include_seen, &ByHold).unwrap();
    let player = |(set, person): &(usize, stillyou_recordings::Person)| Player {
        set: *set,
        probe: typing::joined(person, options.enrol as u32 + 1..=15, usize::MAX),
        all: typing::joined(person, 1..=15, HORIZON),
        samples: match samples::of(person, options.enrol, &mut 0) {
            Candidate::Usable(samples) => samples,
            _ => panic!("not usable"),
        },
    };
    let players: Vec<Player> = population.people.iter().map(player).collect();
    play(&players, options, &ByHold, &mut |_, _| {}).unwrap()
}

#[test]
fn the_hand_over_by_hand() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("two");
    write_set(&set, &["a", "b"], |subject, _| if subject == "a" { 100 } else { 200 });
    // The owner keeps log O at its floor, −6.908. With 10, 20, 30, 40 impostor keys in the window the ratio is 1.4 (the
    // floor holds), −.2, −1.8, −3.4, from 50 on −5; each counts a fifth: −6.868, −6.508, −5.828, −4.828 and then a nat
    // every 10 keys: above 0 after 100, above 6.908 after 170.
    for turn in turns(&set, &Options::new(&set)) {
        assert_eq!((turn.false_step_ups, turn.keystrokes), (0, 250));
        let [caught] = turn.impostors.as_slice() else { panic!("one impostor") };
        assert_eq!(*caught, Caught { step_up: Some(100), lock: Some(170), watched: 500, passes: false });
    }
    let mut lenient = Options::new(&set);
    lenient.policy.evidence.keystroke.cap_nats = 2.0;
    // Capped at 2: −.04, −.36, −.4, then .4 every 10 keys: 6.908 is passed at 40 + 10 · 16.
    assert_eq!(turns(&set, &lenient)[0].impostors[0].step_up, Some(200));
}

#[test]
fn a_false_step_up_starts_window_and_odds_anew() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("two");
    // The owner a types sentences 13 to 15 (keys 101 to 250) like somebody else.
    write_set(&set, &["a", "b"], |subject, n| if subject == "a" && n < 13 { 100 } else { 200 });
    let turn = &turns(&set, &Options::new(&set))[0];
    // Step-up at key 200, as for an impostor. Then 20, 30, 40, 50 keys weigh .08, .12, .16, .2: −4.108 at key 250.
    assert_eq!(turn.false_step_ups, 1);
    // The impostor, no different, goes on from there with a full window: 5 more nats.
    assert_eq!(turn.impostors[0].step_up, Some(50));
    assert_eq!(turn.impostors[0].lock, Some(120));
}

#[test]
fn somebody_just_like_the_owner_is_not_caught() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("twins");
    write_set(&set, &["a", "b", "seen"], |_, _| 100);
    for turn in turns(&set, &Options::new(&set)) {
        assert_eq!(turn.impostors, [Caught { step_up: None, lock: None, watched: 500, passes: true }]);
    }
    let report = run(&Options::new(&set)).unwrap();
    assert_eq!(report.not_caught().value, 1.0);
    assert_eq!(report.left_out.seen, 1);
    assert_eq!(report.keystrokes_to_step_up().0.value, f64::INFINITY);
    let json = report.to_json();
    assert!(json["keystrokes_to_step_up_median"].is_null());
    assert_eq!(json["false_step_ups_per_20000_bound"].as_f64(), Some(3.0 / 500.0 * 20_000.0));
    assert_eq!(report, run(&Options::new(&set)).unwrap());
    assert!(run(&Options { impostors: 0, ..Options::new(&set) }).unwrap_err().contains("--impostors"));
    assert!(run(&Options { enrol: 15, ..Options::new(&set) }).unwrap_err().contains("--enrol"));
    assert_eq!(run(&Options { include_seen: true, ..Options::new(&set) }).unwrap().owners, 3);
}

#[test]
fn figures_by_hand() {
    let caught = |step_up: Option<usize>| Caught { step_up, lock: None, watched: 300, passes: step_up.is_none() };
    let turn = |false_step_ups, keys: [Option<usize>; 5]| Turn {
        false_step_ups,
        keystrokes: 1_000,
        impostors: keys.map(caught).to_vec(),
    };
    let turns = [
        turn(1, [Some(10), Some(20), Some(30), Some(40), None]),
        turn(0, [Some(10), Some(10), Some(20), Some(30), Some(90)]),
    ];
    let report = |figures| Report {
        sets: vec!["made".to_owned()],
        subjects: Subjects::All,
        in_share: 2,
        owners: 2,
        left_out: LeftOut::default(),
        enrol: 10,
        seed: 1,
        include_seen: false,
        pack: "by-hold".to_owned(),
        pack_hash: "0f".repeat(32),
        figures,
    };
    let json = report(Figures::of(&turns, 1)).to_json();
    // One in 2,000; ordered: 10 10 10 20 20 30 30 40 90 never.
    assert_eq!(json["false_step_ups_per_20000"].as_f64(), Some(10.0));
    assert_eq!(json["keystrokes_to_step_up_median"].as_f64(), Some(20.0));
    assert!(json["keystrokes_to_step_up_p95"].is_null());
    assert_eq!(json["not_caught_within_500"].as_f64(), Some(0.1));
    assert_eq!(json["not_caught_recording_shorter"].as_u64(), Some(1));
    // Resamples hold the first owner 0, 1 or 2 times.
    assert_eq!(json["false_step_ups_per_20000_ci"][0].as_f64(), Some(0.0));
    assert_eq!(json["false_step_ups_per_20000_ci"][1].as_f64(), Some(20.0));
    assert_eq!(json["keystrokes_to_step_up_median_ci"], serde_json::json!([20.0, 30.0]));
    let text = report(Figures::of(&turns, 1)).to_string();
    assert!(text.contains("1 in 2000 genuine keystrokes: 10.00 per 20,000 (95 %: 0.00 to 20.00)"), "{text}");
}
