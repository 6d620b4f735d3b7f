use super::bearing::Bearing;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// A live check: the person does, in an order drawn anew each time, what a picture or a recording does not.
///
/// Pure: frames come with their time on a clock that never runs back. Whoever fails may begin another; how often is the
/// factor's rate limit to say.
#[derive(Clone, Debug)]
pub struct Challenge {
    acts: Vec<Act>,
    act_time: Duration,
    done: usize,
    stage: Stage,
    act_began: Duration,
    seen_at: Duration,
    strangers: u32,
}

/// What the person is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Close the eyes shortly.
    Blink,
    /// Turn the head to the person's own left.
    TurnLeft,
    /// Turn the head to the person's own right.
    TurnRight,
    /// Look up.
    LookUp,
}

/// What one frame showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shown {
    /// No usable face.
    Nobody,
    /// More than one face.
    Several,
    /// One face.
    Face {
        /// Where it looks and whether its eyes are open.
        bearing: Bearing,
        /// Whether it is the enrolled one; `None` where this frame can't tell, as when the head is turned.
        owner: Option<bool>,
    },
}

/// How far the check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "Check"))]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Progress {
    /// The person should look straight at the camera.
    LookAhead {
        /// Acts still to come.
        left: usize,
    },
    /// The person should do this.
    Do {
        /// What.
        act: Act,
        /// Acts still to come, this one included.
        left: usize,
    },
    /// Everything was done by the owner.
    Passed,
    /// It was not.
    Failed {
        /// Why.
        why: Failure,
    },
}

/// Why a live check failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "CheckFailure"))]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// Too slow.
    #[error("it took too long")]
    TimeOver,
    /// Something else was done than what was asked for.
    #[error("something else was done than what was asked for")]
    WrongAct,
    /// The face was lost: what came after it may be another one.
    #[error("the face was out of sight")]
    FaceLost,
    /// There was more than one face.
    #[error("there was more than one face")]
    Several,
    /// The face is not the enrolled one.
    #[error("the face is not the enrolled one")]
    SomebodyElse,
    /// It looks like a picture, a screen or a recording.
    #[error("it looks like a picture or a recording")]
    Picture,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    /// Waiting for a straight look, by which turns are measured.
    Ahead,
    /// Waiting for the act.
    Acting {
        /// The straight look before it.
        from: Bearing,
        /// When the eyes closed.
        closed_at: Option<Duration>,
    },
    Over(Progress),
}

/// Acts of one check.
const ACTS: usize = 3;
/// For so long a face may be out of sight; a blink of the detector, not of a person.
const LOST: Duration = Duration::from_millis(700);
/// Degrees of a turn that count as one.
const TURN_DEG: f32 = 14.0;
/// Degrees of looking up that count.
const UP_DEG: f32 = 8.0;
/// Degrees within which the head looks straight ahead.
pub const AHEAD_DEG: f32 = 12.0;
/// Below this share of their opening in the straight look, eyes are closed.
const CLOSED: f32 = 0.55;
/// Eyes that stay closed for longer have not blinked.
const BLINK: Duration = Duration::from_millis(1200);
/// Frames in a row of another face before that counts.
const STRANGERS: u32 = 3;

impl Challenge {
    /// A check that begins at `at`, its order drawn by `seed`, with `act_time` for each act and the straight look before it.
    pub fn draw(seed: u64, at: Duration, act_time: Duration) -> Self {
        const ALL: [Act; 4] = [Act::Blink, Act::TurnLeft, Act::TurnRight, Act::LookUp];
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut acts: Vec<Act> = Vec::with_capacity(ACTS);
        while acts.len() < ACTS {
            let act = ALL[chance.random_range(0..ALL.len())];
            if acts.last() != Some(&act) {
                acts.push(act);
            }
        }
        // A sequence without a turn could be a recording of a talk.
        if !acts.iter().any(|a| matches!(a, Act::TurnLeft | Act::TurnRight)) {
            acts[1] = if chance.random::<bool>() { Act::TurnLeft } else { Act::TurnRight };
        }
        Self { acts, act_time, done: 0, stage: Stage::Ahead, act_began: at, seen_at: at, strangers: 0 }
    }

    /// Takes a frame seen at `at`.
    pub fn frame(&mut self, at: Duration, shown: Shown) -> Progress {
        if let Stage::Over(end) = self.stage {
            return end;
        }
        if at.saturating_sub(self.act_began) > self.act_time {
            return self.over(Progress::Failed { why: Failure::TimeOver });
        }
        match shown {
            Shown::Several => self.over(Progress::Failed { why: Failure::Several }),
            Shown::Nobody if at.saturating_sub(self.seen_at) > LOST && self.has_begun() => {
                self.over(Progress::Failed { why: Failure::FaceLost })
            }
            Shown::Nobody => self.progress(),
            Shown::Face { bearing, owner } => {
                self.seen_at = at;
                self.face(at, bearing, owner)
            }
        }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let left = self.acts.len() - self.done;
        match self.stage {
            Stage::Over(end) => end,
            Stage::Ahead => Progress::LookAhead { left },
            Stage::Acting { .. } => {
                self.acts.get(self.done).map_or(Progress::Passed, |act| Progress::Do { act: *act, left })
            }
        }
    }

    fn face(&mut self, at: Duration, bearing: Bearing, owner: Option<bool>) -> Progress {
        match owner {
            Some(true) => self.strangers = 0,
            Some(false) => self.strangers += 1,
            None => {}
        }
        if self.strangers >= STRANGERS {
            return self.over(Progress::Failed { why: Failure::SomebodyElse });
        }
        match self.stage {
            Stage::Over(end) => return end,
            Stage::Ahead if bearing.is_ahead(AHEAD_DEG) && owner == Some(true) => {
                if self.done == self.acts.len() {
                    return self.over(Progress::Passed);
                }
                self.stage = Stage::Acting { from: bearing, closed_at: None };
            }
            Stage::Ahead => {}
            Stage::Acting { from, closed_at } => self.act(at, bearing, from, closed_at),
        }
        self.progress()
    }

    /// Each act ends with a straight look at the camera, the last one as well: there the face is known again.
    fn act(&mut self, at: Duration, bearing: Bearing, from: Bearing, closed_at: Option<Duration>) {
        let Some(wanted) = self.acts.get(self.done).copied() else { return };
        let (yaw, pitch) = (bearing.yaw_deg - from.yaw_deg, bearing.pitch_deg - from.pitch_deg);
        let closed = bearing.eyes_open < CLOSED * from.eyes_open;
        let blinked = !closed && closed_at.is_some_and(|since| at.saturating_sub(since) <= BLINK);
        let did = if yaw >= TURN_DEG {
            Some(Act::TurnLeft)
        } else if yaw <= -TURN_DEG {
            Some(Act::TurnRight)
        } else if pitch >= UP_DEG {
            Some(Act::LookUp)
        } else if blinked && bearing.is_ahead(AHEAD_DEG) {
            Some(Act::Blink)
        } else {
            None
        };
        match did {
            Some(act) if act == wanted => {
                self.done += 1;
                self.act_began = at;
                self.stage = Stage::Ahead;
            }
            // People blink, and nod, unasked.
            Some(Act::TurnLeft | Act::TurnRight) => {
                self.over(Progress::Failed { why: Failure::WrongAct });
            }
            Some(Act::Blink | Act::LookUp) | None => {
                let closed_at = closed.then(|| closed_at.unwrap_or(at));
                self.stage = Stage::Acting { from, closed_at };
            }
        }
    }

    fn has_begun(&self) -> bool {
        self.done > 0 || matches!(self.stage, Stage::Acting { .. })
    }

    fn over(&mut self, end: Progress) -> Progress {
        self.stage = Stage::Over(end);
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AHEAD: Bearing = Bearing { yaw_deg: 2.0, pitch_deg: -3.0, eyes_open: 0.3 };

    fn draw(seed: u64) -> Challenge {
        Challenge::draw(seed, Duration::ZERO, Duration::from_secs(7))
    }

    fn face(bearing: Bearing) -> Shown {
        Shown::Face { bearing, owner: bearing.is_ahead(AHEAD_DEG).then_some(true) }
    }

    /// Frames of somebody who does `act` and looks ahead again.
    fn done(act: Act) -> Vec<Shown> {
        let moved = match act {
            Act::Blink => Bearing { eyes_open: 0.08, ..AHEAD },
            Act::TurnLeft => Bearing { yaw_deg: 30.0, ..AHEAD },
            Act::TurnRight => Bearing { yaw_deg: -30.0, ..AHEAD },
            Act::LookUp => Bearing { pitch_deg: 14.0, ..AHEAD },
        };
        [AHEAD, AHEAD, moved, AHEAD, AHEAD].map(face).to_vec()
    }

    /// Ten frames a second.
    fn run(challenge: &mut Challenge, frames: impl IntoIterator<Item = Shown>, mut at_ms: u64) -> (Progress, u64) {
        for shown in frames {
            at_ms += 100;
            challenge.frame(Duration::from_millis(at_ms), shown);
        }
        (challenge.progress(), at_ms)
    }

    fn whole(seed: u64) -> Progress {
        let mut challenge = draw(seed);
        let mut at = 0;
        for act in challenge.acts.clone() {
            (_, at) = run(&mut challenge, done(act), at);
        }
        challenge.progress()
    }

    #[test]
    fn whoever_does_what_is_asked_for_passes() {
        for seed in 0..200 {
            assert_eq!(whole(seed), Progress::Passed, "seed {seed}");
        }
    }

    #[test]
    fn the_order_can_not_be_known_before_and_has_a_turn() {
        let orders: std::collections::HashSet<Vec<Act>> = (0..500).map(|seed| draw(seed).acts).collect();
        assert!(orders.len() > 20, "{}", orders.len());
        assert!(orders.iter().all(|o| o.iter().any(|a| matches!(a, Act::TurnLeft | Act::TurnRight))));
    }

    #[test]
    fn a_recording_of_another_check_fails() {
        let mut passed = 0;
        for seed in 0..200 {
            let recorded = draw(seed + 1_000).acts;
            let mut challenge = draw(seed);
            let same = challenge.acts == recorded;
            let frames: Vec<Shown> = recorded.into_iter().flat_map(done).collect();
            let (end, _) = run(&mut challenge, frames, 0);
            passed += u32::from(end == Progress::Passed);
            assert_eq!(end == Progress::Passed, same, "seed {seed}");
        }
        assert!(passed < 20, "{passed}");
    }

    #[test]
    fn a_picture_runs_out_of_time() {
        let mut challenge = draw(3);
        let (end, _) = run(&mut challenge, vec![face(AHEAD); 80], 0);
        assert_eq!(end, Progress::Failed { why: Failure::TimeOver });
    }

    #[test]
    fn a_face_out_of_sight_a_second_one_and_another_one_fail() {
        let stranger = Shown::Face { bearing: AHEAD, owner: Some(false) };
        let cases = [
            (vec![Shown::Nobody; 8], Failure::FaceLost),
            (vec![Shown::Several], Failure::Several),
            (vec![stranger; 3], Failure::SomebodyElse),
        ];
        for (then, why) in cases {
            let mut challenge = draw(5);
            let (_, at) = run(&mut challenge, [face(AHEAD); 2], 0);
            let (end, at) = run(&mut challenge, then, at);
            assert_eq!(end, Progress::Failed { why });
            assert_eq!(run(&mut challenge, done(Act::Blink), at).0, end, "what is over stays over");
        }
    }

    #[test]
    fn whoever_can_not_be_known_never_passes() {
        for owner in [None, Some(false)] {
            let mut challenge = draw(5);
            let (end, _) = run(&mut challenge, vec![Shown::Face { bearing: AHEAD, owner }; 100], 0);
            assert!(matches!(end, Progress::Failed { .. }), "{end:?}");
        }
    }

    #[test]
    fn eyes_that_stay_closed_have_not_blinked() {
        let blinks = (0..).find(|s| draw(*s).acts[0] == Act::Blink).unwrap_or_default();
        let mut challenge = draw(blinks);
        let shut = face(Bearing { eyes_open: 0.05, ..AHEAD });
        let frames = [vec![face(AHEAD); 2], vec![shut; 20], vec![face(AHEAD); 3]].concat();
        assert!(matches!(run(&mut challenge, frames, 0).0, Progress::Do { act: Act::Blink, left: 3 }));
    }
}
