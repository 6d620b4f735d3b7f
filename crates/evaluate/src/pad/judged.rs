use crate::EvaluateError;
use crate::face::pictures::{Folder, read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use stillyou_models::face::bearing::Bearing;
use stillyou_models::face::liveness::{Cue, Glimpse, Grey, Liveness, Place};
use stillyou_models::face::{Model, ModelError, Passive};
use stillyou_sense::Micros;
use stillyou_sense::camera::{Frame, Judge, View};

/// Frames of a look, and the time from one to the next.
const LOOK: usize = 20;
const FRAME: Duration = Duration::from_millis(100);

/// What was made of one kind's pictures.
#[derive(Default)]
pub struct Judged {
    /// Of each single picture: how real its face looks; `None` where it shows none.
    pub pictures: Vec<Option<f64>>,
    /// Of each look at a clip: the cues that it gave; `None` where there was no face in it.
    pub looks: Vec<Option<Vec<Cue>>>,
}

impl Judged {
    pub fn of(
        folder: &Folder,
        model: &Model,
        passive: Option<&Passive>,
        step: &mut dyn FnMut(),
    ) -> Result<Self, EvaluateError> {
        let mut judged = Self::default();
        if let Some(passive) = passive {
            for path in &folder.pictures {
                judged.pictures.push(picture(path, model, passive)?);
                step();
            }
        }
        for clip in &folder.clips {
            judged.looks.extend(looks(clip, model, passive, step)?);
        }
        Ok(judged)
    }
}

fn picture(path: &Path, model: &Model, passive: &Passive) -> Result<Option<f64>, ModelError> {
    let Some(frame) = read(path, Micros(0)) else { return Ok(None) };
    let Some(face) = model.find(&frame)?.into_iter().next() else { return Ok(None) };
    passive.real(&frame, &face).map(Some)
}

/// Every whole look at a clip, as one camera would see them one after the other.
fn looks(
    clip: &[PathBuf],
    model: &Model,
    passive: Option<&Passive>,
    step: &mut dyn FnMut(),
) -> Result<Vec<Option<Vec<Cue>>>, EvaluateError> {
    let (mut liveness, mut judge) = (Liveness::default(), Judge::new());
    let mut looks = Vec::new();
    for look in clip.chunks(LOOK) {
        let mut faces = 0;
        for (at, path) in look.iter().enumerate() {
            step();
            let at = FRAME * (looks.len() * LOOK + at) as u32;
            let Some(frame) = read(path, Micros(at.as_micros() as u64)) else { continue };
            faces += usize::from(glimpse(&mut liveness, &mut judge, &frame, at, model, passive)?);
        }
        if look.len() == LOOK {
            looks.push((2 * faces >= LOOK).then(|| liveness.cues()));
        }
        liveness.settle();
    }
    Ok(looks)
}

fn glimpse(
    liveness: &mut Liveness,
    judge: &mut Judge,
    frame: &Frame,
    at: Duration,
    model: &Model,
    passive: Option<&Passive>,
) -> Result<bool, ModelError> {
    let repeated = judge.judge(frame) == View::Frozen;
    let Some(face) = model.find(frame)?.into_iter().next() else { return Ok(false) };
    let Some(bearing) = model.mesh(frame, &face)?.as_ref().and_then(Bearing::of) else { return Ok(false) };
    let passive = passive.map(|nets| nets.real(frame, &face)).transpose()?;
    let place = Place { x: face.centre.x, y: face.centre.y, radius: face.size.x.max(face.size.y) / 2.0 };
    liveness.push(Glimpse { at, repeated, grey: Grey::of(frame), place, bearing, passive });
    Ok(true)
}
