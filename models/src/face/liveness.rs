//! Is a living face in front of the camera, or a picture of one? Cues over time that can only lower what a face says.

mod motion;
mod plane;

pub use motion::Motion;
pub use plane::{Grey, Place, Plane};

use super::bearing::Bearing;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::Duration;

/// Watches for presentation attacks over the frames of a look, and over looks.
#[derive(Debug, Default)]
pub struct Liveness {
    frames: u32,
    repeated: u32,
    plane: Plane,
    motion: Motion,
    /// What the passive nets said of the last frames: probability that it is no attack.
    passive: VecDeque<f64>,
}

/// One frame of one face.
pub struct Glimpse {
    /// When, on a clock that never runs back.
    pub at: Duration,
    /// Whether its bytes were there before: a sensor's noise never comes twice.
    pub repeated: bool,
    /// Its brightness.
    pub grey: Grey,
    /// Where the face is.
    pub place: Place,
    /// Where it looks.
    pub bearing: Bearing,
    /// What the passive nets say: probability that it is no attack, 0 to 1; `None` without the nets.
    pub passive: Option<f64>,
}

/// Something that speaks for a presentation attack, or the lack of what speaks against one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "cue", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cue {
    /// The passive nets take it for a picture or a screen.
    LooksLikeAnAttack {
        /// The mean probability that it is none.
        real: f64,
    },
    /// Frames came that had been there before.
    Repeats {
        /// Their share.
        share: f64,
    },
    /// The background goes along with the face.
    MovesAsOnePlane {
        /// How far, 0 to 1.
        share: f64,
    },
    /// The head does not sway at all.
    KeepsStill {
        /// What there was, in degrees.
        sway_deg: f64,
    },
    /// Nobody keeps their eyes open for so long.
    NeverBlinks {
        /// Seconds watched since the last blink.
        seconds: f64,
    },
}

/// Frames whose passive verdicts are averaged.
const PASSIVE: usize = 10;
/// Below this mean of the passive nets a face counts for nothing, over the other for all that it says.
const ATTACK_BELOW: f64 = 0.3;
const REAL_OVER: f64 = 0.7;
/// Share of known frames from which it is a recording.
const REPEATS: f64 = 0.2;
/// From here on face and background are one plane.
const PLANE: f64 = 0.6;
/// Sway below this is no living head's.
const STILL_DEG: f64 = 0.05;
/// People blink 10 to 20 times a minute, at a screen 4 to 8 times; a minute without is rare.
const NO_BLINK: Duration = Duration::from_secs(60);

impl Liveness {
    /// Takes the next frame of a look.
    pub fn push(&mut self, glimpse: Glimpse) {
        self.frames += 1;
        self.repeated += u32::from(glimpse.repeated);
        self.plane.push(glimpse.grey, glimpse.place);
        self.motion.push(glimpse.at, glimpse.bearing);
        if let Some(real) = glimpse.passive {
            self.passive.push_back(real);
            if self.passive.len() > PASSIVE {
                self.passive.pop_front();
            }
        }
    }

    /// A look is over: nothing of its pictures is left. The time without a blink goes on.
    pub fn settle(&mut self) {
        (self.frames, self.repeated) = (0, 0);
        self.plane.settle();
        self.motion.settle();
        self.passive.clear();
    }

    /// Whether passive nets spoke in this look.
    pub fn has_passive(&self) -> bool {
        !self.passive.is_empty()
    }

    /// What speaks against a living face in this look.
    pub fn cues(&self) -> Vec<Cue> {
        let mut cues = Vec::new();
        if let Some(real) = self.real().filter(|real| *real < REAL_OVER) {
            cues.push(Cue::LooksLikeAnAttack { real });
        }
        let share = f64::from(self.repeated) / f64::from(self.frames.max(1));
        if share >= REPEATS {
            cues.push(Cue::Repeats { share });
        }
        if let Some(share) = self.plane.share().filter(|share| *share >= PLANE) {
            cues.push(Cue::MovesAsOnePlane { share });
        }
        if let Some(sway_deg) = self.motion.sway_deg().filter(|sway| *sway < STILL_DEG) {
            cues.push(Cue::KeepsStill { sway_deg });
        }
        let without_blink = self.motion.without_blink();
        if without_blink >= NO_BLINK {
            cues.push(Cue::NeverBlinks { seconds: without_blink.as_secs_f64() });
        }
        cues
    }

    fn real(&self) -> Option<f64> {
        self.has_passive().then(|| self.passive.iter().sum::<f64>() / self.passive.len() as f64)
    }
}

impl Cue {
    /// By how much it lowers what speaks for the owner: 1 not at all, 0 to nothing. Those of several cues multiply.
    pub fn factor(&self) -> f64 {
        match self {
            Cue::LooksLikeAnAttack { real } => ((real - ATTACK_BELOW) / (REAL_OVER - ATTACK_BELOW)).clamp(0.0, 1.0),
            Cue::Repeats { .. } => 0.0,
            // A camera that is carried around shows it too.
            Cue::MovesAsOnePlane { .. } => 0.25,
            Cue::KeepsStill { .. } => 0.0,
            Cue::NeverBlinks { .. } => 0.25,
        }
    }

    /// What a person is told of it.
    pub fn words(&self) -> &'static str {
        match self {
            Cue::LooksLikeAnAttack { .. } => "looks like a picture or a screen",
            Cue::Repeats { .. } => "frames that were there before",
            Cue::MovesAsOnePlane { .. } => "face and background move as one",
            Cue::KeepsStill { .. } => "a head that keeps perfectly still",
            Cue::NeverBlinks { .. } => "eyes that never blink",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_sense::Micros;
    use stillyou_sense::camera::Frame;

    /// Frames ten times a second of a head that sways, or not.
    fn look(liveness: &mut Liveness, frames: u64, sways: bool, passive: Option<f64>, repeated: impl Fn(u64) -> bool) {
        for i in 0..frames {
            let yaw_deg = if sways { (i as f32).sin() } else { 0.0 };
            liveness.push(Glimpse {
                at: Duration::from_millis(100 * i),
                repeated: repeated(i),
                grey: Grey::of(&Frame::new(64, 64, vec![0; 3 * 64 * 64], Micros(0)).unwrap()),
                place: Place { x: 32.0, y: 32.0, radius: 10.0 },
                bearing: Bearing { yaw_deg, pitch_deg: 0.0, eyes_open: 0.3 },
                passive,
            });
        }
    }

    fn factor(liveness: &Liveness) -> f64 {
        liveness.cues().iter().map(Cue::factor).product()
    }

    #[test]
    fn a_living_face_keeps_all_that_it_says() {
        let mut liveness = Liveness::default();
        look(&mut liveness, 20, true, Some(0.95), |_| false);
        assert_eq!((liveness.cues(), factor(&liveness)), (vec![], 1.0));
    }

    #[test]
    fn each_cue_lowers_and_none_raises() {
        let cases: [(bool, Option<f64>, bool); 3] =
            [(true, Some(0.1), false), (false, Some(0.95), false), (true, None, true)];
        for (sways, passive, repeated) in cases {
            let mut liveness = Liveness::default();
            look(&mut liveness, 20, sways, passive, |_| repeated);
            assert_eq!(liveness.cues().len(), 1, "{:?}", liveness.cues());
            assert_eq!(factor(&liveness), 0.0);
        }
        for real in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
            assert!((0.0..=1.0).contains(&Cue::LooksLikeAnAttack { real }.factor()));
        }
    }

    #[test]
    fn whoever_never_blinks_over_many_looks_is_doubted() {
        let mut liveness = Liveness::default();
        for _ in 0..40 {
            look(&mut liveness, 22, true, None, |_| false);
            liveness.settle();
        }
        assert!(
            matches!(liveness.cues()[..], [Cue::NeverBlinks { seconds }] if (60.0..70.0).contains(&seconds)),
            "{:?}",
            liveness.cues()
        );
    }

    #[test]
    fn looks_too_short_to_show_a_blink_are_not_held_against_anybody() {
        let mut liveness = Liveness::default();
        for _ in 0..1000 {
            look(&mut liveness, 5, true, None, |_| false);
            liveness.settle();
        }
        assert_eq!(liveness.cues(), []);
    }

    #[test]
    fn no_picture_is_kept_once_a_look_is_over() {
        let mut liveness = Liveness::default();
        look(&mut liveness, 2, true, None, |_| false);
        assert!(liveness.plane.keeps_a_picture());
        liveness.settle();
        assert!(!liveness.plane.keeps_a_picture());
    }

    #[test]
    fn what_one_look_showed_is_not_held_against_the_next() {
        let mut liveness = Liveness::default();
        look(&mut liveness, 20, false, Some(0.1), |_| true);
        assert_eq!(liveness.cues().len(), 3);
        liveness.settle();
        assert_eq!(liveness.cues(), []);
    }
}
