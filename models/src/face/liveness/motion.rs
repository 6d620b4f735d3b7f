use crate::face::bearing::Bearing;
use std::collections::VecDeque;
use std::time::Duration;

/// What living faces do unasked: they blink, and their heads sway.
#[derive(Debug, Default)]
pub struct Motion {
    recent: VecDeque<Bearing>,
    last_at: Option<Duration>,
    /// How long frames have followed closely on one another.
    unbroken: Duration,
    closed: bool,
    without_blink: Duration,
}

/// Bearings that are compared: three seconds at ten frames a second.
const KEPT: usize = 30;
/// The least to tell stillness from.
const LEAST: usize = 8;
/// Frames further apart than this may have a blink between them, so the time between them is not watched time.
const LARGEST_GAP: Duration = Duration::from_millis(200);
/// A blink takes no longer. Whoever has watched for less can't have seen the whole of one that ends now.
const BLINK: Duration = Duration::from_millis(500);
/// Below this share of their usual opening eyes are closed, over the other open again.
const CLOSED: f32 = 0.6;
const OPEN: f32 = 0.8;

impl Motion {
    /// Takes the bearing of the same face at `at`.
    pub fn push(&mut self, at: Duration, bearing: Bearing) {
        let gap = self.last_at.map(|last| at.saturating_sub(last));
        self.last_at = Some(at);
        match gap.filter(|gap| *gap <= LARGEST_GAP) {
            Some(gap) => {
                let unseen = BLINK.saturating_sub(self.unbroken);
                self.without_blink += gap.saturating_sub(unseen);
                self.unbroken += gap;
            }
            None => {
                self.unbroken = Duration::ZERO;
                self.closed = false;
            }
        }
        if let Some(usual) = self.usual_opening() {
            if bearing.eyes_open < CLOSED * usual {
                self.closed = true;
            } else if self.closed && bearing.eyes_open > OPEN * usual {
                self.closed = false;
                self.without_blink = Duration::ZERO;
            }
        }
        self.recent.push_back(bearing);
        if self.recent.len() > KEPT {
            self.recent.pop_front();
        }
    }

    /// A new look begins: what is between it and the last was not watched. The time without a blink goes on.
    pub fn settle(&mut self) {
        self.recent.clear();
        self.last_at = None;
    }

    /// How long eyes were watched closely enough to see a blink, since the last one.
    pub fn without_blink(&self) -> Duration {
        self.without_blink
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
    fn time_without_a_blink_is_that_in_which_one_could_be_seen_and_ends_with_each() {
        let shut = Bearing { eyes_open: 0.1, ..OPEN_EYES };
        let without = |motion: &Motion| motion.without_blink().as_millis();
        let mut motion = Motion::default();
        let at = watch(&mut motion, 0, vec![OPEN_EYES; 16]);
        assert_eq!(without(&motion), 1000, "a second and a half, of which the first half shows no whole blink");
        motion.settle();
        let at = watch(&mut motion, at, vec![OPEN_EYES; 16]);
        assert_eq!(without(&motion), 2000, "each look begins anew, and adds to those before");
        let at = watch(&mut motion, at + 600, vec![OPEN_EYES; 5]);
        assert_eq!(without(&motion), 2000, "the minute was not watched, and 0.4 s show no whole blink");
        let at = watch(&mut motion, at, [vec![shut; 2], vec![OPEN_EYES; 8]].concat());
        assert_eq!(without(&motion), 700, "since it ended");
        watch(&mut motion, at, [vec![shut; 2], vec![OPEN_EYES]].concat());
        assert_eq!(without(&motion), 0, "and since the next, however many there were");
    }

    #[test]
    fn a_picture_neither_blinks_nor_sways() {
        let mut motion = Motion::default();
        watch(&mut motion, 0, vec![OPEN_EYES; 20]);
        assert_eq!((motion.without_blink().as_millis(), motion.sway_deg()), (1400, Some(0.0)));
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
