use super::mesh::Mesh;

/// Where a face looks, and whether its eyes are open: what a live check and quality need of the 468 mesh points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bearing {
    /// Turn of the head in degrees, positive to the person's own left.
    pub yaw_deg: f32,
    /// Degrees that the head looks up.
    pub pitch_deg: f32,
    /// Opening of the eyes as height over width, the mean of both: about 0.3 open, below 0.15 closed (the eye aspect ratio of
    /// Soukupová and Čech, 2016).
    pub eyes_open: f32,
}

/// Outer corner, upper lid twice, inner corner, lower lid twice: the numbering of the 468-point mesh.
const RIGHT_EYE: [usize; 6] = [33, 160, 158, 133, 153, 144];
const LEFT_EYE: [usize; 6] = [263, 387, 385, 362, 380, 373];
impl Bearing {
    /// Measured on a mesh. Nothing where its eyes have no width.
    pub fn of(mesh: &Mesh) -> Option<Self> {
        let (pose, points) = (mesh.pose(), mesh.points());
        let (right, left) = (opening(points, RIGHT_EYE)?, opening(points, LEFT_EYE)?);
        Some(Self { yaw_deg: pose.yaw, pitch_deg: -pose.pitch, eyes_open: (right + left) / 2.0 })
    }

    /// Whether the head is turned by less than so many degrees, and nods by less than twice as many.
    pub fn is_ahead(&self, degrees: f32) -> bool {
        self.yaw_deg.abs() < degrees && self.pitch_deg.abs() < 2.0 * degrees
    }
}

fn opening(points: &[[f32; 3]], eye: [usize; 6]) -> Option<f32> {
    let [outer, up_out, up_in, inner, low_in, low_out] = eye.map(|i| points.get(i).copied());
    let apart = |a: Option<[f32; 3]>, b: Option<[f32; 3]>| Some(length(between(a?, b?)));
    let (height, width) = (apart(up_out, low_out)? + apart(up_in, low_in)?, apart(outer, inner)?);
    (width > 0.0).then(|| height / (2.0 * width))
}

fn between(from: [f32; 3], to: [f32; 3]) -> [f32; 3] {
    [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
}

fn length(v: [f32; 3]) -> f32 {
    v.iter().map(|x| x * x).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::POINTS;

    /// A head of the measures that count here, turned by `yaw` to its own left, looking up by `pitch`, leaning by `roll`.
    fn head(yaw: f32, pitch: f32, roll: f32, open: f32) -> Mesh {
        let mut points = vec![[0.0; 3]; POINTS];
        points[10] = [0.0, -90.0, 0.0];
        points[152] = [0.0, 90.0, 0.0];
        for (eye, x, towards) in [(RIGHT_EYE, -45.0, 1.0), (LEFT_EYE, 45.0, -1.0)] {
            let lid = 15.0 * open;
            let at = [(0.0, 0.0), (10.0, -lid), (20.0, -lid), (30.0, 0.0), (20.0, lid), (10.0, lid)];
            for (i, (dx, dy)) in eye.into_iter().zip(at) {
                points[i] = [x + towards * dx, -30.0 + dy, 0.0];
            }
        }
        let (yaw, pitch, roll) = (yaw.to_radians(), pitch.to_radians(), roll.to_radians());
        let turned = |[x, y, z]: [f32; 3]| {
            let (y, z) = (y * pitch.cos() + z * pitch.sin(), z * pitch.cos() - y * pitch.sin());
            let (x, z) = (x * yaw.cos() - z * yaw.sin(), z * yaw.cos() + x * yaw.sin());
            let (x, y) = (x * roll.cos() - y * roll.sin(), y * roll.cos() + x * roll.sin());
            [x, y, z]
        };
        Mesh::new(points.into_iter().map(turned).collect(), 1.0, 0.0).unwrap()
    }

    #[test]
    fn a_turned_head_is_measured_in_degrees() {
        for (yaw, pitch, roll) in
            [(0.0, 0.0, 0.0), (25.0, 0.0, 0.0), (-25.0, 0.0, 0.0), (0.0, 15.0, 0.0), (0.0, 0.0, 10.0)]
        {
            let b = Bearing::of(&head(yaw, pitch, roll, 0.3)).unwrap();
            for (measured, true_deg) in [(b.yaw_deg, yaw), (b.pitch_deg, pitch)] {
                assert!((measured - true_deg).abs() < 0.5, "{b:?} for {yaw}, {pitch}, {roll}");
            }
            assert!((b.eyes_open - 0.3).abs() < 0.01, "{b:?}");
        }
    }

    #[test]
    fn open_and_closed_eyes_are_told_apart_while_the_head_moves() {
        for yaw in [-10.0, 0.0, 10.0] {
            let [open, closed] = [0.3, 0.05].map(|o| Bearing::of(&head(yaw, 5.0, 5.0, o)).unwrap().eyes_open);
            assert!(closed < 0.3 * open, "{open} {closed}");
        }
    }

    #[test]
    fn points_that_make_no_face_say_nothing() {
        assert_eq!(Bearing::of(&Mesh::new(vec![[1.0; 3]; POINTS], 1.0, 0.0).unwrap()), None);
    }
}
