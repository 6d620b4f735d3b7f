use crate::{
    calibrate::Trial,
    people::{Subject, append},
};
use anyhow::Result;
use rand::{SeedableRng, seq::index};
use rand_chacha::ChaCha8Rng;
use stillyou_models::keystroke::{Embedding, LONGEST, Model, Stroke, Template, WINDOW, parts};

/// Trials for calibration: five passages enrol, the others probe with their first 20, 30, 40 and 50 keys, with 50 keys
/// that run on into the next passage, as a window does in live use, and with 100 and 200 keys of several passages; ten
/// impostors per person.
pub fn trials(model: &Model, subjects: &[Subject], seed: u64) -> Result<Vec<Trial>> {
    let mut people = Vec::new();
    for subject in subjects.iter().filter(|s| s.passages.len() > ENROL) {
        people.push(Enrolled::new(model, subject)?);
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut trials = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let mut compare = |probe: &(Embedding, usize), genuine: bool| -> Result<()> {
            trials.push(Trial { score: model.score(&person.template, &probe.0)?, keystrokes: probe.1, genuine });
            Ok(())
        };
        for probe in &person.probes {
            compare(probe, true)?;
        }
        let others = index::sample(&mut rng, people.len(), people.len().min(IMPOSTORS + 1));
        for other in others.into_iter().filter(|o| *o != at).take(IMPOSTORS) {
            for probe in &people[other].probes {
                compare(probe, false)?;
            }
        }
    }
    Ok(trials)
}

const ENROL: usize = 5;
const IMPOSTORS: usize = 10;
const LENGTHS: [usize; 4] = [20, 30, 40, WINDOW];

struct Enrolled {
    template: Template,
    probes: Vec<(Embedding, usize)>,
}

impl Enrolled {
    fn new(model: &Model, subject: &Subject) -> Result<Self> {
        let (enrol, probe) = subject.passages.split_at(ENROL);
        let own: Vec<&[Stroke]> = enrol.iter().map(|p| &p[..p.len().min(WINDOW)]).collect();
        let keystrokes = own.iter().map(|p| p.len() as u32).sum();
        let template = Template::from_embeddings(model.version(), &embed(model, &own)?, keystrokes)?;
        let probe = &probe[..probe.len().min(10)];
        let mut windows: Vec<Vec<Stroke>> = Vec::new();
        for passage in probe {
            windows.extend(LENGTHS.iter().filter(|l| passage.len() >= **l).map(|l| passage[..*l].to_vec()));
        }
        let crossing = probe.windows(2).map(|pair| crossing(&pair[0], &pair[1]));
        windows.extend(crossing.filter(|c| c.len() == WINDOW));
        let mut all = Vec::new();
        probe.iter().for_each(|passage| append(&mut all, passage, 2_000_000));
        for length in [2 * WINDOW, LONGEST] {
            windows.extend(all.chunks_exact(length).map(<[Stroke]>::to_vec));
        }
        let windows: Vec<&[Stroke]> = windows.iter().map(Vec::as_slice).collect();
        let probes = embed(model, &windows)?.into_iter().zip(windows.iter().map(|w| w.len())).collect();
        Ok(Self { template, probes })
    }
}

/// The second half of a window from one passage, the first half from the next, half a second apart.
fn crossing(first: &[Stroke], second: &[Stroke]) -> Vec<Stroke> {
    let mut strokes = first[first.len().saturating_sub(WINDOW / 2)..].to_vec();
    append(&mut strokes, second, 500_000);
    strokes.truncate(WINDOW);
    strokes
}

fn embed(model: &Model, windows: &[&[Stroke]]) -> Result<Vec<Embedding>> {
    let features = windows.iter().flat_map(|w| parts(w)).map(|w| model.features(w)).collect::<Result<Vec<_>, _>>()?;
    let mut embedded = model.embed_features(&features)?.into_iter();
    windows.iter().map(|w| Ok(model.joined(&embedded.by_ref().take(parts(w).count()).collect::<Vec<_>>())?)).collect()
}
