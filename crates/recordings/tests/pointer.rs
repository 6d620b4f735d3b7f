//! Recorded pointers: what is read, what is refused, and the made-up people.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path, time::Duration};
use stillyou_recordings::pointer::{Label, Mouser, Set, discover, mousers};
use stillyou_sense::{
    Micros,
    keyboard::Transition,
    pointer::{Button, PointerKind},
};

const HEAD: &str = "subject,session,t_us,button,state,x,y\n";
const LABELLED: &str = "subject,session,part,is_illegal,t_us,button,state,x,y\n";

fn load(folder: &Path, text: &str) -> Result<Set, String> {
    let folder = folder.join("mice");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("moves.csv"), text).unwrap();
    discover(&folder).and_then(|sets| sets[0].load()).map_err(|e| e.to_string())
}

#[test]
fn rows_become_events() {
    let root = tempfile::tempdir().unwrap();
    let rows = "2,3min,0,NoButton,Move,10,20\n2,3min,16000,NoButton,Move,11,20\n2,3min,32000,Left,Pressed,11,20\n\
                2,3min,48000,Left,Drag,12,20\n2,3min,64000,Left,Released,13,20\n2,3min,80000,Scroll,Down,13,20\n\
                10,1min,5,NoButton,Move,1,1\n";
    let set = load(root.path(), &format!("{HEAD}{rows}")).unwrap();
    assert_eq!((set.name.as_str(), set.labelled), ("mice", false));
    assert_eq!(set.people.iter().map(|p| p.subject.as_str()).collect::<Vec<_>>(), ["2", "10"]);
    let session = &set.person("2").unwrap().sessions[0];
    assert_eq!((session.name.as_str(), session.label), ("3min", None));
    let left = |transition| PointerKind::Button { button: Button::Left, transition };
    let expected = [
        (0, PointerKind::Move { x: 10, y: 20 }),
        (16_000, PointerKind::Move { x: 11, y: 20 }),
        (32_000, left(Transition::Press)),
        (48_000, PointerKind::Move { x: 12, y: 20 }),
        (64_000, PointerKind::Move { x: 13, y: 20 }),
        (64_000, left(Transition::Release)),
        (80_000, PointerKind::Wheel { dx: 0, dy: 1 }),
    ];
    let got: Vec<_> = session.events.iter().map(|e| (e.at, e.kind)).collect();
    assert!(got == expected.map(|(at, kind)| (Micros(at), kind)), "{got:?}");
}

#[test]
fn labels_are_read() {
    let root = tempfile::tempdir().unwrap();
    let row = |session: &str, part: &str, illegal: u8| format!("7,{session},{part},{illegal},0,NoButton,Move,1,1\n");
    let rows = [row("1", "train", 0), row("2", "test", 0), row("3", "test", 1)].concat();
    let set = load(root.path(), &format!("{LABELLED}{rows}")).unwrap();
    assert!(set.labelled);
    let labels: Vec<_> = set.people[0].sessions.iter().map(|s| s.label).collect();
    assert_eq!(labels, [Some(Label::Train), Some(Label::Test { illegal: false }), Some(Label::Test { illegal: true })]);
}

#[test]
fn bad_files_are_named_with_line_column_and_cure() {
    let root = tempfile::tempdir().unwrap();
    let good = "1,a,0,NoButton,Move,1,1\n";
    let cases = [
        (
            format!("{HEAD}{good}1,a,x,NoButton,Move,1,1\n"),
            vec!["line 3", "t_us", "\"x\"", "whole number of microseconds"],
        ),
        (format!("{HEAD}1,a,-1,NoButton,Move,1,1\n"), vec!["line 2", "t_us", "\"-1\""]),
        (format!("{HEAD}1,a,0,NoButton,Move,1.5,1\n"), vec!["line 2", "column x", "pixels"]),
        (format!("{HEAD}1,a,0,NoButton,Move,1,100001\n"), vec!["line 2", "column y", "100000"]),
        (format!("{HEAD}1,a,0,NoButton,Jumped,1,1\n"), vec!["line 2", "state", "Jumped", "Released"]),
        (format!("{HEAD}1,a,0,NoButton,Pressed,1,1\n"), vec!["line 2", "button", "NoButton", "Left"]),
        (format!("{HEAD},a,0,NoButton,Move,1,1\n"), vec!["line 2", "subject", "not empty"]),
        (format!("{HEAD}{good}1,a,0\n"), vec!["line 3", "3 fields", "7"]),
        (format!("{LABELLED}1,a,else,0,0,NoButton,Move,1,1\n"), vec!["line 2", "part", "train or test"]),
        (format!("{LABELLED}1,a,test,2,0,NoButton,Move,1,1\n"), vec!["line 2", "is_illegal", "0 or 1"]),
        (
            format!("{LABELLED}1,a,test,1,0,NoButton,Move,1,1\n1,a,test,0,0,NoButton,Move,1,1\n"),
            vec!["line 3", "part", "the same"],
        ),
        ("subject,session,t_us,x,y\n1,a,0,1,1\n".to_owned(), vec!["line 1", "no column button"]),
        (format!("part,{HEAD}"), vec!["line 1", "part and is_illegal must both"]),
        ("subject,session,t_us,t_us,button,state,x,y\n".to_owned(), vec!["line 1", "t_us", "twice"]),
    ];
    for (text, wanted) in cases {
        let error = load(root.path(), &text).unwrap_err();
        for part in wanted.iter().chain([&"moves.csv"]) {
            assert!(error.contains(part), "{part:?} not in {error:?}");
        }
    }
    let typing = root.path().join("typing");
    fs::create_dir_all(&typing).unwrap();
    fs::write(typing.join("t.csv"), "subject,session,press_us,release_us\n").unwrap();
    assert!(discover(&typing).unwrap_err().to_string().contains("no recorded pointer here"));
}

#[test]
fn made_up_people_have_hands_of_their_own() {
    let minute = Duration::from_secs(60);
    let again = |seed, session| Mouser::new(seed).pointing(session, minute);
    assert!(again(1, 1) == again(1, 1) && again(1, 1) != again(1, 2) && again(1, 1) != again(2, 1));
    let set = mousers(1, 4);
    for session in set.people.iter().flat_map(|p| &p.sessions) {
        assert!(session.events.is_sorted_by_key(|e| e.at));
        let presses = |t| {
            let is = |e: &&_| matches!(e, &&stillyou_sense::pointer::PointerEvent { kind: PointerKind::Button { transition, .. }, .. } if transition == t);
            session.events.iter().filter(is).count()
        };
        assert!(presses(Transition::Press) > 15 && presses(Transition::Press) - presses(Transition::Release) <= 1);
    }
}
