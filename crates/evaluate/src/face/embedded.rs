use super::pictures::{Person, read};
use crate::{EvaluateError, Progress};
use stillyou_models::face::{Appraisal, Embedding, Model, ModelError};
use stillyou_sense::Micros;

/// What a person's pictures are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The first enrol, the others are probes of the person and of impostors.
    Enrolled,
    /// There are too few for that: all are probes of an impostor.
    Impostor,
}

/// What a model makes of a person's pictures.
pub struct Embedded {
    pub name: String,
    pub sort: Sort,
    /// Of those that enrol, the ones with a face.
    pub enrol: Vec<Embedding>,
    /// The others in order; `None` where there is no face, or no picture.
    pub probe: Vec<Option<Embedding>>,
    pub unreadable: usize,
    pub faceless: usize,
    /// Faces that the product would say nothing about.
    pub poor: usize,
    pub pictures: usize,
}

impl Embedded {
    /// Probes of up to so many pictures each; `None` where no picture of one has a face.
    pub fn probes(&self, pictures: usize, model: &Model) -> Result<Vec<Option<Embedding>>, ModelError> {
        let joined = |part: &[Option<Embedding>]| {
            let faces: Vec<Embedding> = part.iter().flatten().cloned().collect();
            match faces.as_slice() {
                [] => Ok(None),
                [one] => Ok(Some(one.clone())),
                several => model.joined(several).map(Some),
            }
        };
        self.probe.chunks(pictures).map(joined).collect()
    }
}

/// Every picture embedded once, whatever its quality: the largest face that has a mesh.
pub fn embed(
    people: &[Person],
    enrol: usize,
    model: &Model,
    progress: Progress,
) -> Result<Vec<Embedded>, EvaluateError> {
    let of = people.iter().map(|p| p.pictures.len()).sum();
    let mut done = 0;
    let mut all = Vec::with_capacity(people.len());
    for Person { name, pictures } in people {
        let sort = if pictures.len() > enrol { Sort::Enrolled } else { Sort::Impostor };
        let first_probe = if sort == Sort::Enrolled { enrol } else { 0 };
        let mut person = Embedded {
            name: name.clone(),
            sort,
            enrol: Vec::new(),
            probe: Vec::new(),
            unreadable: 0,
            faceless: 0,
            poor: 0,
            pictures: pictures.len(),
        };
        for (at, path) in pictures.iter().enumerate() {
            let mut embedding = None;
            if let Some(frame) = read(path, Micros(0)) {
                let mesh = match model.find(&frame)?.first() {
                    Some(face) => model.mesh(&frame, face)?,
                    None => None,
                };
                if let Some(mesh) = mesh {
                    person.poor += usize::from(Appraisal::of(&frame, &mesh)?.flaw().is_some());
                    embedding = Some(model.embed(&frame, &mesh)?);
                } else {
                    person.faceless += 1;
                }
            } else {
                person.unreadable += 1;
            }
            if at < first_probe {
                person.enrol.extend(embedding);
            } else {
                person.probe.push(embedding);
            }
            done += 1;
            progress(done, of);
        }
        all.push(person);
    }
    Ok(all)
}
