use super::*;
use crate::metrics::Trial;
use std::{collections::HashMap, fs, path::Path};
use stillyou_models::keystroke::ModelError;
use stillyou_recordings::{Share, typist::Typist};
use stillyou_sense::keyboard::Keystroke;

/// Tells people apart by how long they hold keys: a real comparison, if a poor one.
struct ByHold {
    seen: Vec<&'static str>,
}

impl Recogniser for ByHold {
    type Embedding = f64;
    type Template = f64;

    fn version(&self) -> (String, String) {
        ("by-hold".to_owned(), "00ff".repeat(16))
    }

    fn has_seen(&self, _: &str, subject: &str) -> bool {
        self.seen.contains(&subject)
    }

    fn embed(&self, windows: &[&[Keystroke]]) -> Result<Vec<f64>, ModelError> {
        assert!(windows.iter().all(|w| (20..=50).contains(&w.len())));
        let hold = |k: &Keystroke| (k.released_at.signed_since(k.pressed_at) as f64 / 1e3).ln();
        Ok(windows.iter().map(|w| w.iter().map(hold).sum::<f64>() / w.len() as f64).collect())
    }

    fn joined(&self, parts: &[f64]) -> Result<f64, ModelError> {
        Ok(parts.iter().sum::<f64>() / parts.len() as f64)
    }

    fn template(&self, of: &[f64], _: u32) -> Result<f64, ModelError> {
        Ok(of.iter().sum::<f64>() / of.len() as f64)
    }

    fn score(&self, template: &f64, probe: &f64) -> Result<f64, ModelError> {
        Ok(-(template - probe).abs())
    }

    fn llr_nats(&self, score: f64, keystrokes: usize) -> f64 {
        10.0 * score + 1.0 + keystrokes as f64 / 1e3
    }
}

const NOBODY_SEEN: ByHold = ByHold { seen: Vec::new() };

/// A file of `people` made-up people with 16 sentences each, changed as `change` says.
fn write_set(folder: &Path, people: usize, change: impl Fn(&str, u32, &mut Vec<Keystroke>)) {
    let mut text = "subject,session,press_us,release_us,keycode\n".to_owned();
    for i in 0..people {
        let (typist, subject) = (Typist::new(i as u64), format!("p{i}"));
        for number in 1..=16 {
            let mut keystrokes = typist.type_text("Long enough for more than one window of fifty keys.", number.into());
            change(&subject, number, &mut keystrokes);
            for k in &keystrokes {
                text += &format!("{subject},{number},{},{},65\n", k.pressed_at.0, k.released_at.0);
            }
        }
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("people.csv"), text).unwrap();
}

fn run(options: &Options, model: &ByHold) -> Result<Report, String> {
    evaluate(options, model, &mut |_, _| {}).map_err(|e| e.to_string())
}

#[test]
fn the_protocol_counts_what_it_says() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("made");
    write_set(&set, 30, |subject, number, keystrokes| match (subject, number) {
        ("p3", 2) | ("p4", 6) | ("p5", 7) => keystrokes.truncate(19),
        ("p4", 7..=15) | ("p6", 10..) => keystrokes.clear(),
        ("p7", 8) => keystrokes.truncate(20),
        _ => {}
    });
    let model = ByHold { seen: vec!["p9"] };
    let report = run(&Options::new(&set), &model).unwrap();
    assert_eq!(report.left_out, LeftOut { seen: 1, too_few_to_enrol: 1, no_probe: 1 });
    assert_eq!((report.in_share, report.evaluated), (30, 27));
    assert_eq!(report.dropped_short, 3);
    let all: Vec<&ScoredTrial> = report.trials.iter().collect();
    let genuine: Vec<_> = all.iter().filter(|t| t.trial.genuine).collect();
    let impostor: Vec<_> = all.iter().filter(|t| !t.trial.genuine).collect();
    assert_eq!(report.measures.genuine, genuine.len());
    assert_eq!(report.measures.impostor, impostor.len());
    assert_eq!(impostor.len(), 27 * 20);
    assert!(genuine.iter().all(|t| t.enrolled == t.probe));
    assert!(all.iter().all(|t| (6..=15).contains(&t.session)));
    assert!(all.iter().all(|t| !["p3", "p4", "p9"].contains(&t.probe.as_str())));
    let of = |who: &str| genuine.iter().filter(|t| t.probe == who).map(|t| t.session).collect::<Vec<_>>();
    assert_eq!(of("p6"), [6, 7, 8, 9]);
    assert!(!of("p5").contains(&7));
    assert!(of("p7").contains(&8));
    let mut drawn: HashMap<&str, Vec<&str>> = HashMap::new();
    impostor.iter().for_each(|t| drawn.entry(&t.enrolled).or_default().push(&t.probe));
    for (enrolled, mut others) in drawn {
        assert_eq!(others.len(), 20);
        assert!(!others.contains(&enrolled));
        others.sort_unstable();
        others.dedup();
        assert_eq!(others.len(), 20, "without replacement");
    }
    // 20 keys give an llr for 20 keys.
    let short = genuine.iter().find(|t| t.probe == "p7" && t.session == 8).unwrap();
    assert!((short.trial.llr_nats - (10.0 * short.trial.score + 1.02)).abs() < 1e-12);
}

#[test]
fn scores_are_those_of_the_first_five_sentences() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("made");
    write_set(&set, 4, |_, _, _| {});
    let source = &stillyou_recordings::discover(&set).unwrap()[0];
    let people = source.load().unwrap();
    let report = run(&Options::new(&set), &NOBODY_SEEN).unwrap();
    let hold = |subject: &str, number: u32| {
        let sessions = &people.person(subject).unwrap().sessions;
        let strokes = &sessions.iter().find(|s| s.number() == Some(number)).unwrap().keystrokes;
        NOBODY_SEEN.embed(&[&strokes[..strokes.len().min(50)]]).unwrap()[0]
    };
    for t in &report.trials {
        let template = (1..=5).map(|n| hold(&t.enrolled, n)).sum::<f64>() / 5.0;
        let score = -(template - hold(&t.probe, t.session)).abs();
        assert!((score - t.trial.score).abs() < 1e-12);
    }
    // Four people: the three others are all there are.
    assert_eq!(report.measures.impostor, 12);
    let more =
        run(&Options { protocol: Protocol::Sentences { enrol: 10 }, ..Options::new(&set) }, &NOBODY_SEEN).unwrap();
    assert!(more.trials.iter().all(|t| t.session > 10));
    let fewer =
        run(&Options { protocol: Protocol::Sentences { enrol: 2 }, ..Options::new(&set) }, &NOBODY_SEEN).unwrap();
    assert!(
        fewer.trials.iter().filter(|t| t.trial.genuine).map(|t| t.session).eq(report
            .trials
            .iter()
            .filter(|t| t.trial.genuine)
            .map(|t| t.session))
    );
}

/// A file of people with sessions in an order that is not that of their names, 300 keys in all, each held as long as its
/// number in the order of appearance says.
fn write_streams(folder: &Path, people: usize, keys: usize) {
    let mut text = "subject,session,press_us,release_us,key\n".to_owned();
    for i in 0..people {
        for n in 0..keys {
            let session = ["mail", "chat", "code"][n * 3 / keys];
            // Every session's clock starts at 0.
            let at = (n % (keys / 3)) * 150_000;
            text += &format!("p{i},{session},{at},{},a\n", at + 50_000 + 1_000 * (n + 10 * i));
        }
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("people.csv"), text).unwrap();
}

#[test]
fn a_stream_enrols_with_its_first_keys_as_recorded() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("free");
    write_streams(&set, 4, 300);
    let stream =
        |enrol_keys, window| Options { protocol: Protocol::Stream { enrol_keys, window }, ..Options::new(&set) };
    for (enrol_keys, window, probes) in [(100, 25, 8), (110, 50, 3), (120, 100, 1), (100, 200, 1)] {
        let report = run(&stream(enrol_keys, window), &NOBODY_SEEN).unwrap();
        assert_eq!((report.measures.genuine, report.measures.impostor), (4 * probes, 12), "{enrol_keys} {window}");
        let hold = |n: usize, person: usize| ((50 + n + 10 * person) as f64).ln();
        let mean = |keys: std::ops::Range<usize>, person| {
            let count = keys.len() as f64;
            keys.map(|n| hold(n, person)).sum::<f64>() / count
        };
        for t in &report.trials {
            let who = |name: &str| name[1..].parse::<usize>().unwrap();
            let begin = enrol_keys + (t.session as usize - 1) * window;
            let template = mean(0..enrol_keys, who(&t.enrolled));
            let expected = -(template - mean(begin..begin + window, who(&t.probe))).abs();
            // Parts of unequal length weigh the same: a little off.
            assert!((expected - t.trial.score).abs() < 0.02, "{enrol_keys} {window}: {expected} {}", t.trial.score);
        }
        assert_eq!(report.to_json()["window"], window);
    }
    let short = run(&stream(301, 50), &NOBODY_SEEN).unwrap_err();
    assert!(short.contains("4 with too little to enrol"), "{short}");
    let none = run(&stream(260, 50), &NOBODY_SEEN).unwrap_err();
    assert!(none.contains("4 without a probe"), "{none}");
    for (enrol_keys, window, what) in [(99, 50, "--enrol-keys"), (100, 19, "--window"), (100, 201, "20 to 200")] {
        let error = run(&stream(enrol_keys, window), &NOBODY_SEEN).unwrap_err();
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn the_seed_decides_and_shares_divide() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("made");
    write_set(&set, 60, |_, _, _| {});
    let options = Options::new(&set);
    let report = run(&options, &NOBODY_SEEN).unwrap();
    assert_eq!(report, run(&options, &NOBODY_SEEN).unwrap());
    let other = run(&Options { seed: 2, ..options.clone() }, &NOBODY_SEEN).unwrap();
    assert_ne!(report.trials, other.trials);
    assert_eq!(report.measures.genuine, other.measures.genuine);

    let mut total = 0;
    for share in Share::ALL {
        let only = Options { subjects: Subjects::Only(share), ..options.clone() };
        match run(&only, &NOBODY_SEEN) {
            Ok(part) => {
                assert!(part.trials.iter().all(|t| Share::of("made", &t.probe) == share));
                assert!(part.to_string().contains(&format!("share: {share}")));
                total += part.in_share;
            }
            Err(e) => panic!("{e}"),
        }
    }
    assert_eq!(total, 60);
}

#[test]
fn the_report_says_everything_and_scores_round_trip() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("made");
    write_set(&set, 30, |_, _, _| {});
    let report = run(&Options { seed: 9, ..Options::new(&set) }, &ByHold { seen: vec!["p1", "p2"] }).unwrap();
    let json = report.to_json();
    for key in ["eer", "fnmr_at_fmr_1e-2", "fnmr_at_fmr_1e-3", "cllr"] {
        let (value, low, high) = (&json[key], &json[format!("{key}_ci")][0], &json[format!("{key}_ci")][1]);
        let [value, low, high] = [value, low, high].map(|v| v.as_f64().unwrap());
        assert!(low <= value && value <= high, "{key}: {low} {value} {high}");
    }
    assert_eq!(json["subjects"], 28);
    assert_eq!(json["left_out"]["seen"], 2);
    assert_eq!(json["impostor"], 28 * 20);
    assert_eq!((json["seed"].as_u64(), json["pack"].as_str()), (Some(9), Some("by-hold")));
    assert_eq!(json["sets"][0], "made");
    let text = report.to_string();
    for part in ["by-hold 00ff00ff", "made, share: all, seed 9", "28 of 30", "2 seen", "EER", "can't show an FMR below"]
    {
        assert!(text.contains(part), "{part:?} not in {text}");
    }

    let mut bytes = Vec::new();
    report.write_scores(&mut bytes).unwrap();
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    assert_eq!(rows.headers().unwrap(), vec!["enrolled", "probe", "session", "genuine", "score", "llr"]);
    let read: Vec<(String, String, u32, u8, f64, f64)> = rows.deserialize().map(|r| r.unwrap()).collect();
    assert_eq!(read.len(), report.trials.len());
    for (row, t) in read.iter().zip(&report.trials) {
        assert_eq!((&row.0, &row.1, row.2, row.3 == 1), (&t.enrolled, &t.probe, t.session, t.trial.genuine));
        assert_eq!((row.4, row.5), (t.trial.score, t.trial.llr_nats), "to the last bit");
    }
    let plain: Vec<Trial> = report.trials.iter().map(|t| t.trial).collect();
    assert_eq!(Measures::of(&plain, 9), Some(report.measures));
}

#[test]
fn what_cannot_be_evaluated_is_said() {
    let root = tempfile::tempdir().unwrap();
    let fixed = root.path().join("fixed");
    fs::create_dir_all(&fixed).unwrap();
    fs::write(fixed.join("f.csv"), "subject,session,rep,press_us,release_us\nS1,Phrase,1,0,5\n").unwrap();
    let error = run(&Options::new(&fixed), &NOBODY_SEEN).unwrap_err();
    assert!(error.contains("fixed") && error.contains("free text"), "{error}");
    let quiet = root.path().join("quiet");
    fs::create_dir_all(&quiet).unwrap();
    fs::write(quiet.join("q.csv"), "subject,session,press_us,release_us\nS1,1,0,5\n").unwrap();
    let error = run(&Options::new(root.path()), &NOBODY_SEEN).unwrap_err();
    assert!(error.contains("fixed, quiet"), "{error}");
    let error = run(&Options::new(&quiet), &NOBODY_SEEN).unwrap_err();
    assert!(error.contains("0 subjects are left") && error.contains("1 with too little to enrol"), "{error}");
    fs::write(quiet.join("q.csv"), "subject,session,press_us,release_us\nS1,one,0,5\n").unwrap();
    let error = run(&Options::new(&quiet), &NOBODY_SEEN).unwrap_err();
    assert!(error.contains("no session has a number"), "{error}");
    // A free-text set with keys beside the others is the one that is taken.
    write_set(&root.path().join("made"), 5, |_, _, _| {});
    assert_eq!(run(&Options::new(root.path()), &NOBODY_SEEN).unwrap().sets, ["made"]);
    for enrol in [0, 15] {
        let error =
            run(&Options { protocol: Protocol::Sentences { enrol }, ..Options::new(root.path()) }, &NOBODY_SEEN)
                .unwrap_err();
        assert!(error.contains("--enrol") && error.contains("1 to 14"), "{error}");
    }
    let all_seen = ByHold { seen: vec!["p0", "p1", "p2", "p3", "p4"] };
    let error = run(&Options::new(root.path()), &all_seen).unwrap_err();
    assert!(error.contains("5 seen in training"), "{error}");
    assert!(run(&Options { include_seen: true, ..Options::new(root.path()) }, &all_seen).is_ok());
}
