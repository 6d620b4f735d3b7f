use super::{Deaf, EyeError, Open, PATIENCE, Sees};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use stillyou_models::face::bearing::Bearing;
use stillyou_models::face::guide::{Guide, Hint, Reading};
use stillyou_models::face::{Appraisal, Embedding, Mesh, Model, Template};
use stillyou_sense::camera::{Frame, View};

/// How far learning a face is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct FaceProgress {
    /// Pictures taken.
    pub taken: u32,
    /// Pictures needed.
    pub needed: u32,
    /// What to do now.
    pub hint: Hint,
    /// Where the face is; no pixel of it.
    pub outline: Option<Outline>,
}

/// What is before the camera as lines: all that ever leaves the eye of what it sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// Points of the outline of face, eyes, brows, nose and lips, or of the edges of codes, right and down from the
    /// upper left, as thousandths of the picture's width, mirrored as in a looking glass; one list for each line.
    pub lines: Vec<Vec<(u16, u16)>>,
    /// The picture's height, in thousandths of its width.
    pub height: u16,
    /// Mean brightness of the face, or of the picture that has a code, 0 to 100.
    pub light: u8,
}

/// The longest that learning may take: nobody poses for longer.
const LONGEST: Duration = Duration::from_secs(120);

/// The least mean brightness and sharpness come from [`Appraisal`]; a picture to learn from has to be twice as good as one to
/// compare.
const GOOD: f64 = 0.25;

/// The lines of an outline, by the numbers of the mesh's points.
const LINES: [&[usize]; 7] = [
    &[10, 297, 284, 389, 454, 361, 397, 379, 400, 152, 176, 150, 172, 132, 234, 162, 54, 67, 10],
    &[33, 160, 158, 133, 153, 144, 33],
    &[263, 387, 385, 362, 380, 373, 263],
    &[70, 63, 105, 66, 107],
    &[300, 293, 334, 296, 336],
    &[168, 195, 4, 2],
    &[61, 40, 37, 267, 270, 291, 321, 314, 84, 91, 61],
];

impl Sees {
    /// Learns a face, telling how it goes, until all pictures are taken or it takes too long.
    pub(super) fn learn(
        &mut self,
        model: &Model,
        open: &mut Open,
        mut tell: impl FnMut(FaceProgress) -> Result<(), Deaf>,
    ) -> Result<Result<Template, EyeError>, Deaf> {
        let mut guide = Guide::default();
        let mut pictures = Vec::new();
        while open.since.elapsed() < LONGEST {
            match self.picture(model, open, &mut guide) {
                Err(e) => return Ok(Err(e)),
                Ok((hint, outline, picture)) => {
                    pictures.extend(picture);
                    let (taken, needed) = (guide.taken() as u32, Guide::PICTURES as u32);
                    tell(FaceProgress { taken, needed, hint, outline })?;
                    if hint == Hint::Done {
                        return Ok(Template::from_embeddings(model.version(), &pictures).map_err(EyeError::from));
                    }
                }
            }
        }
        Ok(Err(EyeError::TooLong(LONGEST)))
    }

    fn picture(
        &mut self,
        model: &Model,
        open: &mut Open,
        guide: &mut Guide,
    ) -> Result<(Hint, Option<Outline>, Option<Embedding>), EyeError> {
        let frame = open.camera.frame(PATIENCE)?;
        let at = Duration::from_micros(frame.taken_at().0);
        if self.judge.judge(&frame) == View::Frozen {
            return Err(EyeError::View(View::Frozen.fix().unwrap_or_default()));
        }
        let faces = model.find(&frame)?;
        let mesh = faces.first().map(|face| model.mesh(&frame, face)).transpose()?.flatten();
        let Some((mesh, bearing)) = mesh.and_then(|mesh| Bearing::of(&mesh).map(|bearing| (mesh, bearing))) else {
            return Ok((guide.frame(at, None).1, None, None));
        };
        let appraisal = Appraisal::of(&frame, &mesh)?;
        let outline = outline(&frame, &mesh);
        let reading = Reading {
            faces: faces.len(),
            width: faces.first().map_or(0.0, |face| face.size.x / frame.width() as f32),
            light: f32::from(outline.light) / 100.0,
            sharp: appraisal.quality().value() >= GOOD,
            bearing,
        };
        let (take, hint) = guide.frame(at, Some(reading));
        let picture = take.then(|| model.embed(&frame, &mesh)).transpose()?;
        Ok((hint, Some(outline), picture))
    }
}

/// The lines of a face, mirrored.
pub(super) fn outline(frame: &Frame, mesh: &Mesh) -> Outline {
    let width = frame.width() as f32;
    let thousandths = |x: f32| (1000.0 * x / width).clamp(0.0, 4000.0) as u16;
    let point = |i: &usize| {
        let p = mesh.point(*i);
        (1000 - thousandths(p.x).min(1000), thousandths(p.y))
    };
    let lines = LINES.iter().map(|line| line.iter().map(point).collect()).collect();
    Outline { lines, height: thousandths(frame.height() as f32), light: light(frame, mesh) }
}

/// Mean brightness of the pixels in the box around the face, 0 to 100.
fn light(frame: &Frame, mesh: &Mesh) -> u8 {
    let (mut low, mut high) = ((f32::MAX, f32::MAX), (0.0f32, 0.0f32));
    for [x, y, _] in mesh.points() {
        low = (low.0.min(*x), low.1.min(*y));
        high = (high.0.max(*x), high.1.max(*y));
    }
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let (left, right) = (low.0.max(0.0) as usize, (high.0.max(0.0) as usize).min(width));
    let (top, bottom) = (low.1.max(0.0) as usize, (high.1.max(0.0) as usize).min(height));
    let (mut sum, mut count) = (0u64, 0u64);
    for row in top..bottom {
        let pixels =
            frame.rgb().get(3 * (row * width + left.min(right))..3 * (row * width + right)).unwrap_or_default();
        sum += pixels.iter().map(|p| u64::from(*p)).sum::<u64>();
        count += pixels.len() as u64;
    }
    (100 * sum / 255).checked_div(count).unwrap_or_default().min(100) as u8
}
