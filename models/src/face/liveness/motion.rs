use crate::face::bearing::Bearing;
use std::collections::VecDeque;
use std::time::Duration;

/// What living faces do unasked: they blink, and their heads sway.
#[derive(Debug, Default)]
pub struct Motion {
    recent: VecDeque<Bearing>,
    last_at: Option<Duration>,
    watched: Duration,
    closed: bool,
    blinks: u32,
}

/// Bearings that are compared: three seconds at ten frames a second.
const KEPT: usize = 30;
/// The least to tell stillness from.
const LEAST: usize = 8;
/// Frames further apart than this may have a blink between them, so the time between them is not watched time.
const LARGEST_GAP: Duration = Duration::from_millis(200);
/// Below this share of their usual opening eyes are closed, over the other open again.
const CLOSED: f32 = 0.6;
const OPEN: f32 = 0.8;

impl Motion {
    /// Takes the bearing of the same face at `at`.
    pub fn push(&mut self, at: Duration, bearing: Bearing) {
        if let Some(last) = self.last_at {
            let gap = at.saturating_sub(last);
            if gap <= LARGEST_GAP {
                self.watched += gap;
            } else {
                self.closed = false;
            }
        }
        self.last_at = Some(at);
        if let Some(usual) = self.usual_opening() {
            if bearing.eyes_open < CLOSED * usual {
                self.closed = true;
            } else if self.closed && bearing.eyes_open > OPEN * usual {
                self.closed = false;
                self.blinks += 1;
            }
        }
        self.recent.push_back(bearing);
        if self.recent.len() > KEPT {
            self.recent.pop_front();
        }
    }

    /// A new look begins: what is between it and the last was not watched. Blinks and watched time add up.
    pub fn settle(&mut self) {
        self.recent.clear();
        self.last_at = None;
        self.closed = false;
    }

    /// Blinks seen, in the time watched closely enough to see one.
    pub fn blinks(&self) -> (u32, Duration) {
        (self.blinks, self.watched)
    }

    /// How much the head sways: the larger standard deviation of its turn and nod in this look, in degrees, without its
    /// slow drift. Nothing after too few frames.
    pub fn sway_deg(&self) -> Option<f64> {
        if self.recent.len() < LEAST {
            return None;
        }
        Some(wobble(self.recent.iter().map(|b| b.yaw_deg)).max(wobble(self.recent.iter().map(|b| b.pitch_deg))))
    }

    fn usual_opening(&self) -> Option<f32> {
        let mut openings: Vec<f32> = self.recent.iter().map(|b| b.eyes_open).collect();
        openings.sort_by(f32::total_cmp);
        (openings.len() >= 3).then(|| openings[openings.len() / 2])
    }
}

/// Standard deviation around the straight line of least squares through equally spaced values.
fn wobble(values: impl Iterator<Item = f32>) -> f64 {
    let values: Vec<f64> = values.map(f64::from).collect();
    let n = values.len() as f64;
    let (mean_i, mean) = ((n - 1.0) / 2.0, values.iter().sum::<f64>() / n);
    let (mut covariance, mut variance_i, mut variance) = (0.0, 0.0, 0.0);
    for (i, value) in values.iter().enumerate() {
        let (di, dv) = (i as f64 - mean_i, value - mean);
        covariance += di * dv;
        variance_i += di * di;
        variance += dv * dv;
    }
    let explained = if variance_i > 0.0 { covariance * covariance / variance_i } else { 0.0 };
    ((variance - explained).max(0.0) / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN_EYES: Bearing = Bearing { yaw_deg: 1.0, pitch_deg: -2.0, eyes_open: 0.3 };

    /// One frame every 100 ms.
    fn watch(motion: &mut Motion, from: u32, bearings: impl IntoIterator<Item = Bearing>) -> u32 {
        let mut at = from;
        for bearing in bearings {
            motion.push(Duration::from_millis(100) * at, bearing);
            at += 1;
        }
        at
    }

    #[test]
    fn blinks_are_counted_in_the_time_that_was_watched() {
        let shut = Bearing { eyes_open: 0.1, ..OPEN_EYES };
        let mut motion = Motion::default();
        let blink = [vec![OPEN_EYES; 10], vec![shut; 2], vec![OPEN_EYES; 9]].concat();
        let at = watch(&mut motion, 0, blink.clone());
        assert_eq!(motion.blinks(), (1, Duration::from_secs(2)));
        motion.settle();
        watch(&mut motion, at + 600, blink);
        assert_eq!(motion.blinks(), (2, Duration::from_secs(4)), "the minute between two looks was not watched");
    }

    #[test]
    fn a_picture_neither_blinks_nor_sways() {
        let mut motion = Motion::default();
        watch(&mut motion, 0, vec![OPEN_EYES; 20]);
        assert_eq!((motion.blinks().0, motion.sway_deg()), (0, Some(0.0)));
        let mut living = Motion::default();
        watch(&mut living, 0, (0..20).map(|i| Bearing { yaw_deg: (i as f32).sin(), ..OPEN_EYES }));
        assert!(living.sway_deg().unwrap() > 0.5);
    }

    #[test]
    fn a_slow_even_drift_is_no_sway_and_few_frames_say_nothing() {
        let mut motion = Motion::default();
        watch(&mut motion, 0, (0..20).map(|i| Bearing { yaw_deg: 0.5 * i as f32, ..OPEN_EYES }));
        assert!(motion.sway_deg().unwrap() < 1e-3);
        let mut short = Motion::default();
        watch(&mut short, 0, vec![OPEN_EYES; 7]);
        assert_eq!(short.sway_deg(), None);
    }
}
