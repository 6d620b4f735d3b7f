//! An organisation's own pack, from its recordings to a model that loads and says what it was measured on.

#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};
use stillyou_models::keystroke::{Model, PackSource};
use stillyou_recordings::{Share, keys, typist};

const SET: &str = "colleagues";

#[test]
fn a_folder_of_recordings_becomes_a_pack_with_its_report() {
    let root = tempfile::tempdir().unwrap();
    let (data, out) = (root.path().join("data"), root.path().join("out"));
    let people = record(&data.join(SET), 60);
    let trained = train(&data, &out);
    let said = String::from_utf8_lossy(&trained.stdout);
    assert!(trained.status.success(), "{said}{}", String::from_utf8_lossy(&trained.stderr));
    assert!(said.contains("colleagues, validate, movements shown, "), "{said}");

    let model = Model::load(&PackSource::Directory(out.join("pack"))).unwrap();
    let card = model.card();
    assert_eq!((card.name.as_str(), card.training.sets.as_slice()), ("own", [SET.to_owned()].as_slice()));
    assert!(card.measured.iter().all(|m| m.set == SET) && !card.measured.is_empty());
    for person in people {
        let share = Share::of(SET, &person);
        assert_eq!(model.has_seen(SET, &person), matches!(share, Share::Train | Share::Calibrate), "{person}: {share}");
    }
}

#[test]
fn too_few_people_are_refused_with_the_number_needed() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("data");
    record(&data.join(SET), 20);
    let refused = train(&data, &root.path().join("out"));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("people to train on; at least 20"), "{said}");
}

fn train(data: &Path, out: &Path) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_stillyou-train"));
    program.args(["keystroke", "--pack", "own", "--steps", "2"]);
    program.arg("--data").arg(data).arg("--out").arg(out).output().unwrap()
}

/// Writes made-up colleagues as recordings; their names.
fn record(folder: &Path, people: usize) -> Vec<String> {
    let mut text = "subject,session,press_us,release_us,keycode\n".to_owned();
    let set = typist::set(people, 15, 1);
    for person in &set.people {
        for session in &person.sessions {
            for k in &session.keystrokes {
                let code = (1..256).find(|code| keys::from_javascript(*code) == k.key).unwrap_or(0);
                let (subject, press, release) = (&person.subject, k.pressed_at.0, k.released_at.0);
                writeln!(text, "{subject},{},{press},{release},{code}", session.name).unwrap();
            }
        }
    }
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("typing.csv"), text).unwrap();
    set.people.into_iter().map(|p| p.subject).collect()
}
