use super::bearing::Bearing;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Leads a person through the enrolment of their face: which picture to take next, and what to mend before.
///
/// Pure: frames come as readings with their time. Pictures are the caller's; this only says when to take one.
#[derive(Clone, Debug, Default)]
pub struct Guide {
    taken: usize,
    /// The first straight look: everything else is measured by it, as cameras stand lower or higher.
    ahead: Option<Bearing>,
    taken_at: Option<Duration>,
    steady: u32,
}

/// How to hold the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Pose {
    /// Straight at the camera.
    Ahead,
    /// A little to the person's own left.
    Left,
    /// A little to the person's own right.
    Right,
    /// A little up.
    Up,
    /// A little down.
    Down,
}

/// What the person should do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "hint", rename_all = "kebab-case")]
pub enum Hint {
    /// Come into the picture.
    NobodyThere,
    /// Be alone in it.
    OnePersonOnly,
    /// Come closer.
    ComeCloser,
    /// Move back.
    MoveBack,
    /// Make more light.
    MoreLight,
    /// Less light from behind or on the face.
    LessLight,
    /// Hold the head like this.
    Turn {
        /// How.
        pose: Pose,
    },
    /// Good: keep still.
    KeepStill,
    /// All pictures are taken.
    Done,
}

/// What a frame shows of the face nearest to the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Faces in the picture.
    pub faces: usize,
    /// The face's width over the picture's, 0 to 1.
    pub width: f32,
    /// Mean brightness of the face, 0 to 1.
    pub light: f32,
    /// Whether the picture is sharp enough to be compared.
    pub sharp: bool,
    /// Where the face looks.
    pub bearing: Bearing,
}

/// The pictures, in the order in which they are taken. Two straight ones far apart in time: the light is seldom the same.
const ORDER: [Pose; 7] = [Pose::Ahead, Pose::Left, Pose::Right, Pose::Ahead, Pose::Up, Pose::Down, Pose::Ahead];
/// Between two pictures at least.
const PAUSE: Duration = Duration::from_millis(800);
/// Frames in a row that must fit before one is taken.
const STEADY: u32 = 2;
const SMALLEST: f32 = 0.14;
const LARGEST: f32 = 0.6;
const DARKEST: f32 = 0.16;
const LIGHTEST: f32 = 0.92;
/// A little turn, in degrees as the mesh has them, which are fewer than the head's: enough to be another view, not so much
/// that the face is half hidden.
const TURN_DEG: std::ops::RangeInclusive<f32> = 8.0..=32.0;
const NOD_DEG: std::ops::RangeInclusive<f32> = 5.0..=28.0;
/// How far the first straight look may be off, and later ones from the first; nods twice as far.
const FIRST_DEG: f32 = 13.0;
const AHEAD_DEG: f32 = 7.0;

impl Guide {
    /// Pictures that are taken in all.
    pub const PICTURES: usize = ORDER.len();

    /// Takes a frame's reading at `at`; whether to take its picture, and what the person should do now.
    pub fn frame(&mut self, at: Duration, reading: Option<Reading>) -> (bool, Hint) {
        let Some(pose) = ORDER.get(self.taken).copied() else { return (false, Hint::Done) };
        let mend = match reading {
            None => Some(Hint::NobodyThere),
            Some(r) if r.faces == 0 => Some(Hint::NobodyThere),
            Some(r) if r.faces > 1 => Some(Hint::OnePersonOnly),
            Some(r) if r.width < SMALLEST => Some(Hint::ComeCloser),
            Some(r) if r.width > LARGEST => Some(Hint::MoveBack),
            Some(r) if r.light < DARKEST => Some(Hint::MoreLight),
            Some(r) if r.light > LIGHTEST => Some(Hint::LessLight),
            Some(r) if !pose.fits(&r.bearing, self.ahead) => Some(Hint::Turn { pose }),
            Some(r) if !r.sharp => Some(Hint::KeepStill),
            Some(r) => {
                self.ahead = self.ahead.or(Some(r.bearing));
                None
            }
        };
        if let Some(hint) = mend {
            self.steady = 0;
            return (false, hint);
        }
        self.steady += 1;
        let rested = self.taken_at.is_none_or(|last| at.saturating_sub(last) >= PAUSE);
        if self.steady < STEADY || !rested {
            return (false, Hint::KeepStill);
        }
        self.taken += 1;
        self.taken_at = Some(at);
        self.steady = 0;
        let next = ORDER.get(self.taken).map_or(Hint::Done, |pose| Hint::Turn { pose: *pose });
        (true, next)
    }

    /// Pictures taken so far.
    pub fn taken(&self) -> usize {
        self.taken
    }
}

impl Pose {
    /// Whether a head is held so, by the straight look before.
    fn fits(self, bearing: &Bearing, ahead: Option<Bearing>) -> bool {
        let Some(ahead) = ahead else { return self == Pose::Ahead && bearing.is_ahead(FIRST_DEG) };
        let (yaw, pitch) = (bearing.yaw_deg - ahead.yaw_deg, bearing.pitch_deg - ahead.pitch_deg);
        match self {
            Pose::Ahead => yaw.abs() < AHEAD_DEG && pitch.abs() < 2.0 * AHEAD_DEG,
            Pose::Left => TURN_DEG.contains(&yaw),
            Pose::Right => TURN_DEG.contains(&-yaw),
            Pose::Up => NOD_DEG.contains(&pitch) && yaw.abs() < 2.0 * AHEAD_DEG,
            Pose::Down => NOD_DEG.contains(&-pitch) && yaw.abs() < 2.0 * AHEAD_DEG,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(yaw_deg: f32, pitch_deg: f32) -> Reading {
        let bearing = Bearing { yaw_deg, pitch_deg, eyes_open: 0.3 };
        Reading { faces: 1, width: 0.3, light: 0.5, sharp: true, bearing }
    }

    fn held(pose: Pose) -> Reading {
        match pose {
            Pose::Ahead => reading(0.0, 0.0),
            Pose::Left => reading(18.0, 0.0),
            Pose::Right => reading(-18.0, 0.0),
            Pose::Up => reading(0.0, 14.0),
            Pose::Down => reading(0.0, -14.0),
        }
    }

    #[test]
    fn whoever_follows_the_hints_is_done() {
        let (mut guide, mut hint, mut pictures) = (Guide::default(), Hint::Turn { pose: Pose::Ahead }, Vec::new());
        for i in 0..200 {
            let pose = if let Hint::Turn { pose } = hint { pose } else { ORDER[guide.taken().min(6)] };
            let (take, next) = guide.frame(Duration::from_millis(100 * i), Some(held(pose)));
            if take {
                pictures.push(pose);
            }
            hint = next;
        }
        assert_eq!((pictures, hint), (ORDER.to_vec(), Hint::Done));
        const { assert!(Guide::PICTURES >= 5) };
    }

    #[test]
    fn a_camera_that_stands_low_is_no_trouble() {
        let mut guide = Guide::default();
        let low = |r: Reading| Reading { bearing: Bearing { pitch_deg: r.bearing.pitch_deg - 14.0, ..r.bearing }, ..r };
        for i in 0..200 {
            let pose = ORDER[guide.taken().min(ORDER.len() - 1)];
            guide.frame(Duration::from_millis(100 * i), Some(low(held(pose))));
        }
        assert_eq!(guide.taken(), ORDER.len());
    }

    #[test]
    fn a_head_that_never_turns_is_never_done() {
        let mut guide = Guide::default();
        for i in 0..600 {
            guide.frame(Duration::from_millis(100 * i), Some(held(Pose::Ahead)));
        }
        assert_eq!(guide.taken(), 1);
    }

    #[test]
    fn what_is_wrong_is_said_and_nothing_taken() {
        let good = reading(0.0, 0.0);
        let cases = [
            (None, Hint::NobodyThere),
            (Some(Reading { faces: 2, ..good }), Hint::OnePersonOnly),
            (Some(Reading { width: 0.05, ..good }), Hint::ComeCloser),
            (Some(Reading { width: 0.9, ..good }), Hint::MoveBack),
            (Some(Reading { light: 0.05, ..good }), Hint::MoreLight),
            (Some(Reading { light: 0.99, ..good }), Hint::LessLight),
            (Some(reading(40.0, 0.0)), Hint::Turn { pose: Pose::Ahead }),
            (Some(Reading { sharp: false, ..good }), Hint::KeepStill),
        ];
        for (shown, hint) in cases {
            let mut guide = Guide::default();
            for i in 0..5 {
                assert_eq!(guide.frame(Duration::from_secs(i), shown), (false, hint));
            }
        }
    }
}
