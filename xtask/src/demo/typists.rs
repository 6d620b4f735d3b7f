use anyhow::{Context, Result, ensure};
use std::path::Path;
use stillyou_recordings::{Session, discover, typist::Typist};
use stillyou_sense::{
    Micros,
    keyboard::{Key, Keystroke},
};
use stillyou_stage::recording;

/// The sentences that enrol.
pub const ENROL: usize = 10;

/// The sentences that the genuine typist then types live.
const LIVE: usize = 5;

/// Between two live sentences, where recorded people read the next one.
const BETWEEN_US: u64 = 1_200_000;

/// Who types in the demo, and what.
pub struct Cast {
    /// Both typists in words.
    pub described: String,
    /// Subject id of the genuine typist in `recording`.
    pub subject: String,
    /// The sentences that enrol, as a recording file (CSV).
    pub recording: String,
    /// What the genuine typist types live.
    pub genuine: Vec<Keystroke>,
    /// What the impostor types until the lock.
    pub impostor: Vec<Keystroke>,
}

/// Two recorded people, or two made-up ones.
pub fn cast(typing: Option<&Path>, genuine: Option<&str>, impostor: Option<&str>, seed: u64) -> Result<Cast> {
    let (genuine, impostor, described) = match (typing, genuine, impostor) {
        (Some(path), Some(genuine), Some(impostor)) => {
            ensure!(genuine != impostor, "--genuine and --impostor are the same person, {genuine}");
            let sources = discover(path)?;
            ensure!(sources.len() == 1, "{} holds {} sets; name one", path.display(), sources.len());
            let set = sources[0].load()?;
            let person = |id: &str| {
                set.person(id).cloned().with_context(|| format!("{}: nobody has the id {id}", path.display()))
            };
            let described = format!("recorded people: {genuine} is enrolled, {impostor} takes over ({})", set.name);
            (person(genuine)?, person(impostor)?, described)
        }
        _ => {
            let people = [Typist::new(2 * seed), Typist::new(2 * seed + 1)].map(|typist| typist.record(ENROL + LIVE));
            let [genuine, impostor] = people;
            (genuine, impostor, format!("made-up people (seed {seed}): no error rate may be claimed from them"))
        }
    };
    ensure!(
        genuine.sessions.len() >= ENROL + LIVE,
        "{} has {} sentences; the demo needs {}",
        genuine.subject,
        genuine.sessions.len(),
        ENROL + LIVE
    );
    let (enrol, live) = genuine.sessions.split_at(ENROL);
    Ok(Cast {
        described,
        recording: recording(&genuine.subject, enrol),
        genuine: joined(&live[..LIVE]),
        impostor: joined(&impostor.sessions),
        subject: genuine.subject,
    })
}

/// The sessions one after the other, from time 0.
fn joined(sessions: &[Session]) -> Vec<Keystroke> {
    let mut all = Vec::new();
    let mut start = 0;
    for session in sessions {
        let Some(first) = session.keystrokes.iter().map(|k| k.pressed_at.0).min() else { continue };
        // A key that no US keyboard has can't be typed.
        for stroke in session.keystrokes.iter().filter(|k| k.key != Key::UNKNOWN) {
            let at = |time: Micros| Micros(start + time.0 - first);
            let mut moved = stroke.clone();
            (moved.pressed_at, moved.released_at) = (at(stroke.pressed_at), at(stroke.released_at));
            all.push(moved);
        }
        start = all.iter().map(|k| k.released_at.0).max().unwrap_or(0) + BETWEEN_US;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_people_come_back_from_their_recording() {
        let cast = cast(None, None, None, 7).unwrap();
        let file = std::env::temp_dir().join(format!("xtask-cast-{}.csv", std::process::id()));
        std::fs::write(&file, &cast.recording).unwrap();
        let set = discover(&file).unwrap()[0].load().unwrap();
        std::fs::remove_file(&file).unwrap();
        let person = set.person(&cast.subject).unwrap();
        let original = Typist::new(14).record(ENROL + LIVE);
        assert_eq!(person.sessions.len(), ENROL);
        for (read, made) in person.sessions.iter().zip(&original.sessions) {
            assert_eq!(read.keystrokes.len(), made.keystrokes.len());
            assert!(read.keystrokes.iter().zip(&made.keystrokes).all(|(r, m)| r.pressed_at == m.pressed_at));
        }
    }

    #[test]
    fn live_sentences_follow_each_other_in_order() {
        let cast = cast(None, None, None, 7).unwrap();
        for live in [&cast.genuine, &cast.impostor] {
            assert_eq!(live[0].pressed_at, Micros(0));
            assert!(live.windows(2).all(|pair| pair[0].pressed_at <= pair[1].pressed_at));
            assert!(live.iter().all(|k| k.pressed_at <= k.released_at && k.key != Key::UNKNOWN));
        }
        assert!(cast.genuine.len() > 150 && cast.impostor.len() > 450);
    }

    #[test]
    fn wrong_subjects_are_named() {
        let file = std::env::temp_dir().join(format!("xtask-wrong-{}.csv", std::process::id()));
        std::fs::write(&file, "subject,session,press_us,release_us,keycode\n1,1,0,5,65\n").unwrap();
        let error = |genuine, impostor| cast(Some(&file), Some(genuine), Some(impostor), 0).err().unwrap().to_string();
        assert!(error("1", "1").contains("the same person"));
        assert!(error("1", "2").contains("nobody has the id 2"));
        std::fs::write(&file, "subject,session,press_us,release_us,keycode\n1,1,0,5,65\n2,1,0,5,65\n").unwrap();
        assert!(error("1", "2").contains("1 sentences; the demo needs 15"));
        std::fs::remove_file(&file).unwrap();
    }
}
