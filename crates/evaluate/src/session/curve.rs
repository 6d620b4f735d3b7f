use super::{Figures, Rate, Sessions};
use crate::{EvaluateError, Recogniser};
use std::io::Write;
use stillyou_trust::{Odds, Policy};

/// What a step-up threshold leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The threshold, as `log O` in nats.
    pub step_up_nats: f64,
    /// What was measured with it.
    pub figures: Figures,
}

impl<R: Recogniser> Sessions<'_, R> {
    /// The trade-off between false alarms and speed: the policy with its step-up threshold moved from a quarter of a nat
    /// to 12 nats above its floor.
    ///
    /// # Errors
    /// As [`Sessions::play`].
    pub fn curve(&mut self, policy: &Policy, overlap: f64) -> Result<Vec<Point>, EvaluateError> {
        let quarters = (1..=12).chain((14..=24).step_by(2)).chain((28..=48).step_by(4));
        let mut points = Vec::new();
        for quarter in quarters {
            let step_up_nats = policy.score.floor_odds.log().0 + f64::from(quarter) / 4.0;
            let mut moved = policy.clone();
            if let Some(odds) = Odds::new(step_up_nats.exp(), 1.0) {
                moved.score.step_up_odds = odds;
                points.push(Point { step_up_nats, figures: self.play(&moved, overlap)? });
            }
        }
        Ok(points)
    }
}

/// Writes a curve as CSV; each rate with the ends of its 95 % interval, what is infinite as `inf`.
///
/// # Errors
/// When `to` can't be written.
pub fn write_curve(points: &[Point], to: impl Write) -> Result<(), EvaluateError> {
    let mut csv = csv::Writer::from_writer(to);
    let rates = |f: &Figures| -> [(&'static str, Rate); 5] {
        [
            ("false_stepups_per_8h", f.false_stepups_per_8h),
            ("stepup_keystrokes_median", f.stepup_keystrokes_median),
            ("stepup_keystrokes_p95", f.stepup_keystrokes_p95),
            ("lock_keystrokes_median", f.lock_keystrokes_median),
            ("never_detected", f.never_detected),
        ]
    };
    let Some(first) = points.first() else { return Ok(()) };
    let mut header = vec!["step_up_nats".to_owned(), "false_stepups_per_8h_upper_80".to_owned()];
    for (name, _) in rates(&first.figures) {
        header.extend([name.to_owned(), format!("{name}_low"), format!("{name}_high")]);
    }
    csv.write_record(&header)?;
    for point in points {
        let mut row = vec![point.step_up_nats.to_string(), point.figures.false_stepups_upper_80.to_string()];
        for (_, Rate { value, interval: (low, high) }) in rates(&point.figures) {
            row.extend([value.to_string(), low.to_string(), high.to_string()]);
        }
        csv.write_record(&row)?;
    }
    csv.flush().map_err(|e| EvaluateError::Scores(e.into()))
}
