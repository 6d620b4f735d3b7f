use super::learn::outline;
use super::look::Tally;
use super::{Check, Deaf, EyeError, Open, Outline, PATIENCE, Sees};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};
use stillyou_models::face::bearing::Bearing;
use stillyou_models::face::challenge::{Challenge, Failure, Progress, Shown};
use stillyou_models::face::liveness::Cue;
use stillyou_models::face::{Appraisal, Mesh, Model, ModelError, Template};
use stillyou_sense::camera::{Doubt, Frame, View};

/// How far a live check is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct CheckProgress {
    /// What to do now.
    pub progress: Progress,
    /// Where the face is; no pixel of it.
    pub outline: Option<Outline>,
}

/// A face is the owner's for a proof from these odds on: 1000 to 1.
const OWNER_NATS: f64 = 6.9;
/// And somebody else's from these on, against them: 20 to 1.
const STRANGER_NATS: f64 = -3.0;
/// A head turned less than this can be compared, in degrees.
const COMPARED_DEG: f32 = 15.0;
/// What cues of an attack have to leave of a face that passes: as much as the passive networks do at their published
/// threshold of a half. Any other cue leaves less.
const LIVING: f64 = 0.5;

/// Whether a live check by a camera of these doubts can prove anything, `protected` by networks against attacks or not.
pub(crate) fn can_prove(any_camera: bool, protected: bool, doubts: &[Doubt]) -> Result<(), EyeError> {
    match any_camera {
        true => Ok(()),
        false if !protected => Err(EyeError::Unprotected),
        false if !doubts.is_empty() => Err(EyeError::Doubt),
        false => Ok(()),
    }
}

impl Sees {
    /// Checks that the right person sits there and does what they are asked to, telling how it goes; the end of it.
    pub(super) fn check(
        &mut self,
        model: &Model,
        open: &mut Open,
        check: &Check,
        mut tell: impl FnMut(CheckProgress) -> Result<(), Deaf>,
    ) -> Result<Result<Progress, EyeError>, Deaf> {
        let mut tally = Tally::default();
        let (begun, mut challenge) = (Instant::now(), Challenge::draw(check.seed, Duration::ZERO, check.act_time));
        loop {
            let seen = self.shown(model, open, &check.known, &mut tally);
            let (shown, outline) = match seen {
                Ok(seen) => seen,
                Err(e) => return Ok(Err(e)),
            };
            let progress = match challenge.frame(begun.elapsed(), shown) {
                Progress::Passed if !self.lives() => Progress::Failed { why: Failure::Picture },
                progress => progress,
            };
            tell(CheckProgress { progress, outline })?;
            if matches!(progress, Progress::Passed | Progress::Failed { .. }) {
                return Ok(Ok(progress));
            }
        }
    }

    fn lives(&self) -> bool {
        self.liveness.cues().iter().map(Cue::factor).product::<f64>() >= LIVING
    }

    fn shown(
        &mut self,
        model: &Model,
        open: &mut Open,
        known: &Template,
        tally: &mut Tally,
    ) -> Result<(Shown, Option<Outline>), EyeError> {
        let frame = open.camera.frame(PATIENCE)?;
        let view = self.judge.judge(&frame);
        if view == View::Frozen {
            return Err(EyeError::View(view.fix().unwrap_or_default()));
        }
        let faces = model.find(&frame)?;
        if faces.len() > 1 {
            return Ok((Shown::Several, None));
        }
        let Some(face) = faces.first() else { return Ok((Shown::Nobody, None)) };
        let mesh = model.mesh(&frame, face)?;
        let Some((mesh, bearing)) = mesh.and_then(|mesh| Bearing::of(&mesh).map(|bearing| (mesh, bearing))) else {
            return Ok((Shown::Nobody, None));
        };
        self.glimpse(tally, &frame, view, face, &mesh)?;
        let owner = if bearing.is_ahead(COMPARED_DEG) { is_owner(model, &frame, &mesh, known)? } else { None };
        Ok((Shown::Face { bearing, owner }, Some(outline(&frame, &mesh))))
    }
}

/// Whether it is the owner; nothing where the picture can't tell.
fn is_owner(model: &Model, frame: &Frame, mesh: &Mesh, known: &Template) -> Result<Option<bool>, EyeError> {
    if Appraisal::of(frame, mesh)?.flaw().is_some() {
        return Ok(None);
    }
    let similarity = model.similarity(known, &model.embed(frame, mesh)?).map_err(ModelError::from)?;
    let llr_nats = model.calibration().llr_nats(similarity);
    Ok(if llr_nats >= OWNER_NATS {
        Some(true)
    } else if llr_nats <= STRANGER_NATS {
        Some(false)
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_models::face::liveness::{Glimpse, Grey, Place};
    use stillyou_sense::Micros;
    use stillyou_sense::camera::VirtualReason;

    /// Somebody who sways, of whom the passive networks say this.
    fn seen(real: f64) -> Sees {
        let mut sees = Sees::default();
        for i in 0..20 {
            sees.liveness.push(Glimpse {
                at: Duration::from_millis(100 * i),
                repeated: false,
                grey: Grey::of(&Frame::new(16, 16, vec![0; 3 * 256], Micros(0)).unwrap()),
                place: Place { x: 8.0, y: 8.0, radius: 4.0 },
                bearing: Bearing { yaw_deg: (i as f32).sin(), pitch_deg: 0.0, eyes_open: 0.3 },
                passive: Some(real),
            });
        }
        sees
    }

    #[test]
    fn what_the_networks_take_for_an_attack_fails_a_live_check_as_does_any_other_cue() {
        assert!(seen(0.95).lives());
        assert!(seen(0.55).lives(), "single pictures of people are doubted often");
        assert!(!seen(0.45).lives());
        for cue in [
            Cue::Repeats { share: 0.2 },
            Cue::MovesAsOnePlane { share: 0.6 },
            Cue::KeepsStill { sway_deg: 0.0 },
            Cue::NeverBlinks { seconds: 60.0 },
        ] {
            assert!(cue.factor() < LIVING, "{cue:?}");
        }
    }

    #[test]
    fn a_camera_in_doubt_and_one_without_networks_against_attacks_prove_nothing() {
        let fed = [Doubt::Virtual(VirtualReason::NoDevice)];
        assert!(can_prove(false, true, &[]).is_ok());
        assert!(matches!(can_prove(false, true, &fed), Err(EyeError::Doubt)));
        let refused = can_prove(false, false, &[]).unwrap_err();
        assert!(refused.to_string().contains("./x models --pad"), "{refused}");
        assert!(can_prove(true, false, &fed).is_ok());
    }
}
