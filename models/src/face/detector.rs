use super::Frame;
use super::card::Role;
use super::geometry::{Point, Similarity};
use super::net::Workspace;
use super::pack::{Pack, PackSource};
use super::prepare::prepare;
use super::warp::{Outside, cut};
use super::{ModelError, ModelVersion};
use crate::keystroke::PackError;

/// A face that was found, in pixels of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// How sure the detector is, 0 to 1.
    pub score: f32,
    /// Middle of the box from brows to chin.
    pub centre: Point,
    /// Its width and height.
    pub size: Point,
    /// Right eye, left eye, nose, mouth, right ear, left ear: the person's right.
    pub keys: [Point; 6],
}

/// BlazeFace for front cameras (Bazarevsky et al. 2019): a picture of 128 pixels in, faces out.
pub(super) struct Detector {
    pack: Pack,
}

/// Faces less sure than this are none.
const LEAST_SCORE: f32 = 0.5;

/// Boxes that share so much of their union are of one face.
const SAME: f32 = 0.3;

/// How many times the picture's longer side is shown, one after the other until a face is found: all of it, with as much
/// black around that a face which fills the picture fits, and the middle of it, for faces that are far away.
const LOOKS: [f32; 3] = [1.0, 1.6, 0.5];

/// Anchors: pixels from one to the next, and how many lie at each place. The outputs are scores and boxes of each.
const ANCHORS: [(usize, usize); 2] = [(8, 2), (16, 6)];

/// Numbers of a box: middle, size and six points.
const BOX: usize = 16;

impl Detector {
    pub fn load(source: &PackSource) -> Result<Self, PackError> {
        let pack = Pack::load(source)?;
        if !matches!(pack.card.role, Role::Detector {}) {
            return Err(pack.other_role(source, "detector"));
        }
        let side = pack.card.input.size;
        let places = ANCHORS.map(|(stride, count)| (side / stride, count));
        let shapes: Vec<_> =
            [1, BOX].iter().flat_map(|n| places.map(|(places, count)| [places, places, count * n])).collect();
        pack.must_answer(source, &shapes)?;
        Ok(Self { pack })
    }

    pub fn version(&self) -> &ModelVersion {
        &self.pack.version
    }

    /// The faces of a picture, the largest first.
    pub fn find(&self, frame: &Frame, work: &mut Workspace) -> Result<Vec<Found>, ModelError> {
        for part in LOOKS {
            let found = self.look(frame, part, work)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn look(&self, frame: &Frame, part: f32, work: &mut Workspace) -> Result<Vec<Found>, ModelError> {
        let input = &self.pack.card.input;
        let (width, height) = (frame.width() as f32, frame.height() as f32);
        let centre = Point { x: width / 2.0, y: height / 2.0 };
        let place = Similarity::square(input.size, centre, part * width.max(height), 0.0);
        let mut values = Vec::new();
        cut(frame, &place, input.size, Outside::Black, &mut values);
        prepare(input, &mut values);
        let outputs = self.pack.net.run(work, &values).map_err(ModelError::Network)?;
        let mut all = Vec::new();
        for ((stride, count), (scores, boxes)) in ANCHORS.iter().zip(outputs.iter().zip(&outputs[ANCHORS.len()..])) {
            let row = input.size / stride;
            for (at, (logit, numbers)) in scores.iter().zip(boxes.as_chunks::<BOX>().0).enumerate() {
                let score = 1.0 / (1.0 + (-logit).exp());
                if score < LEAST_SCORE {
                    continue;
                }
                let cell = at / count;
                let middle = |cell: usize| (cell as f32 + 0.5) * *stride as f32;
                let anchor = Point { x: middle(cell % row), y: middle(cell / row) };
                let point = |i: usize| place.of(Point { x: numbers[i], y: numbers[i + 1] } + anchor);
                let size = Point { x: numbers[2], y: numbers[3] } * place.scale();
                let keys = std::array::from_fn(|i| point(4 + 2 * i));
                all.push(Found { score, centre: point(0), size, keys });
            }
        }
        Ok(one_for_each(all))
    }
}

/// Of boxes that overlap, their mean, weighed by score; the largest first.
fn one_for_each(mut all: Vec<Found>) -> Vec<Found> {
    all.retain(|f| f.size.x > 0.0 && f.size.y > 0.0);
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces = Vec::new();
    while let Some(best) = all.first().cloned() {
        let (same, others): (Vec<Found>, Vec<Found>) = all.into_iter().partition(|f| shared(f, &best) > SAME);
        let weight: f32 = same.iter().map(|f| f.score).sum();
        let mean =
            |of: &dyn Fn(&Found) -> Point| same.iter().fold(Point::default(), |sum, f| sum + of(f) * f.score) / weight;
        faces.push(Found {
            score: best.score,
            centre: mean(&|f| f.centre),
            size: mean(&|f| f.size),
            keys: std::array::from_fn(|i| mean(&|f: &Found| f.keys[i])),
        });
        // A box that does not even overlap itself would stay for ever.
        all = others.into_iter().filter(|f| *f != best).collect();
    }
    faces.sort_by(|a, b| (b.size.x * b.size.y).total_cmp(&(a.size.x * a.size.y)));
    faces
}

/// Intersection over union.
fn shared(a: &Found, b: &Found) -> f32 {
    let overlap = |a: f32, a_size: f32, b: f32, b_size: f32| {
        ((a + a_size / 2.0).min(b + b_size / 2.0) - (a - a_size / 2.0).max(b - b_size / 2.0)).max(0.0)
    };
    let both =
        overlap(a.centre.x, a.size.x, b.centre.x, b.size.x) * overlap(a.centre.y, a.size.y, b.centre.y, b.size.y);
    both / (a.size.x * a.size.y + b.size.x * b.size.y - both)
}
