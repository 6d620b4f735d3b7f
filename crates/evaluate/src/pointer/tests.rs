use super::*;
use stillyou_models::pointer::PackSource;
use stillyou_recordings::pointer::mousers;

fn options() -> Options {
    Options { data: "made-up".into(), subjects: Subjects::All, seed: 1, include_seen: false }
}

fn rate(set: &Set) -> f64 {
    let model = Model::load(&PackSource::BuiltIn).unwrap();
    sessions(&options(), set, (set.people.len(), 0), &model, &mut |_, _| {}).unwrap().measures.eer.value
}

#[test]
fn made_up_people_are_told_apart_and_swapped_ones_are_not() {
    let mut set = mousers(5, 30);
    let own = rate(&set);
    assert!(own < 0.2, "{own}");

    let probes: Vec<_> = set.people.iter().map(|p| p.sessions[0].clone()).collect();
    let people = set.people.len();
    for (at, person) in set.people.iter_mut().enumerate() {
        assert_eq!(person.sessions[0].name, PROBE);
        person.sessions[0] = probes[(at + 1) % people].clone();
    }
    let swapped = rate(&set);
    assert!(swapped > 0.35, "{swapped}");
}

#[test]
fn the_report_has_its_keys_and_is_the_same_again() {
    let set = mousers(2, 6);
    let model = Model::load(&PackSource::BuiltIn).unwrap();
    let report = || sessions(&options(), &set, (6, 0), &model, &mut |_, _| {}).unwrap();
    let (first, second) = (Report::Sessions(report()), Report::Sessions(report()));
    assert_eq!(first, second);
    let json = first.to_json();
    for key in ["eer", "eer_ci", "cllr", "cllr_ci", "subjects", "genuine", "impostor", "pack", "seed"] {
        assert!(!json[key].is_null(), "{key}: {json}");
    }
    assert_eq!((json["genuine"].as_u64(), json["impostor"].as_u64()), (Some(6), Some(30)));
    let mut scores = Vec::new();
    first.write_scores(&mut scores).unwrap();
    assert_eq!(String::from_utf8(scores).unwrap().lines().count(), 37);
}

#[test]
fn people_without_both_sessions_are_left_out_and_counted() {
    let mut set = mousers(3, 5);
    set.people[0].sessions.remove(0);
    set.people[1].sessions.remove(1);
    set.people[2].sessions[0].events.truncate(40);
    let model = Model::load(&PackSource::BuiltIn).unwrap();
    let report = sessions(&options(), &set, (5, 0), &model, &mut |_, _| {}).unwrap();
    assert_eq!(report.evaluated, 2);
    assert_eq!(report.left_out, LeftOut { seen: 0, too_few_to_enrol: 1, no_probe: 2 });
    set.people.truncate(3);
    let error = sessions(&options(), &set, (3, 0), &model, &mut |_, _| {}).unwrap_err().to_string();
    assert!(error.contains("at least 2"), "{error}");
}

#[test]
fn other_recordings_are_refused_with_what_would_be_right() {
    let model = Model::load(&PackSource::BuiltIn).unwrap();
    let root = tempfile::tempdir().unwrap();
    let head = "subject,session,t_us,button,state,x,y\n";
    for (name, session) in [("a", "1"), ("b", "2")] {
        std::fs::create_dir(root.path().join(name)).unwrap();
        let row = format!("{head}1,{session},0,NoButton,Move,1,1\n");
        std::fs::write(root.path().join(name).join("m.csv"), row).unwrap();
    }
    let refused = |data: PathBuf| {
        let options = Options { data, ..options() };
        evaluate(&options, &model, &mut |_, _| {}).unwrap_err().to_string()
    };
    let error = refused(root.path().to_owned());
    assert!(error.contains("2 sets: a, b") && error.contains("3min"), "{error}");
    let error = refused(root.path().join("a"));
    assert!(error.contains("no sessions named 3min and 1min") && error.contains("is_illegal"), "{error}");
    assert!(refused(root.path().join("c")).contains("can't be read"));
}

#[test]
fn accounts_have_areas_of_their_own() {
    use stillyou_recordings::pointer::{Label, Mouser, Session};
    let minutes = |n: u64| std::time::Duration::from_secs(60 * n);
    let account = |seed: u64, other: u64| {
        let session = |name: String, label, events| Session { name, label: Some(label), events };
        let mut sessions = vec![session("t".into(), Label::Train, Mouser::new(seed).pointing(0, minutes(4)))];
        for n in 1..5 {
            let (own, theirs) = (Mouser::new(seed).pointing(n, minutes(1)), Mouser::new(other).pointing(n, minutes(1)));
            sessions.push(session(format!("own{n}"), Label::Test { illegal: false }, own));
            sessions.push(session(format!("not{n}"), Label::Test { illegal: true }, theirs));
        }
        sessions.push(session("short".into(), Label::Test { illegal: true }, Vec::new()));
        Person { subject: seed.to_string(), sessions }
    };
    let set = Set { name: "x".into(), labelled: true, people: vec![account(1, 2), account(2, 3)] };
    let model = Model::load(&PackSource::BuiltIn).unwrap();
    let report = accounts::evaluate(&options(), &set, (2, 0), &model, &mut |_, _| {}).unwrap();
    assert!(report.auc > 0.7 && report.accounts.iter().all(|a| a.genuine == 4 && a.impostor == 5), "{report}");
    assert_eq!(report.too_short, 2);
    let json = Report::Accounts(report).to_json();
    assert!(json["auc_ci"][0].is_number() && json["accounts"][1]["auc"].is_number(), "{json}");
}

#[test]
fn the_area_counts_pairs_won() {
    let trial = |genuine, llr_nats| Trial { enrolled: 0, genuine, score: 0.0, llr_nats };
    let area = |trials: &[Trial]| accounts::area(trials.to_vec());
    assert_eq!(area(&[trial(true, 1.0), trial(false, 0.0)]), Some(1.0));
    assert_eq!(area(&[trial(true, 1.0), trial(false, 1.0)]), Some(0.5));
    assert_eq!(area(&[trial(true, 0.0), trial(true, 2.0), trial(false, 1.0)]), Some(0.5));
    assert_eq!(area(&[trial(true, 1.0)]), None);
}
