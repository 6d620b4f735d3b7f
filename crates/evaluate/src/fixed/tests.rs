use super::*;
use crate::metrics::{Trial, eer};
use std::{fs, path::Path};
use stillyou_recordings::typist::Typist;
use stillyou_sense::{Micros, keyboard::Key, keyboard::Keystroke};

/// Four keys by a recipe that a Python script followed too.
fn repetition(i: u64) -> Vec<Keystroke> {
    let mut at = 0;
    (0..4)
        .map(|k| {
            let pressed_at = Micros(at * 1_000);
            let released_at = Micros((at + 80 + (i * 7 + k * 13) % 23) * 1_000);
            at += 150 + (i * 11 + k * 29) % 47;
            Keystroke { key: Key::UNKNOWN, pressed_at, released_at, injected: false }
        })
        .collect()
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() < 1e-6 * expected.abs().max(1.0), "{what}: {found}, not {expected}");
}

// Expected: numpy; pinv over all ten times for Mahalanobis; scikit-learn's OneClassSVM(nu=0.5, gamma=0.1, tol=1e-13).
#[test]
fn classical_detectors_agree_with_numpy_and_scikit_learn() {
    let expected = [
        (Classical::Manhattan, [-0.118_416_67, -0.123_416_67]),
        (Classical::ScaledManhattan, [-12.003_348_68, -12.476_705_35]),
        (Classical::Mahalanobis, [-2.643_478_38, -3.074_957_46]),
        (Classical::OneClassSvm, [-0.087_643_41, -0.222_498_93]),
        (Classical::ScaledManhattanOnLogs, [-7.606_469_85, -7.831_662_85]),
    ];
    for (classical, scores) in expected {
        let train: Vec<Vec<f64>> = (0..12).map(|i| classical.times(&repetition(i))).collect();
        let trained = classical.train(&train);
        for (i, score) in [20, 33].into_iter().zip(scores) {
            assert_near(trained.score(&classical.times(&repetition(i))), score, classical.name());
        }
    }
}

#[test]
fn a_one_class_machine_rejects_about_nu_of_its_points() {
    let points: Vec<Vec<f64>> =
        (0..60).map(|i| vec![f64::from(i * 37 % 60) / 60.0, f64::from(i * 23 % 60) / 60.0]).collect();
    for nu in [0.1, 0.5, 0.9, 1.0] {
        let machine = OneClass::train(&points, nu, 2.0);
        let rejected = points.iter().filter(|p| machine.decision(p) < -1e-6).count() as f64 / 60.0;
        assert!(rejected <= nu + 1e-9 && rejected > nu - 0.15, "nu {nu}: {rejected}");
        assert!(machine.decision(&[0.5, 0.5]) > machine.decision(&[3.0, 3.0]));
    }
}

const PHRASE: &str = "a word to pass by";

/// People who type one phrase `of` times each, without mistakes.
fn write_phrases(folder: &Path, of: &[usize], change: impl Fn(usize, usize, &mut Vec<Keystroke>)) {
    let mut text = "subject,session,rep,press_us,release_us\n".to_owned();
    for (who, times) in of.iter().enumerate() {
        let typist = Typist::new(who as u64);
        let mut session = 0;
        for rep in 1..=*times {
            let mut typed = loop {
                session += 1;
                let typed = typist.type_text(PHRASE, session);
                if typed.len() == PHRASE.len() {
                    break typed;
                }
            };
            change(who, rep, &mut typed);
            for k in &typed {
                text += &format!("p{who},phrase,{rep},{},{}\n", k.pressed_at.0, k.released_at.0);
            }
        }
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("typed.csv"), text).unwrap();
}

fn run(data: &Path, seed: u64) -> Result<Report, String> {
    evaluate(&Options { seed, ..Options::new(data) }, &mut |_, _| {}).map_err(|e| e.to_string())
}

#[test]
fn the_protocol_counts_what_it_says() {
    let root = tempfile::tempdir().unwrap();
    // One person of seven has 200, so 100 will do; p6 has too few, p5's 110 make n, one slip is left out.
    write_phrases(root.path(), &[130, 120, 200, 115, 121, 111, 60], |who, rep, typed| {
        if (who, rep) == (5, 3) {
            typed.truncate(9);
        }
    });
    let report = run(root.path(), 1).unwrap();
    let [text] = report.texts.as_slice() else { panic!("{} texts", report.texts.len()) };
    assert_eq!((text.name.as_str(), text.keys, text.least, text.n, text.dropped), ("phrase", 17, 100, 110, 1));
    assert_eq!(text.people, ["p0", "p1", "p2", "p3", "p4", "p5"]);
    assert_eq!(text.sizes.iter().map(|s| s.repetitions).collect::<Vec<_>>(), [5, 10, 20, 50, 55]);
    for detected in std::iter::once(&text.own).chain(&text.classical) {
        for who in 0..6 {
            let genuine: Vec<usize> =
                detected.trials.iter().filter(|t| t.enrolled == who && t.genuine()).map(|t| t.repetition).collect();
            assert_eq!(genuine, (55..110).collect::<Vec<_>>());
            let impostor: Vec<_> = detected.trials.iter().filter(|t| t.enrolled == who && !t.genuine()).collect();
            assert_eq!(impostor.len(), 25);
            assert!(impostor.iter().all(|t| t.repetition < 5));
            let of = |t: &&ScoredRepetition| Trial { enrolled: 0, genuine: t.genuine(), score: t.score, llr_nats: 0.0 };
            let own: Vec<Trial> = detected.trials.iter().filter(|t| t.enrolled == who).map(|t| of(&t)).collect();
            assert_eq!(eer(&own), detected.rates[who], "each person's own");
        }
        assert_near(detected.rates.iter().sum::<f64>() / 6.0, detected.eer, detected.name);
        assert!(detected.interval.0 <= detected.eer && detected.eer <= detected.interval.1);
    }
    // Hands that differ as these do are told apart, and better than by the plain distance.
    let plain = text.classical.iter().find(|d| d.name == "manhattan").unwrap();
    assert!(text.own.eer < 0.1 && text.own.eer < plain.eer, "{} {}", text.own.eer, plain.eer);
}

#[test]
fn the_seed_decides_and_nobody_compared_is_learnt_from() {
    let root = tempfile::tempdir().unwrap();
    let people = [100; 7];
    write_phrases(&root.path().join("a"), &people, |_, _, _| {});
    let report = run(&root.path().join("a"), 3).unwrap();
    assert_eq!(report, run(&root.path().join("a"), 3).unwrap());
    let other = run(&root.path().join("a"), 4).unwrap();
    assert_ne!(report.texts[0].own.trials, other.texts[0].own.trials);
    assert_eq!(report.texts[0].classical[0].rates, other.texts[0].classical[0].rates);
    // p6's first repetitions become another's: whatever does not compare with p6, or with p6's fold, keeps its score,
    // and a comparison of p6 with somebody changes for p6's own times alone.
    write_phrases(&root.path().join("b"), &people, |who, rep, typed| {
        if who == 6 && rep <= 50 {
            typed.iter_mut().for_each(|k| k.released_at = Micros(k.released_at.0 + 40_000));
        }
    });
    let changed = run(&root.path().join("b"), 3).unwrap();
    let subjects = ["p0", "p1", "p2", "p3", "p4", "p5", "p6"];
    let folds = folds::deal(&subjects, 3);
    let both = || report.texts[0].own.trials.iter().zip(&changed.texts[0].own.trials);
    let fold_of_probe = |t: &ScoredRepetition| if t.genuine() { t.repetition % 5 } else { folds[t.probe] };
    let without = |t: &ScoredRepetition| folds[t.enrolled] == folds[6] || fold_of_probe(t) == folds[6];
    let untouched = |t: &ScoredRepetition| t.enrolled != 6 && t.probe != 6 && without(t);
    assert!(both().any(|(a, _)| untouched(a)));
    assert!(both().filter(|(a, _)| untouched(a)).all(|(a, b)| a == b));
    assert!(both().filter(|(a, _)| !without(a)).any(|(a, b)| a != b));
}

#[test]
fn folds_differ_by_one_person_at_most() {
    let names: Vec<String> = (0..23).map(|i| format!("S{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folds = folds::deal(&names, 1);
    let mut sizes = [0; 5];
    folds.iter().for_each(|f| sizes[*f] += 1);
    sizes.sort_unstable();
    assert_eq!(sizes, [4, 4, 5, 5, 5]);
    assert_eq!(folds, folds::deal(&names, 1));
    assert_ne!(folds, folds::deal(&names, 2));
}

#[test]
fn sittings_of_the_same_keys_are_one_text_in_their_order() {
    let root = tempfile::tempdir().unwrap();
    let mut csv = "subject,session,rep,press_us,release_us,key\n".to_owned();
    for subject in ["a", "b", "c"] {
        for (sitting, from) in [("small-10", 3_000), ("small-9", 2_000), ("big-1", 1_000)] {
            for rep in 1..=40 {
                for (at, key) in ["p", "a", "s", "s"].iter().enumerate() {
                    let press = at * 150_000;
                    let release = press + 50_000 + from + rep;
                    csv += &format!("{subject},{sitting},{rep},{press},{release},{key}\n");
                }
            }
        }
    }
    let folder = root.path().join("one");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("o.csv"), csv).unwrap();
    let set = discover(&folder).unwrap()[0].load().unwrap();
    let texts = texts::of(&set);
    assert_eq!((texts.len(), texts[0].name.as_str(), texts[0].keys), (1, "one", 4));
    let holds: Vec<u64> = texts[0].people[0].repetitions.iter().map(|r| r[0].released_at.0 - 50_000).collect();
    assert!(holds.is_sorted() && holds.len() == 120, "big-1, small-9, small-10");
    let report = run(&folder, 1).unwrap();
    assert_eq!((report.texts[0].people.len(), report.texts[0].n), (3, 120));
    assert!(report.texts[0].own.trials.iter().all(|t| t.score.is_finite()), "people who are all alike");
}

#[test]
fn the_report_says_everything() {
    let root = tempfile::tempdir().unwrap();
    write_phrases(root.path(), &[100; 6], |_, _, _| {});
    let report = run(root.path(), 9).unwrap();
    let json = report.to_json();
    let text = &json["texts"]["phrase"];
    assert_eq!((text["people"].as_u64(), text["n"].as_u64(), json["seed"].as_u64()), (Some(6), Some(100), Some(9)));
    assert_eq!((text["genuine"].as_u64(), text["impostor"].as_u64()), (Some(300), Some(150)));
    for of in [text, &json, &text["practised_impostors"], &text["detectors"]["one_class_svm"]] {
        let [value, low, high] = [&of["eer"], &of["eer_ci"][0], &of["eer_ci"][1]].map(|v| v.as_f64().unwrap());
        assert!(low <= value && value <= high && high <= 1.0);
    }
    for name in ["manhattan", "scaled_manhattan", "mahalanobis", "one_class_svm", "scaled_manhattan_on_logs"] {
        assert!(text["detectors"][name]["eer"].is_number() && json["detectors"][name]["eer_ci"][1].is_number());
    }
    assert!(text["cllr"].as_f64().unwrap() > 0.0);
    let printed = report.to_string();
    for part in ["phrase: 17 keys, 6 people with 100", "one class svm", "5 repetitions enrol", "impostors who know it"]
    {
        assert!(printed.contains(part), "{part:?} not in {printed}");
    }
    let mut bytes = Vec::new();
    report.write_scores(&mut bytes).unwrap();
    let mut rows = csv::Reader::from_reader(bytes.as_slice());
    let read: Vec<(String, String, String, String, u32, u8, f64)> = rows.deserialize().map(|r| r.unwrap()).collect();
    assert_eq!(read.len(), 6 * 450);
    let own: Vec<_> = read.iter().filter(|r| r.1 == "stillyou").collect();
    for (row, t) in own.iter().zip(&report.texts[0].own.trials) {
        assert_eq!((row.4 as usize, row.5 == 1, row.6), (t.repetition + 1, t.genuine(), t.score), "to the last bit");
        assert_eq!((&row.2, &row.3), (&report.texts[0].people[t.enrolled], &report.texts[0].people[t.probe]));
    }
}

#[test]
fn what_cannot_be_evaluated_is_said() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("f.csv");
    fs::write(&file, "subject,session,press_us,release_us\nS1,1,0,5\n").unwrap();
    let error = run(root.path(), 1).unwrap_err();
    assert!(error.contains("no rep column"), "{error}");
    fs::write(&file, "subject,session,rep,press_us,release_us\nS1,phrase,1,0,5\n").unwrap();
    let error = run(root.path(), 1).unwrap_err();
    assert!(error.contains("two people") && error.contains("phrase 0 people with 100"), "{error}");
    fs::write(&file, "subject,session,rep,press_us,release_us\nS1,phrase,one,0,5\n").unwrap();
    let error = run(root.path(), 1).unwrap_err();
    assert!(error.contains("rep"), "{error}");
    fs::remove_file(&file).unwrap();
    // Two people are compared, with nobody left to learn from.
    write_phrases(root.path(), &[100; 2], |_, _, _| {});
    let report = run(root.path(), 1).unwrap();
    assert!(report.texts[0].own.trials.iter().all(|t| t.score.is_finite()));
}
