use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use stillyou_models::keystroke::{Features, KeyDetail, WINDOW};
use stillyou_recordings::discover;

/// A recording: the bytes as they are, or, after a first byte `z`, compressed.
///
/// What is accepted has people with sessions with keystrokes in order, and the model's features can be made of them.
pub fn recording(data: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("typing.csv");
    match data.split_first() {
        Some((b'z', rest)) => {
            let mut gz = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::fast());
            gz.write_all(rest).unwrap();
            gz.finish().unwrap();
        }
        _ => std::fs::write(&path, data).unwrap(),
    }
    let sets = match discover(&path) {
        Ok(sets) => sets,
        Err(e) => return assert!(e.to_string().contains("typing.csv"), "{e}"),
    };
    for source in sets {
        let set = match source.load() {
            Ok(set) => set,
            Err(e) => return assert!(e.to_string().contains("typing.csv"), "{e}"),
        };
        for person in &set.people {
            assert_eq!(set.person(&person.subject).unwrap().sessions.len(), person.sessions.len());
            for session in &person.sessions {
                let strokes = &session.keystrokes;
                assert!(!strokes.is_empty() && strokes.is_sorted_by_key(|s| s.pressed_at));
                assert!(strokes.iter().all(|s| s.released_at >= s.pressed_at));
                for window in strokes.chunks(WINDOW) {
                    let _ = Features::of(window, KeyDetail::Keys);
                }
            }
        }
    }
}
