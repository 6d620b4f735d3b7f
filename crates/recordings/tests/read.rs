//! The reader on small files it should take, and on damaged ones it should name.

#![allow(clippy::unwrap_used)]

use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write, path::Path};
use stillyou_recordings::{Set, Text, discover};
use stillyou_sense::Micros;

const SENTENCES: &str = "subject,session,press_us,release_us,key,keycode\n\
    10,2,50,90,b,66\n\
    10,1,0,433000,SHIFT,16\n\
    10,1,700000,750000,\",\",188\n\
    10,1,344000,465000,J,74\n\
    9,1,0,5,,65\n\
    10,2,10,70,\\,0\n";

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if path.extension().unwrap() == "gz" {
        let mut gz = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
        gz.write_all(text.as_bytes()).unwrap();
        gz.finish().unwrap();
    } else {
        fs::write(path, text).unwrap();
    }
}

fn load(path: &Path) -> Result<Vec<Set>, String> {
    discover(path).and_then(|sets| sets.iter().map(|s| s.load()).collect()).map_err(|e| e.to_string())
}

#[test]
fn a_file_a_set_and_a_root_read_alike() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("mine/people.csv.gz");
    write(&file, SENTENCES);
    write(&root.path().join("mice/moves.csv"), "subject,session,t_us,x,y\n1,1,0,3,4\n");
    write(&root.path().join("fixed/words.csv"), "subject,session,rep,pos,press_us,release_us\nS1,Phrase,2,1,0,7\n");

    let whole = load(root.path()).unwrap();
    assert_eq!(whole.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["fixed", "mine"]);
    assert_eq!((whole[0].text, whole[0].keys), (Text::Fixed, false));
    assert_eq!(whole[0].people[0].sessions[0].rep, Some(2));

    for path in [file.as_path(), file.parent().unwrap()] {
        let sets = load(path).unwrap();
        assert_eq!(sets.len(), 1);
        let set = &sets[0];
        assert_eq!((set.name.as_str(), set.text, set.keys), ("mine", Text::Sentences, true));
        assert_eq!(set.people.iter().map(|p| p.subject.as_str()).collect::<Vec<_>>(), ["9", "10"]);
        let ten = set.person("10").unwrap();
        assert_eq!(ten.sessions.iter().map(|s| s.number()).collect::<Vec<_>>(), [Some(1), Some(2)]);
        let first: Vec<_> =
            ten.sessions[0].keystrokes.iter().map(|k| (k.key.evdev(), k.pressed_at, k.released_at)).collect();
        assert_eq!(
            first,
            [
                (42, Micros(0), Micros(433_000)),
                (36, Micros(344_000), Micros(465_000)),
                (51, Micros(700_000), Micros(750_000))
            ]
        );
        // An unknown code falls back on the name.
        assert_eq!(ten.sessions[1].keystrokes[0].key.evdev(), 43);
    }
}

#[test]
fn a_set_may_be_spread_over_files_but_not_a_session() {
    let root = tempfile::tempdir().unwrap();
    let head = "subject,session,press_us,release_us\n";
    write(&root.path().join("s/a.csv"), &format!("{head}1,1,0,5\n"));
    write(&root.path().join("s/b.csv"), &format!("{head}1,2,0,5\n"));
    let set = &load(&root.path().join("s")).unwrap()[0];
    assert_eq!(set.people[0].sessions.len(), 2);
    write(&root.path().join("s/b.csv"), &format!("{head}1,1,7,9\n"));
    let error = load(&root.path().join("s")).unwrap_err();
    assert!(error.contains("b.csv") && error.contains("a.csv") && error.contains("session 1"), "{error}");
    write(&root.path().join("s/b.csv"), "subject,session,press_us,release_us,key\n1,2,7,9,a\n");
    let error = load(&root.path().join("s")).unwrap_err();
    assert!(error.contains("columns differ"), "{error}");
}

#[test]
fn bad_files_are_named_with_line_column_and_cure() {
    let head = "subject,session,press_us,release_us,key,keycode\n";
    let good = "1,1,0,5,a,65\n";
    let cases = [
        (format!("{head}{good}1,1,x,5,a,65\n"), vec!["line 3", "press_us", "\"x\"", "whole number of microseconds"]),
        (format!("{head}1,1,9,5,a,65\n"), vec!["line 2", "release_us", "\"5\"", "no less than press_us"]),
        (format!("{head}1,1,-1,5,a,65\n"), vec!["line 2", "press_us", "\"-1\""]),
        (format!("{head}1,1,+1,5,a,65\n"), vec!["line 2", "press_us", "\"+1\""]),
        (format!("{head}1,1,1.5,5,a,65\n"), vec!["line 2", "press_us", "\"1.5\""]),
        (format!("{head}1,1,,5,a,65\n"), vec!["line 2", "press_us", "\"\""]),
        (format!("{head}1,1,0,99999999999999999999999,a,65\n"), vec!["line 2", "release_us", "10^15"]),
        (format!("{head},1,0,5,a,65\n"), vec!["line 2", "subject", "not empty"]),
        (format!("{head}1, ,0,5,a,65\n"), vec!["line 2", "session", "not empty"]),
        (format!("{head}1,1,0,5,a,A\n"), vec!["line 2", "keycode", "\"A\"", "JavaScript"]),
        (format!("{head}{good}1,1,0,5\n"), vec!["line 3", "4 fields", "6"]),
        ("subject,session,press_us,key\n1,1,0,a\n".into(), vec!["line 1", "no column release_us"]),
        ("subject,session,press_us,press_us,release_us\n".into(), vec!["line 1", "press_us", "twice"]),
    ];
    let root = tempfile::tempdir().unwrap();
    for name in ["bad.csv", "bad.csv.gz"] {
        let file = root.path().join("set").join(name);
        for (text, wanted) in &cases {
            write(&file, text);
            let error = load(&file).unwrap_err();
            for part in wanted.iter().chain([&name]) {
                assert!(error.contains(part), "{part:?} not in {error:?}");
            }
        }
    }
    assert!(load(&root.path().join("none")).unwrap_err().contains("none"));
    let empty = tempfile::tempdir().unwrap();
    assert!(load(empty.path()).unwrap_err().contains("no recorded typing here"));
    write(&empty.path().join("x/mice.csv"), "subject,t_us\n1,2\n");
    assert!(load(empty.path()).unwrap_err().contains("no recorded typing here"));
    assert!(load(&empty.path().join("x/mice.csv")).unwrap_err().contains("no column session"));
}

#[test]
fn a_cut_off_or_garbled_file_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("s/cut.csv.gz");
    let rows: String = (0..5000).map(|i| format!("1,1,{},{}\n", i * 100, i * 100 + 37)).collect();
    write(&file, &format!("subject,session,press_us,release_us\n{rows}"));
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    assert!(load(&file).unwrap_err().contains("cut.csv.gz"));
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    fs::write(&file, &flipped).unwrap();
    assert!(load(&file).is_err());
    fs::write(&file, [0xff, 0xfe, 0x00, 0x41]).unwrap();
    assert!(load(&file).unwrap_err().contains("cut.csv.gz"));
}

#[test]
fn an_empty_set_is_no_set_of_people() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("s/none.csv");
    write(&file, "subject,session,press_us,release_us\n");
    assert!(load(&file).unwrap()[0].people.is_empty());
}
