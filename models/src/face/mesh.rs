use super::card::Role;
use super::detector::Found;
use super::geometry::{Point, Similarity};
use super::net::Workspace;
use super::pack::{Pack, PackSource};
use super::prepare::prepare;
use super::warp::{Outside, cut};
use super::{Frame, ModelError, ModelVersion};
use crate::keystroke::PackError;

/// Points of a mesh.
pub const POINTS: usize = 468;

/// 468 points of a face, numbered as MediaPipe's face mesh, in pixels of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Mesh {
    points: Vec<[f32; 3]>,
    /// How sure the network is that there is a face, 0 to 1.
    pub presence: f32,
    /// How far the points moved from the first pass to the second, as a share of the distance of the eyes: a face that is
    /// covered or is none gives no steady mesh.
    pub drift: f32,
}

/// How a head is turned, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// To the side; positive: to the person's left.
    pub yaw: f32,
    /// Up and down; positive: down.
    pub pitch: f32,
    /// Tilted; positive: clockwise in the picture.
    pub roll: f32,
}

impl Mesh {
    /// A mesh of [`POINTS`] points; `None` for another number, or where a value is no number.
    pub fn new(points: Vec<[f32; 3]>, presence: f32, drift: f32) -> Option<Self> {
        let finite = points.iter().flatten().chain([&presence, &drift]).all(|v| v.is_finite());
        (points.len() == POINTS && finite).then_some(Self { points, presence, drift })
    }

    /// All points: right, down, and away from the camera, from the middle of the head.
    pub fn points(&self) -> &[[f32; 3]] {
        &self.points
    }

    /// A point in the picture; the corner for a number that no point has.
    pub fn point(&self, index: usize) -> Point {
        self.points.get(index).map_or(Point::default(), |[x, y, _]| Point { x: *x, y: *y })
    }

    /// Pixels from the middle of one eye to that of the other, if the face looked at the camera.
    pub fn eye_distance(&self) -> f32 {
        let [right, left] = [[33, 133], [263, 362]].map(|corners| self.centre(&corners));
        (0..3).map(|i| (left[i] - right[i]).powi(2)).sum::<f32>().sqrt()
    }

    /// How the head is turned, from the lines between the eyes' outer corners and from brow to chin.
    pub fn pose(&self) -> Pose {
        let line =
            |from: usize, to: usize| -> [f32; 3] { std::array::from_fn(|i| self.points[to][i] - self.points[from][i]) };
        let (across, down) = (line(33, 263), line(10, 152));
        Pose {
            yaw: across[2].atan2(across[0].hypot(across[1])).to_degrees(),
            pitch: down[2].atan2(down[0].hypot(down[1])).to_degrees(),
            roll: across[1].atan2(across[0]).to_degrees(),
        }
    }

    /// Middle and side of the square around it, and the angle of the eyes.
    fn square(&self) -> (Point, f32, f32) {
        let eyes = self.point(263) - self.point(33);
        let angle = eyes.y.atan2(eyes.x);
        let (cos, sin) = (angle.cos(), angle.sin());
        let along = |p: &[f32; 3]| Point { x: cos * p[0] + sin * p[1], y: cos * p[1] - sin * p[0] };
        let (mut low, mut high) = (along(&self.points[0]), along(&self.points[0]));
        for p in self.points.iter().map(along) {
            low = Point { x: low.x.min(p.x), y: low.y.min(p.y) };
            high = Point { x: high.x.max(p.x), y: high.y.max(p.y) };
        }
        let middle = (low + high) / 2.0;
        let centre = Point { x: cos * middle.x - sin * middle.y, y: sin * middle.x + cos * middle.y };
        (centre, (high.x - low.x).max(high.y - low.y), angle)
    }

    fn centre(&self, indices: &[usize]) -> [f32; 3] {
        std::array::from_fn(|i| indices.iter().map(|at| self.points[*at][i]).sum::<f32>() / indices.len() as f32)
    }
}

/// MediaPipe's face mesh (Kartynnik et al. 2019): a turned square around a face in, 468 points out.
pub(super) struct Mesher {
    pack: Pack,
}

/// The square shown is so many times as large as the face's box.
const MARGIN: f32 = 1.5;

impl Mesher {
    pub fn load(source: &PackSource) -> Result<Self, PackError> {
        let pack = Pack::load(source)?;
        if !matches!(pack.card.role, Role::Mesh {}) {
            return Err(pack.other_role(source, "mesh"));
        }
        pack.must_answer(source, &[[1, 1, 3 * POINTS], [1, 1, 1]])?;
        Ok(Self { pack })
    }

    pub fn version(&self) -> &ModelVersion {
        &self.pack.version
    }

    /// The mesh of a face, in two passes: the first from the detector's box, the second from the first mesh. `None` when
    /// there is no face after all.
    pub fn mesh(&self, frame: &Frame, face: &Found, work: &mut Workspace) -> Result<Option<Mesh>, ModelError> {
        let eyes = face.keys[1] - face.keys[0];
        let side = face.size.x.max(face.size.y);
        let Some(first) = self.pass(frame, (face.centre, side, eyes.y.atan2(eyes.x)), work)? else { return Ok(None) };
        let Some(mut mesh) = self.pass(frame, first.square(), work)? else { return Ok(None) };
        let moved: f32 = (0..POINTS).map(|i| (mesh.point(i) - first.point(i)).length()).sum();
        mesh.drift = moved / POINTS as f32 / mesh.eye_distance();
        let there = mesh.drift.is_finite() && mesh.presence >= LEAST_PRESENCE;
        Ok(there.then_some(mesh))
    }

    fn pass(
        &self,
        frame: &Frame,
        (centre, side, angle): (Point, f32, f32),
        work: &mut Workspace,
    ) -> Result<Option<Mesh>, ModelError> {
        let input = &self.pack.card.input;
        let place = Similarity::square(input.size, centre, MARGIN * side, angle);
        let mut values = Vec::new();
        cut(frame, &place, input.size, Outside::Black, &mut values);
        prepare(input, &mut values);
        let outputs = self.pack.net.run(work, &values).map_err(ModelError::Network)?;
        let scale = place.scale();
        let points = outputs[0].as_chunks::<3>().0.iter().map(|[x, y, z]| {
            let p = place.of(Point { x: *x, y: *y });
            [p.x, p.y, z * scale]
        });
        let presence = 1.0 / (1.0 + (-outputs[1][0]).exp());
        let mesh = Mesh::new(points.collect(), presence, 0.0);
        Ok(mesh.filter(|m| m.eye_distance() > 0.0))
    }
}

/// Below this there is no face.
const LEAST_PRESENCE: f32 = 0.1;
