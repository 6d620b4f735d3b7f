//! Cutting a square out of a picture: turned, scaled, with every pixel of the picture heard.

use super::Frame;
use super::geometry::{Point, Similarity};
use zeroize::Zeroize;

/// What lies outside the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// Black.
    Black,
    /// What is nearest to it.
    Nearest,
}

/// A square of `size` pixels: `place` says where in the picture each of its points is. Red, green, blue, 0 to 255, row by
/// row, in `to`. Where it is smaller than what it shows, the picture is shrunk by averaging first.
pub fn cut(frame: &Frame, place: &Similarity, size: usize, outside: Outside, to: &mut Vec<f32>) {
    let factor = (place.scale().floor() as usize).clamp(1, 16);
    let source = Source::around(frame, place, size, factor);
    // Pixels are sampled in their middles.
    let half = Point { x: 0.5, y: 0.5 };
    let to_source = |p: Point| (p - source.origin) / factor as f32 - half;
    let first = to_source(place.of(half));
    let right = to_source(place.of(Point { x: 1.5, y: 0.5 })) - first;
    let down = to_source(place.of(Point { x: 0.5, y: 1.5 })) - first;
    to.clear();
    to.reserve(3 * size * size);
    for y in 0..size {
        for x in 0..size {
            to.extend(source.sample(first + right * x as f32 + down * y as f32, outside));
        }
    }
}

/// The part of a picture that a square shows, shrunk by a whole factor.
struct Source {
    /// Where its top left corner is in the picture.
    origin: Point,
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Source {
    fn around(frame: &Frame, place: &Similarity, size: usize, factor: usize) -> Self {
        let s = size as f32;
        let corners = [(0.0, 0.0), (s, 0.0), (0.0, s), (s, s)].map(|(x, y)| place.of(Point { x, y }));
        let span = |of: fn(&Point) -> f32, most: usize| {
            let low = corners.iter().map(of).fold(f32::INFINITY, f32::min) - 2.0 * factor as f32;
            let high = corners.iter().map(of).fold(f32::NEG_INFINITY, f32::max) + 2.0 * factor as f32;
            // A float that is too large, or none, becomes the nearest whole number.
            let low = (low.max(0.0) as usize).min(most.saturating_sub(factor));
            let high = (high.max(0.0).ceil() as usize).clamp(low + factor, most);
            (low, (high - low) / factor)
        };
        let (left, width) = span(|p| p.x, frame.width());
        let (top, height) = span(|p| p.y, frame.height());
        let mut rgb = Vec::with_capacity(3 * width * height);
        for y in 0..height {
            let row =
                |dy: usize| &frame.rgb()[3 * ((top + y * factor + dy) * frame.width() + left)..][..3 * width * factor];
            if factor == 1 {
                rgb.extend_from_slice(row(0));
                continue;
            }
            let mut sums = vec![0u32; 3 * width];
            for from in (0..factor).map(row) {
                for (sums, from) in sums.as_chunks_mut::<3>().0.iter_mut().zip(from.chunks_exact(3 * factor)) {
                    for pixel in from.as_chunks::<3>().0 {
                        sums.iter_mut().zip(pixel).for_each(|(sum, v)| *sum += u32::from(*v));
                    }
                }
            }
            let all = (factor * factor) as u32;
            rgb.extend(sums.iter().map(|sum| ((sum + all / 2) / all) as u8));
        }
        Self { origin: Point { x: left as f32, y: top as f32 }, width, height, rgb }
    }

    /// Between the four pixels around a point.
    fn sample(&self, at: Point, outside: Outside) -> [f32; 3] {
        let (left, top) = (at.x.floor(), at.y.floor());
        let (fx, fy) = (at.x - left, at.y - top);
        let (left, top) = (left as i64, top as i64);
        let [a, b] = [self.pixel(left, top, outside), self.pixel(left + 1, top, outside)];
        let [c, d] = [self.pixel(left, top + 1, outside), self.pixel(left + 1, top + 1, outside)];
        std::array::from_fn(|i| {
            let (upper, lower) = (a[i] + (b[i] - a[i]) * fx, c[i] + (d[i] - c[i]) * fx);
            upper + (lower - upper) * fy
        })
    }

    fn pixel(&self, x: i64, y: i64, outside: Outside) -> [f32; 3] {
        let (w, h) = (self.width as i64, self.height as i64);
        let (x, y) = match outside {
            Outside::Black if x < 0 || y < 0 || x >= w || y >= h => return [0.0; 3],
            _ => (x.clamp(0, w - 1) as usize, y.clamp(0, h - 1) as usize),
        };
        let at = 3 * (y * self.width + x);
        [f32::from(self.rgb[at]), f32::from(self.rgb[at + 1]), f32::from(self.rgb[at + 2])]
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.rgb.zeroize();
    }
}

/// A square picture's mirror image.
pub fn mirrored(rgb: &[f32], size: usize) -> impl Iterator<Item = f32> {
    rgb.chunks_exact(3 * size).flat_map(|row| row.as_chunks::<3>().0.iter().rev().flatten().copied())
}
