use std::ops::{Add, Div, Mul, Sub};

/// A point of a picture in pixels from its top left corner; also a step from one point to another.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    /// How far it is from the corner; of a step, how long.
    pub fn length(self) -> f32 {
        self.x.hypot(self.y)
    }

    /// The mean of some points; the corner when there are none.
    pub fn mean(points: &[Point]) -> Point {
        points.iter().fold(Point::default(), |sum, p| sum + *p) / points.len().max(1) as f32
    }
}

impl Add for Point {
    type Output = Point;
    fn add(self, other: Point) -> Point {
        Point { x: self.x + other.x, y: self.y + other.y }
    }
}

impl Sub for Point {
    type Output = Point;
    fn sub(self, other: Point) -> Point {
        Point { x: self.x - other.x, y: self.y - other.y }
    }
}

impl Mul<f32> for Point {
    type Output = Point;
    fn mul(self, by: f32) -> Point {
        Point { x: self.x * by, y: self.y * by }
    }
}

impl Div<f32> for Point {
    type Output = Point;
    fn div(self, by: f32) -> Point {
        Point { x: self.x / by, y: self.y / by }
    }
}

/// A turn, a scaling and a shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    cos: f32,
    sin: f32,
    shift: Point,
}

impl Similarity {
    /// From a square of `size` pixels to one of side `side` around `centre`, turned by `angle` radians clockwise.
    pub fn square(size: usize, centre: Point, side: f32, angle: f32) -> Self {
        let scale = side / size as f32;
        let turn = Self { cos: scale * angle.cos(), sin: scale * angle.sin(), shift: Point::default() };
        let half = size as f32 / 2.0;
        Self { shift: centre - turn.of(Point { x: half, y: half }), ..turn }
    }

    /// The one that brings `from` nearest to `to` in the sum of squares (Umeyama 1991, without reflection); `None` when
    /// `from` is one point only.
    pub fn between(from: &[Point], to: &[Point]) -> Option<Self> {
        let (centre_from, centre_to) = (Point::mean(from), Point::mean(to));
        let (mut cos, mut sin, mut spread) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (p, q) = (*p - centre_from, *q - centre_to);
            cos += p.x * q.x + p.y * q.y;
            sin += p.x * q.y - p.y * q.x;
            spread += p.x * p.x + p.y * p.y;
        }
        let turn = Self { cos: cos / spread, sin: sin / spread, shift: Point::default() };
        let found = Self { shift: centre_to - turn.of(centre_from), ..turn };
        let finite = [found.cos, found.sin, found.shift.x, found.shift.y].iter().all(|v| v.is_finite());
        (finite && found.scale() > 0.0).then_some(found)
    }

    /// Where it brings a point.
    pub fn of(&self, p: Point) -> Point {
        Point { x: self.cos * p.x - self.sin * p.y, y: self.sin * p.x + self.cos * p.y } + self.shift
    }

    /// How much longer it makes a step.
    pub fn scale(&self) -> f32 {
        self.cos.hypot(self.sin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_similarity_is_found_again() {
        let known = Similarity::square(100, Point { x: 40.0, y: 70.0 }, 30.0, 0.4);
        let from = [(3.0, 4.0), (90.0, 10.0), (50.0, 80.0)].map(|(x, y)| Point { x, y });
        let found = Similarity::between(&from, &from.map(|p| known.of(p))).unwrap();
        for p in from {
            assert!((found.of(p) - known.of(p)).length() < 1e-3);
        }
        assert!((known.of(Point { x: 50.0, y: 50.0 }) - Point { x: 40.0, y: 70.0 }).length() < 1e-4);
        assert!((found.scale() - 0.3).abs() < 1e-5);
        assert_eq!(Similarity::between(&[from[0]; 3], &from), None);
    }
}
