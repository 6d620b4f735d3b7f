use super::chip::Chip;
use super::mesh::Mesh;
use super::warp::{Outside, cut};
use super::{Frame, ModelError};
use std::fmt;
use stillyou_trust::Quality;
use zeroize::Zeroize;

/// How good a picture of a face is, each from 0 (useless) to 1 (as good as any).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Appraisal {
    /// Pixels between the eyes.
    pub size: f32,
    /// How far the head is turned.
    pub pose: f32,
    /// Fine against coarse detail.
    pub sharpness: f32,
    /// Neither dark, glaring nor flat.
    pub light: f32,
    /// Nothing before the face, as far as the mesh can tell.
    pub cover: f32,
}

/// What is wrong with a picture of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// [`Appraisal::size`].
    Far,
    /// [`Appraisal::pose`].
    Turned,
    /// [`Appraisal::sharpness`].
    Blurred,
    /// [`Appraisal::light`].
    Light,
    /// [`Appraisal::cover`].
    Covered,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Flaw::Far => "the face is too far away",
            Flaw::Turned => "the face is turned away",
            Flaw::Blurred => "the face is blurred",
            Flaw::Light => "the light is too dark, too bright or too flat",
            Flaw::Covered => "the face is covered",
        })
    }
}

/// A picture of less quality says nothing.
pub const LEAST: f64 = 0.1;

impl Appraisal {
    /// Of a face in a picture.
    ///
    /// # Errors
    /// When the mesh is one point.
    pub fn of(frame: &Frame, mesh: &Mesh) -> Result<Self, ModelError> {
        let place = Chip::Arcface.place(mesh, SIDE).ok_or(ModelError::Poor(Flaw::Covered))?;
        let mut rgb = Vec::new();
        cut(frame, &place, SIDE, Outside::Black, &mut rgb);
        let mut grey: Vec<f32> =
            rgb.as_chunks::<3>().0.iter().map(|[r, g, b]| 0.299 * r + 0.587 * g + 0.114 * b).collect();
        rgb.zeroize();
        let pose = mesh.pose();
        let turned = (pose.yaw.powi(2) + pose.pitch.powi(2)).sqrt();
        let appraisal = Self {
            size: ramp(mesh.eye_distance(), 10.0, 24.0),
            pose: ramp(turned, 60.0, 30.0),
            sharpness: ramp(detail(&grey), 0.22, 0.30),
            light: light(&grey),
            cover: ramp(mesh.presence, 0.3, 0.9) * ramp(mesh.drift, 0.30, 0.12),
        };
        grey.zeroize();
        Ok(appraisal)
    }

    /// All of it as one number: their product.
    pub fn quality(&self) -> Quality {
        let product: f32 = self.parts().iter().map(|(_, part)| part).product();
        Quality::new(f64::from(product).clamp(0.0, 1.0)).unwrap_or(Quality::FULL)
    }

    /// Why it says nothing; `None` when it says something.
    pub fn flaw(&self) -> Option<Flaw> {
        let worst = self.parts().into_iter().min_by(|a, b| a.1.total_cmp(&b.1));
        worst.filter(|_| self.quality().value() < LEAST).map(|(flaw, _)| flaw)
    }

    fn parts(&self) -> [(Flaw, f32); 5] {
        [
            (Flaw::Far, self.size),
            (Flaw::Turned, self.pose),
            (Flaw::Blurred, self.sharpness),
            (Flaw::Light, self.light),
            (Flaw::Covered, self.cover),
        ]
    }
}

/// Pixels of the square that detail and light are read from.
const SIDE: usize = 96;

/// Its part from brows to chin.
const INNER: std::ops::Range<usize> = SIDE / 6..SIDE - SIDE / 6;

/// Mean difference of neighbours, as a share of that of pixels four apart: a quarter where everything is smooth.
fn detail(grey: &[f32]) -> f32 {
    let differences = |apart: usize| -> f32 {
        let pairs = INNER.flat_map(|y| (INNER.start..INNER.end - 4).map(move |x| y * SIDE + x));
        pairs.map(|at| (grey[at] - grey[at + apart]).abs() + (grey[at] - grey[at + apart * SIDE]).abs()).sum()
    };
    differences(1) / differences(4).max(1.0)
}

fn light(grey: &[f32]) -> f32 {
    let inner: Vec<f32> = INNER.flat_map(|y| grey[y * SIDE..][INNER].iter().copied()).collect();
    let n = inner.len() as f32;
    let mean = inner.iter().sum::<f32>() / n;
    let contrast = (inner.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n).sqrt();
    ramp(mean, 15.0, 50.0) * ramp(mean, 250.0, 220.0) * ramp(contrast, 6.0, 18.0)
}

/// 0 at `worst` and beyond it, 1 at `fine` and beyond.
fn ramp(value: f32, worst: f32, fine: f32) -> f32 {
    ((value - worst) / (fine - worst)).clamp(0.0, 1.0)
}
