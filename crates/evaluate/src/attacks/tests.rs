use super::play::{Outcome, Played};
use super::*;
use std::{fs, path::Path};
use stillyou_models::keystroke::ModelError;
use stillyou_recordings::typist::Typist;

/// Takes everything for the owner.
struct Gullible;

impl Recogniser for Gullible {
    type Embedding = ();
    type Template = ();

    fn version(&self) -> (String, String) {
        ("gullible".to_owned(), "0f".repeat(32))
    }

    fn has_seen(&self, _: &str, _: &str) -> bool {
        false
    }

    fn embed(&self, windows: &[&[Keystroke]]) -> Result<Vec<()>, ModelError> {
        assert!(windows.iter().all(|w| (20..=50).contains(&w.len()) && w.is_sorted_by_key(|k| k.pressed_at)));
        Ok(vec![(); windows.len()])
    }

    fn joined(&self, _: &[()]) -> Result<(), ModelError> {
        Ok(())
    }

    fn template(&self, _: &[()], _: u32) -> Result<(), ModelError> {
        Ok(())
    }

    fn score(&self, (): &(), (): &()) -> Result<f64, ModelError> {
        Ok(3.0)
    }

    fn llr_nats(&self, score: f64, _: usize) -> f64 {
        score
    }
}

/// Typists' letters and spaces as a recorded set: what else they press is written as a comma.
fn write_set(folder: &Path, people: u64) {
    const CODES: [(u16, &str); 3] = [(16, "QWERTYUIOP"), (30, "ASDFGHJKL"), (44, "ZXCVBNM")];
    let code = |evdev: u16| {
        let letter = CODES.iter().find_map(|(first, row)| row.as_bytes().get(usize::from(evdev.checked_sub(*first)?)));
        letter.map_or(if evdev == 57 { 32 } else { 188 }, |l| u32::from(*l))
    };
    let mut text = "subject,session,press_us,release_us,keycode\n".to_owned();
    for subject in 1..=people {
        for session in Typist::new(subject).record(15).sessions {
            for k in session.keystrokes {
                let (press, release) = (k.pressed_at.0, k.released_at.0);
                text += &format!("{subject},{},{press},{release},{}\n", session.name, code(k.key.evdev()));
            }
        }
    }
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("people.csv"), text).unwrap();
}

#[test]
fn the_signal_stops_machines_and_replays_that_the_model_takes_for_the_owner() {
    let root = tempfile::tempdir().unwrap();
    let set = root.path().join("made");
    write_set(&set, 6);
    let options = Options::new(&set);
    let report = evaluate(&options, &Gullible, &mut |_, _| {}).unwrap();
    assert_eq!(report.false_findings().0, 0);
    assert_eq!(report.fared.len(), Attack::all().len());
    for fared in &report.fared {
        assert_eq!(fared.never_asked(false, 1).value, 1.0, "{}", fared.attack);
        let (accepted, never) = (fared.accepted(true, 1).value, fared.never_asked(true, 1).value);
        match fared.attack {
            Attack::Robot { jitter_ms } if jitter_ms <= 20.0 => assert_eq!(never, 0.0, "{}", fared.attack),
            Attack::Replay { jitter_ms } if jitter_ms <= 5.0 => assert_eq!(never, 0.0, "{}", fared.attack),
            Attack::Paste | Attack::PasteWords => assert_eq!(never, 0.0, "{}", fared.attack),
            // Nothing of it was typed before, and hands are hands. Made-up people's are nearly so.
            Attack::Human | Attack::ReplayElsewhere => assert!(accepted > 0.95, "{}: {accepted}", fared.attack),
            _ => {}
        }
    }
    assert_eq!(report, evaluate(&options, &Gullible, &mut |_, _| {}).unwrap());
    let json = report.to_json();
    assert_eq!(json["attacks"][0]["without_signal"]["never_asked"]["value"].as_f64(), Some(1.0));
    assert!(report.to_string().contains("replay of this session, exact"));
    let few = root.path().join("one");
    write_set(&few, 1);
    assert!(evaluate(&Options::new(&few), &Gullible, &mut |_, _| {}).unwrap_err().to_string().contains("at least 2"));
}

#[test]
fn shares_by_hand() {
    let outcome = |accepted, step_up| Outcome { accepted, step_up };
    let mut fared = Fared::new(Attack::Human);
    fared.add(Played { windows: 10, without: outcome(10, None), with: outcome(1, Some(80)), found: 9 });
    fared.add(Played { windows: 10, without: outcome(4, Some(120)), with: outcome(3, Some(60)), found: 7 });
    assert_eq!(fared.accepted(false, 1).value, 0.7);
    assert_eq!(fared.accepted(false, 1).interval, (0.4, 1.0));
    assert_eq!(fared.accepted(true, 1).value, 0.2);
    assert_eq!(fared.never_asked(false, 1).value, 0.5);
    let never = fared.never_asked(true, 1);
    assert_eq!((never.value, never.bound), (0.0, Some(1.0)));
    assert_eq!((fared.keystrokes_median(true), fared.keystrokes_median(false)), (Some(60), Some(120)));
}

#[test]
fn people_in_turns_take_turns() {
    let people = [Typist::new(1).record(15), Typist::new(2).record(15)];
    let [mine, theirs] = people.each_ref().map(|p| Victim::of(p).unwrap());
    let habits = Habits::of(mine.enrol.iter().map(Vec::as_slice)).unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let typed = Attack::TurnsByHundred.forge(&mine, &habits, &theirs, &mut rng);
    assert_eq!(typed.len(), KEYSTROKES);
    assert!(typed.is_sorted_by_key(|k| k.pressed_at));
    let hold = |k: &Keystroke| k.released_at.since(k.pressed_at);
    let all = |v: &Victim| v.sentences.concat();
    assert!(typed[..100].iter().zip(all(&mine)).all(|(a, b)| hold(a) == hold(&b)));
    assert!(typed[100..200].iter().zip(all(&theirs)).all(|(a, b)| hold(a) == hold(&b)));
    for attack in Attack::all() {
        let typed = attack.forge(&mine, &habits, &theirs, &mut rng);
        assert!(typed.len() == KEYSTROKES && typed.is_sorted_by_key(|k| k.pressed_at), "{attack}");
    }
}
