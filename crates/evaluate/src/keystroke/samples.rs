use super::LAST_SENTENCE;
use crate::{EvaluateError, Progress, Recogniser};
use stillyou_models::keystroke::{MIN_WINDOW, WINDOW, parts};
use stillyou_recordings::Person;
use stillyou_sense::keyboard::Keystroke;

/// Sentences that enrol by default; probes never start before the one after it.
const ENROL: u32 = 5;

/// Windows embedded between two reports of progress.
const BATCH: usize = 256;

/// The start of a sentence, or a window of a stream.
pub struct Sample {
    /// The sentence's; of windows, from 1.
    pub number: u32,
    pub keystrokes: Vec<Keystroke>,
}

/// One person's samples.
pub struct Samples {
    pub subject: String,
    pub enrol: Vec<Sample>,
    pub probe: Vec<Sample>,
}

impl Samples {
    pub fn enrolled_keystrokes(&self) -> u32 {
        self.enrol.iter().map(|s| s.keystrokes.len() as u32).sum()
    }
}

/// What a person is good for.
pub enum Candidate {
    Usable(Samples),
    TooFewToEnrol,
    NoProbe,
}

/// The samples of a person; sentences too short to use are added to `dropped`.
pub fn of(person: &Person, enrol: usize, dropped: &mut usize) -> Candidate {
    let last_enrol = enrol as u32;
    let first_probe = last_enrol.max(ENROL) + 1;
    let mut samples = Samples { subject: person.subject.clone(), enrol: Vec::new(), probe: Vec::new() };
    for session in &person.sessions {
        let (Some(number @ 1..=LAST_SENTENCE), keystrokes) = (session.number(), &session.keystrokes) else { continue };
        let part = if number <= last_enrol {
            &mut samples.enrol
        } else if number >= first_probe {
            &mut samples.probe
        } else {
            continue;
        };
        if keystrokes.len() < MIN_WINDOW {
            *dropped += 1;
        } else {
            part.push(Sample { number, keystrokes: keystrokes.iter().take(WINDOW).cloned().collect() });
        }
    }
    match () {
        () if samples.enrol.len() < enrol => Candidate::TooFewToEnrol,
        () if samples.probe.is_empty() => Candidate::NoProbe,
        () => Candidate::Usable(samples),
    }
}

/// The samples of a person's stream: windows of the first `enrol_keys`, and disjoint probes of `window` keystrokes.
pub fn of_stream(person: &Person, enrol_keys: usize, window: usize) -> Candidate {
    let stream = person.stream();
    let Some((enrol, rest)) = stream.split_at_checked(enrol_keys) else { return Candidate::TooFewToEnrol };
    let sample = |(number, keystrokes): (u32, &[Keystroke])| Sample { number, keystrokes: keystrokes.to_vec() };
    let probe: Vec<Sample> = (1..).zip(rest.chunks_exact(window)).map(sample).collect();
    if probe.is_empty() {
        return Candidate::NoProbe;
    }
    let enrol = (1..).zip(parts(enrol)).map(sample).collect();
    Candidate::Usable(Samples { subject: person.subject.clone(), enrol, probe })
}

/// What a model makes of one person's samples, in their order.
pub struct Embedded<E> {
    pub enrol: Vec<E>,
    pub probe: Vec<E>,
}

/// Every sample embedded once.
pub fn embed<'a, R: Recogniser>(
    people: impl Iterator<Item = &'a Samples> + Clone,
    model: &R,
    progress: Progress,
) -> Result<Vec<Embedded<R::Embedding>>, EvaluateError> {
    let samples = people.clone().flat_map(|p| p.enrol.iter().chain(&p.probe));
    let windows: Vec<&[Keystroke]> = samples.flat_map(|s| parts(&s.keystrokes)).collect();
    let mut embeddings = embed_all(model, &windows, progress)?.into_iter();
    let mut take = |samples: &[Sample]| -> Result<Vec<_>, EvaluateError> {
        let joined = |sample: &Sample| {
            let count = parts(&sample.keystrokes).count();
            let parts: Vec<_> = embeddings.by_ref().take(count).collect();
            if let [one] = parts.as_slice() { Ok(one.clone()) } else { Ok(model.joined(&parts)?) }
        };
        samples.iter().map(joined).collect()
    };
    people.map(|p| Ok(Embedded { enrol: take(&p.enrol)?, probe: take(&p.probe)? })).collect()
}

/// Embeddings of any number of windows, telling `progress` now and then.
pub fn embed_all<R: Recogniser>(
    model: &R,
    windows: &[&[Keystroke]],
    progress: Progress,
) -> Result<Vec<R::Embedding>, EvaluateError> {
    let mut all = Vec::with_capacity(windows.len());
    for some in windows.chunks(BATCH) {
        all.extend(model.embed(some)?);
        progress(all.len(), windows.len());
    }
    Ok(all)
}
