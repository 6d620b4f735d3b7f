//! Made-up faces: drawn, with enough shading for face detectors to take them for one.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The looks of somebody who does not exist.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Portrait {
    skin: Colour,
    hair: Colour,
    lips: Colour,
    /// Of face, distance of the eyes, nose and mouth, as parts of the usual.
    widths: [f32; 4],
}

/// Where a face is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Middle of the face, as parts of the picture's width and height.
    pub middle: (f32, f32),
    /// Half of the face's height, as a part of the picture's.
    pub radius: f32,
    /// How bright it is; 1 as usual.
    pub light: f32,
}

impl Default for Pose {
    fn default() -> Self {
        Self { middle: (0.5, 0.5), radius: 0.33, light: 1.0 }
    }
}

type Colour = [f32; 3];

impl Portrait {
    /// Somebody, drawn by the seed.
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let dark = rng.random_range(0.0..1.0f32);
        let mix = |light: Colour, deep: Colour| std::array::from_fn(|i| light[i] + dark * (deep[i] - light[i]));
        Self {
            skin: mix([225.0, 190.0, 170.0], [150.0, 105.0, 80.0]),
            hair: [rng.random_range(20.0..120.0), rng.random_range(15.0..80.0), rng.random_range(10.0..60.0)],
            lips: mix([175.0, 95.0, 95.0], [120.0, 60.0, 60.0]),
            widths: [
                rng.random_range(0.92..1.08),
                rng.random_range(0.9..1.1),
                rng.random_range(0.8..1.3),
                rng.random_range(0.8..1.2),
            ],
        }
    }

    /// The face in front of a wall: red, green and blue of each pixel, row by row.
    pub fn draw(&self, width: usize, height: usize, pose: Pose) -> Vec<u8> {
        let (w, h) = (width as f32, height as f32);
        let mut rgb = Vec::with_capacity(3 * width * height);
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y as f32, x as f32))) {
            let at = |v: f32, middle: f32| v / (pose.radius * h) - middle / pose.radius;
            let (u, v) = (at(x, pose.middle.0 * w / h), at(y, pose.middle.1));
            let wall = [96.0, 110.0, 120.0].map(|c| c + 20.0 * y / h);
            rgb.extend(self.at(u, v, wall).map(|c| (c * pose.light).clamp(0.0, 255.0) as u8));
        }
        rgb
    }

    /// The colour of a point; the face reaches from −1 to 1.
    fn at(&self, x: f32, y: f32, wall: Colour) -> Colour {
        let [face, eyes, nose, mouth] = self.widths;
        let mut colour = wall;
        let mut paint = |part: f32, with: Colour| {
            colour.iter_mut().zip(with).for_each(|(c, with)| *c += part.clamp(0.0, 1.0) * (with - *c));
        };
        let skin = |bright: f32| self.skin.map(|c| c * bright);
        paint(oval(x, y, (0.0, 1.75), (1.5, 0.75), 0.08), [60.0, 70.0, 110.0]);
        paint(oval(x, y, (0.0, 1.0), (0.42, 0.75), 0.08), skin(0.8));
        paint(oval(x, y, (0.0, -0.22), (0.92 * face, 1.08), 0.08), self.hair);
        paint(oval(x, y, (0.0, 0.05), (0.76 * face, 1.02), 0.08), skin(1.0 - 0.28 * x * x - 0.1 * y * y));
        for side in [-1.0, 1.0] {
            let eye = side * 0.32 * eyes;
            paint(0.35 * oval(x, y, (eye, -0.13), (0.22, 0.13), 0.6), skin(0.55));
            paint(oval(x, y, (eye, -0.33), (0.2, 0.045), 0.5), self.hair);
            paint(oval(x, y, (eye, -0.13), (0.145, 0.065), 0.2), [238.0, 234.0, 230.0]);
            paint(oval(x, y, (eye, -0.13), (0.068, 0.068), 0.2), [70.0, 50.0, 40.0]);
            paint(oval(x, y, (eye, -0.13), (0.03, 0.03), 0.3), [10.0, 10.0, 10.0]);
            paint(0.8 * oval(x, y, (eye, -0.19), (0.16, 0.03), 0.8), [60.0, 40.0, 35.0]);
            paint(0.5 * oval(x, y, (side * 0.09 * nose, 0.27), (0.06, 0.04), 0.6), skin(0.4));
        }
        paint(0.25 * oval(x, y, (0.1, 0.08), (0.06, 0.28), 0.9), skin(0.6));
        paint(0.35 * oval(x, y, (0.0, 0.24), (0.1, 0.08), 0.9), skin(1.2));
        paint(oval(x, y, (0.0, 0.52), (0.27 * mouth, 0.075), 0.4), self.lips);
        paint(0.8 * oval(x, y, (0.0, 0.515), (0.25 * mouth, 0.014), 0.8), self.lips.map(|c| c * 0.5));
        paint(0.3 * oval(x, y, (0.0, 0.66), (0.18, 0.04), 0.9), skin(0.6));
        colour
    }
}

/// 1 inside an oval, 0 outside, and between them where its edge is soft.
fn oval(x: f32, y: f32, middle: (f32, f32), radii: (f32, f32), soft: f32) -> f32 {
    let distance = ((x - middle.0) / radii.0).hypot((y - middle.1) / radii.1);
    ((1.0 - distance) / soft + 0.5).clamp(0.0, 1.0)
}
