use super::grey::{grey, light};
use super::{EyeError, Look, Open, PATIENCE, Sees};
use crate::sight::{FaceSeen, Presence, Sight};
use std::time::Duration;
use stillyou_models::face::bearing::Bearing;
use stillyou_models::face::liveness::{Glimpse, Grey, Place};
use stillyou_models::face::occlusion::AlignedFace;
use stillyou_models::face::{Appraisal, Embedding, Flaw, Found, Mesh, Model, Passive};
use stillyou_sense::camera::{Frame, View};
use stillyou_trust::Quality;

/// Pictures that are compared in one look: the mean of three errs much less than one.
const COMPARED: usize = 3;
/// Frames with a face that are watched at least, for signs of life.
const WATCHED: u32 = 10;
/// Clear frames without a face after which nobody is there.
const NOBODY: u32 = 8;
/// The first frames of a camera that has just been turned on are seldom well lit.
const WARM_UP: u32 = 3;
/// A head turned or nodding further looks away from the screen, in degrees.
const AWAY_DEG: f32 = 35.0;

/// What a look has come to so far.
#[derive(Default)]
pub(super) struct Tally {
    frames: u32,
    views: Vec<View>,
    without_face: u32,
    with_face: u32,
    several: u32,
    away: u32,
    passive: bool,
    pictures: Vec<(Quality, Embedding)>,
    /// What was wrong with faces that were not compared.
    flaws: Vec<Flaw>,
    /// The best of them, to explain what they said.
    best: Option<(Quality, AlignedFace)>,
}

impl Sees {
    /// Looks until enough is seen, or the time is over. The best picture that was compared comes along.
    pub(super) fn look(
        &mut self,
        model: &Model,
        open: &mut Open,
        look: &Look,
    ) -> Result<(Sight, Option<AlignedFace>), EyeError> {
        let mut tally = Tally::default();
        while open.since.elapsed() < look.most && !tally.is_enough(look.known.is_some()) {
            let frame = open.camera.frame(PATIENCE)?;
            let view = self.judge.judge(&frame);
            self.light = Some(light(&grey(&frame)));
            tally.frames += 1;
            tally.views.push(view);
            if tally.frames <= WARM_UP || matches!(view, View::Dark | View::Covered) {
                continue;
            }
            let faces = model.find(&frame)?;
            let mesh = faces.first().map(|face| model.mesh(&frame, face)).transpose()?.flatten();
            tally.several += u32::from(faces.len() > 1);
            let (Some(face), Some(mesh)) = (faces.first(), mesh) else {
                tally.shows_no_face(view);
                continue;
            };
            self.glimpse(&mut tally, &frame, view, face, &mesh)?;
            if look.known.is_some() && tally.pictures.len() < COMPARED {
                let appraisal = Appraisal::of(&frame, &mesh)?;
                match appraisal.flaw() {
                    None => tally.compare(model, appraisal.quality(), model.align(&frame, &mesh)?)?,
                    Some(flaw) => tally.flaws.push(flaw),
                }
            }
        }
        let face = match &look.known {
            Some(known) if !tally.pictures.is_empty() => {
                let (qualities, parts): (Vec<Quality>, Vec<Embedding>) = tally.pictures.drain(..).unzip();
                let similarity =
                    model.similarity(known, &model.joined(&parts)?).map_err(stillyou_models::face::ModelError::from)?;
                let mean = qualities.iter().map(|q| q.value()).sum::<f64>() / qualities.len() as f64;
                Some(FaceSeen {
                    llr_nats: model.calibration().llr_nats(similarity),
                    quality: Quality::new(mean).unwrap_or(Quality::FULL),
                    pictures: parts.len() as u32,
                    taken: tally.frames,
                    cues: self.liveness.cues(),
                    passive: tally.passive,
                    occlusion: None,
                })
            }
            _ => None,
        };
        tally.unclear(face.is_some())?;
        let sight = Sight { presence: tally.presence(), face, flaw: tally.flaw(), in_doubt: open.in_doubt };
        Ok((sight, tally.best.map(|(_, face)| face)))
    }

    pub(super) fn glimpse(
        &mut self,
        tally: &mut Tally,
        frame: &Frame,
        view: View,
        face: &Found,
        mesh: &Mesh,
    ) -> Result<(), EyeError> {
        tally.with_face += 1;
        let Some(bearing) = Bearing::of(mesh) else { return Ok(()) };
        tally.away += u32::from(!bearing.is_ahead(AWAY_DEG));
        let passive = self.passive.as_ref().map(|nets: &Passive| nets.real(frame, face)).transpose()?;
        tally.passive |= passive.is_some();
        let radius = face.size.x.max(face.size.y) / 2.0;
        let place = Place { x: face.centre.x, y: face.centre.y, radius };
        let at = Duration::from_micros(frame.taken_at().0);
        self.liveness.push(Glimpse {
            at,
            repeated: view == View::Frozen,
            grey: Grey::of(frame),
            place,
            bearing,
            passive,
        });
        Ok(())
    }
}

impl Tally {
    fn compare(&mut self, model: &Model, quality: Quality, face: AlignedFace) -> Result<(), EyeError> {
        self.pictures.push((quality, model.embed_aligned(&face)?));
        if self.best.as_ref().is_none_or(|(best, _)| quality > *best) {
            self.best = Some((quality, face));
        }
        Ok(())
    }

    /// A picture that is frozen says nothing of who is there now.
    fn shows_no_face(&mut self, view: View) {
        self.without_face += u32::from(view != View::Frozen);
    }

    fn is_enough(&self, compares: bool) -> bool {
        let seen = self.with_face >= WATCHED && (!compares || self.pictures.len() >= COMPARED);
        seen || (self.with_face == 0 && self.without_face >= NOBODY)
    }

    fn presence(&self) -> Presence {
        if self.with_face == 0 {
            return if self.without_face >= NOBODY { Presence::Nobody } else { Presence::Unclear };
        }
        if 2 * self.several > self.with_face {
            Presence::Several
        } else if 2 * self.away > self.with_face {
            Presence::LooksAway
        } else {
            Presence::One
        }
    }

    /// What was wrong most often.
    fn flaw(&self) -> Option<Flaw> {
        let often = |flaw: &Flaw| self.flaws.iter().filter(|other| *other == flaw).count();
        self.flaws.iter().copied().max_by_key(often)
    }

    /// Why nothing could be seen at all, where that can be mended.
    fn unclear(&self, compared: bool) -> Result<(), EyeError> {
        let most = |view: View| 2 * self.views.iter().filter(|v| **v == view).count() > self.views.len();
        let bad = [View::Covered, View::Dark, View::Frozen].into_iter().find(|view| most(*view));
        match bad.and_then(View::fix) {
            Some(fix) if !compared && self.with_face == 0 => Err(EyeError::View(fix)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_a_face(view: View) -> Tally {
        let mut tally = Tally::default();
        for _ in 0..2 * NOBODY {
            tally.views.push(view);
            tally.shows_no_face(view);
        }
        tally
    }

    #[test]
    fn an_empty_room_is_nobody_and_a_frozen_picture_of_one_is_not() {
        let (room, frozen) = (without_a_face(View::Clear), without_a_face(View::Frozen));
        assert_eq!((room.presence(), frozen.presence()), (Presence::Nobody, Presence::Unclear));
        assert!(room.is_enough(true) && !frozen.is_enough(true));
        assert!(room.unclear(false).is_ok());
        assert!(matches!(frozen.unclear(false), Err(EyeError::View(fix)) if Some(fix) == View::Frozen.fix()));
    }
}
