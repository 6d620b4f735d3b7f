use super::geometry::{Point, Similarity};
use super::mesh::Mesh;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a face is cut out for an embedder: which points of the mesh are brought where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chip {
    /// Corners of the eyes and the base of the nose, as dlib's network was trained: its mean face of five points with a
    /// quarter of its size around (`get_face_chip_details`, padding 0.25).
    Dlib,
    /// Middles of the eyes, tip of the nose, corners of the mouth, as ArcFace's networks were (112 pixels).
    Arcface,
}

impl fmt::Display for Chip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Chip::Dlib => "dlib",
            Chip::Arcface => "arcface",
        })
    }
}

impl Chip {
    /// Where in the picture a chip of `size` pixels lies; `None` when the mesh is one point.
    pub fn place(self, mesh: &Mesh, size: usize) -> Option<Similarity> {
        let (found, template) = match self {
            Chip::Dlib => ([263, 362, 33, 133, 2].map(|i| mesh.point(i)), DLIB.map(|p| p.map(|v| (v + 0.25) / 1.5))),
            Chip::Arcface => {
                let eyes = [[33, 133], [362, 263]].map(|corners| Point::mean(&corners.map(|i| mesh.point(i))));
                let [right, left] = eyes;
                let rest = [4, 61, 291].map(|i| mesh.point(i));
                ([right, left, rest[0], rest[1], rest[2]], ARCFACE.map(|p| p.map(|v| v / 112.0)))
            }
        };
        let template = template.map(|[x, y]| Point { x, y } * size as f32);
        Similarity::between(&template, &found)
    }
}

/// Left eye's outer and inner corner, right eye's outer and inner corner, base of the nose.
const DLIB: [[f32; 2]; 5] = [
    [0.859_567_46, 0.213_498_15],
    [0.646_060_5, 0.228_967_44],
    [0.120_575_06, 0.213_727_45],
    [0.334_085_06, 0.229_064_24],
    [0.490_112_3, 0.627_797_5],
];

/// Right eye, left eye, nose, right and left corner of the mouth.
const ARCFACE: [[f32; 2]; 5] =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];
