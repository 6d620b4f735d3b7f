use stillyou_sense::camera::Frame;

/// Whether what surrounds a face moves along with it, as on a photograph or a screen that is held up: face and background
/// as one plane.
///
/// Only frames in which the face moved say anything. A camera that is moved looks the same, so this lowers confidence
/// and proves nothing.
#[derive(Debug, Default)]
pub struct Plane {
    before: Option<(Grey, Place)>,
    /// Sum of `background · face` and of `face · face` displacements, in square pixels.
    along: f64,
    moved: f64,
}

/// Brightness of a picture, a byte a pixel, row by row.
#[derive(Clone, Debug)]
pub struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Where a face is, in pixels: centre and half of its larger side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Centre, to the right.
    pub x: f32,
    /// Centre, downwards.
    pub y: f32,
    /// Half of the box's larger side.
    pub radius: f32,
}

/// Side of the patches that are followed, in pixels.
const PATCH: usize = 16;
/// How far they are followed, in pixels.
const REACH: i32 = 10;
/// Patches with less contrast (standard deviation of brightness) can't be followed.
const LEAST_CONTRAST: f64 = 8.0;
/// Least displacement of a face that counts, in pixels.
const LEAST_MOVE: f32 = 2.0;
/// Least displacements in all, in square pixels: five frames of 3 pixels.
const ENOUGH: f64 = 45.0;

impl Grey {
    /// The brightness (ITU-R BT.601) of a picture.
    pub fn of(frame: &Frame) -> Self {
        let brightness =
            |p: &[u8]| ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) >> 8).min(255) as u8;
        let pixels = frame.rgb().chunks_exact(3).map(brightness).collect();
        Self { width: frame.width() as usize, height: frame.height() as usize, pixels }
    }

    fn patch(&self, x: i32, y: i32) -> Option<impl Iterator<Item = u8>> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        if x + PATCH > self.width || y + PATCH > self.height {
            return None;
        }
        Some((y..y + PATCH).flat_map(move |row| self.pixels[row * self.width + x..][..PATCH].iter().copied()))
    }

    fn contrast(&self, x: i32, y: i32) -> f64 {
        let Some(patch) = self.patch(x, y) else { return 0.0 };
        let (mut sum, mut squares) = (0.0, 0.0);
        for pixel in patch.map(f64::from) {
            sum += pixel;
            squares += pixel * pixel;
        }
        let n = (PATCH * PATCH) as f64;
        (squares / n - (sum / n).powi(2)).max(0.0).sqrt()
    }
}

impl Drop for Grey {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.pixels);
    }
}

impl Plane {
    /// Takes the next picture and where its face is.
    pub fn push(&mut self, grey: Grey, face: Place) {
        if let Some((before, was)) = &self.before
            && before.width == grey.width
            && before.height == grey.height
        {
            let (dx, dy) = (face.x - was.x, face.y - was.y);
            if dx.hypot(dy) >= LEAST_MOVE
                && let Some((bx, by)) = background(before, &grey, *was)
            {
                self.along += f64::from(bx * dx + by * dy);
                self.moved += f64::from(dx * dx + dy * dy);
            }
        }
        self.before = Some((grey, face));
    }

    /// How far the background goes along: 0 not at all, 1 wholly. Nothing while the face has not moved enough.
    pub fn share(&self) -> Option<f64> {
        (self.moved >= ENOUGH).then(|| (self.along / self.moved).clamp(0.0, 1.0))
    }

    /// Forgets the pictures and begins anew.
    pub fn settle(&mut self) {
        *self = Self::default();
    }

    #[cfg(test)]
    pub(super) fn keeps_a_picture(&self) -> bool {
        self.before.is_some()
    }
}

/// The median displacement of what is beside and above a face: what is below it is the person's own body.
fn background(before: &Grey, now: &Grey, face: Place) -> Option<(f32, f32)> {
    let mut moves = Vec::new();
    for (right, up) in [
        (-1.6, -0.6),
        (-1.6, 0.0),
        (1.6, -0.6),
        (1.6, 0.0),
        (-1.0, -1.7),
        (0.0, -1.8),
        (1.0, -1.7),
        (-2.1, -1.2),
        (2.1, -1.2),
    ] {
        let half = PATCH as f32 / 2.0;
        let x = (face.x + right * face.radius - half) as i32;
        let y = (face.y + up * face.radius - half) as i32;
        if before.contrast(x, y) >= LEAST_CONTRAST {
            moves.extend(follow(before, now, x, y));
        }
    }
    (moves.len() >= 3).then(|| (median(moves.iter().map(|m| m.0)), median(moves.iter().map(|m| m.1))))
}

/// Where a patch went: the displacement with the least sum of absolute differences, the nearest of equals.
fn follow(before: &Grey, now: &Grey, x: i32, y: i32) -> Option<(f32, f32)> {
    let mut best: Option<(u32, i32, (i32, i32))> = None;
    for (dx, dy) in (-REACH..=REACH).flat_map(|dy| (-REACH..=REACH).map(move |dx| (dx, dy))) {
        let (Some(a), Some(b)) = (before.patch(x, y), now.patch(x + dx, y + dy)) else { continue };
        let difference: u32 = a.zip(b).map(|(a, b)| u32::from(a.abs_diff(b))).sum();
        let far = dx * dx + dy * dy;
        if best.is_none_or(|(least, nearest, _)| (difference, far) < (least, nearest)) {
            best = Some((difference, far, (dx, dy)));
        }
    }
    best.map(|(_, _, (dx, dy))| (dx as f32, dy as f32))
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use stillyou_sense::Micros;

    const SIDE: usize = 200;

    /// Spots of light that can be followed, moved by `dx`; the same for the same seed.
    fn texture(seed: u64, dx: i32) -> Vec<u8> {
        let mut chance = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let coarse: Vec<u8> = (0..100 * 100).map(|_| chance.random()).collect();
        let at = |x: i32, y: usize| coarse[(y / 4) * 100 + (((x - dx) + 80) as usize / 4) % 100];
        (0..SIDE * SIDE).map(|i| at((i % SIDE) as i32, i / SIDE)).collect()
    }

    /// A face that moves to and fro by 4 pixels, before a background that moves along by `share`.
    fn share(share: i32) -> Option<f64> {
        let mut plane = Plane::default();
        for step in 0..12 {
            let face_dx = if step % 2 == 0 { 0 } else { 4 };
            let mut pixels = texture(1, face_dx * share / 100);
            let face = texture(2, face_dx);
            for (i, pixel) in pixels.iter_mut().enumerate() {
                let (x, y) = ((i % SIDE) as f32, (i / SIDE) as f32);
                if (x - 100.0 - face_dx as f32).abs() < 30.0 && (y - 110.0).abs() < 35.0 {
                    *pixel = face[i];
                }
            }
            let place = Place { x: 100.0 + face_dx as f32, y: 110.0, radius: 35.0 };
            plane.push(Grey { width: SIDE, height: SIDE, pixels }, place);
        }
        plane.share()
    }

    #[test]
    fn a_held_photograph_moves_with_its_background_and_a_person_before_theirs() {
        let (photograph, person) = (share(100).unwrap(), share(0).unwrap());
        assert!(photograph > 0.9 && person < 0.1, "{photograph} {person}");
    }

    #[test]
    fn a_face_that_keeps_still_says_nothing() {
        let mut plane = Plane::default();
        for _ in 0..20 {
            plane.push(
                Grey { width: SIDE, height: SIDE, pixels: texture(1, 0) },
                Place { x: 100.0, y: 100.0, radius: 35.0 },
            );
        }
        assert_eq!(plane.share(), None);
    }

    #[test]
    fn faces_at_the_edge_and_pictures_of_another_size_are_no_trouble() {
        let mut plane = Plane::default();
        for (side, x) in [(SIDE, -50.0), (SIDE, 500.0), (20, 10.0), (0, 0.0), (SIDE, f32::NAN)] {
            plane.push(
                Grey { width: side, height: side, pixels: vec![0; side * side] },
                Place { x, y: 5.0, radius: 35.0 },
            );
        }
        assert_eq!(plane.share(), None);
        let white = Frame::new(16, 16, vec![255; 3 * 256], Micros(0)).unwrap();
        assert_eq!(Grey::of(&white).pixels, [255; 256]);
    }
}
