use anyhow::{Result, ensure};
use rand::{Rng, RngExt};
use std::path::Path;
use stillyou_evaluate::pointer::{ENROL, PROBE, strokes};
use stillyou_models::pointer::{Features, MIN_WINDOW, WINDOW};
use stillyou_recordings::pointer::discover;
use stillyou_sense::{
    Micros,
    pointer::{PointerEvent, PointerKind},
};

/// A person of a set.
pub struct Person {
    /// The set's name.
    pub set: String,
    /// The subject id.
    pub subject: String,
    /// The session that enrols.
    pub enrol: Vec<PointerEvent>,
    /// The session that probes.
    pub probe: Vec<PointerEvent>,
}

/// Everybody with both sessions.
pub fn load(data: &Path) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for source in discover(data)?.into_iter().filter(|s| !s.labelled) {
        let set = source.load()?;
        for person in set.people {
            let find = |name| person.sessions.iter().find(|s| s.name == name).map(|s| s.events.clone());
            if let (Some(enrol), Some(probe)) = (find(ENROL), find(PROBE)) {
                people.push(Person { set: set.name.clone(), subject: person.subject, enrol, probe });
            }
        }
    }
    ensure!(people.len() >= 40, "{} people with sessions {ENROL} and {PROBE}; 40 are needed", people.len());
    Ok(people)
}

impl Person {
    /// Windows to train on: both sessions as they are and with variations, cut at any place, of 20 to 40 strokes.
    pub fn windows<R: Rng>(&self, variations: usize, rng: &mut R) -> Result<Vec<Features>> {
        let mut windows = Vec::new();
        for session in [&self.enrol, &self.probe] {
            for variation in 0..=variations {
                let strokes = if variation == 0 { strokes(session) } else { strokes(&vary(session, rng)) };
                let mut from = rng.random_range(0..WINDOW / 2);
                while from + MIN_WINDOW <= strokes.len() {
                    let length = rng.random_range(20..=WINDOW).min(strokes.len() - from);
                    windows.push(Features::of(&strokes[from..from + length])?);
                    from += WINDOW / 2;
                }
            }
        }
        Ok(windows)
    }
}

/// A slightly other size of the screen, another tempo, and the clock's jitter.
fn vary<R: Rng>(events: &[PointerEvent], rng: &mut R) -> Vec<PointerEvent> {
    let (size, tempo) = (rng.random_range(-SIZE..SIZE).exp(), rng.random_range(-TEMPO..TEMPO).exp());
    let mut last = 0;
    let mut moved = |event: &PointerEvent| {
        let at = (event.at.0 as f64 * tempo) as u64 + rng.random_range(0..JITTER_US);
        last = at.max(last);
        let kind = match event.kind {
            PointerKind::Move { x, y } => {
                PointerKind::Move { x: (f64::from(x) * size).round() as i32, y: (f64::from(y) * size).round() as i32 }
            }
            other => other,
        };
        PointerEvent { at: Micros(last), kind, ..*event }
    };
    events.iter().map(&mut moved).collect()
}

/// Logarithms.
const SIZE: f64 = 0.15;
const TEMPO: f64 = 0.05;
const JITTER_US: u64 = 2_000;
