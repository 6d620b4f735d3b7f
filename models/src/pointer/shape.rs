use std::ops::RangeInclusive;
use zeroize::Zeroize;

/// A place of the pointer.
#[derive(Clone, Copy, Debug, Zeroize)]
pub(crate) struct Point {
    pub at_us: i64,
    pub x: i32,
    pub y: i32,
}

/// What is measured of a stroke. Times, ways, speeds and accelerations are natural logarithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
#[allow(dead_code, reason = "those between the first and the last of a curve are reached by counting")]
pub(crate) enum Feature {
    // Rhythm: since the stroke before; of the wheel, per notch and notches.
    Pause,
    WheelGap,
    WheelRun,
    // Clicks: from the last move to the press; from press to release.
    Settle,
    Hold,
    DragHold,
    // How fast: seconds, pixels, pixels a second; `Against…`: what is left beside the distance (Fitts 1954).
    Duration,
    Length,
    Distance,
    MeanSpeed,
    PeakSpeed,
    DurationAgainstDistance,
    SpeedAgainstDistance,
    // How the speed changes: see `speed_profile`.
    PeakOverMean,
    PeakAt,
    Acceleration,
    Braking,
    Accelerating,
    Jerk,
    RelativeJerk,
    Peaks,
    PeakRate,
    Slow,
    Still,
    Start,
    End,
    Speed0,
    Speed1,
    Speed2,
    Speed3,
    Speed4,
    Speed5,
    Speed6,
    Speed7,
    Way10,
    Way25,
    Way50,
    Way75,
    Way90,
    // The path: see `path_form`.
    Straightness,
    Turning,
    TurnsRight,
    Curvature,
    Deviation,
    DeviatesRight,
    Overshoot,
    Right,
    Down,
    Horizontal,
    Diagonal,
}

/// What an explanation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Rhythm,
    Clicks,
    Speed,
    Changes,
    Path,
}

impl Feature {
    pub const COUNT: usize = Feature::Diagonal as usize + 1;

    /// The group of the feature at a place.
    pub fn group(at: usize) -> Group {
        match at {
            _ if at <= Feature::WheelRun as usize => Group::Rhythm,
            _ if at <= Feature::DragHold as usize => Group::Clicks,
            _ if at <= Feature::SpeedAgainstDistance as usize => Group::Speed,
            _ if at <= Feature::Way90 as usize => Group::Changes,
            _ => Group::Path,
        }
    }
}

impl Group {
    pub const ALL: [Group; 5] = [Group::Rhythm, Group::Clicks, Group::Speed, Group::Changes, Group::Path];

    /// The words shown to a person.
    pub fn name(self) -> &'static str {
        match self {
            Group::Rhythm => "pauses between movements",
            Group::Clicks => "how clicks are made",
            Group::Speed => "speed of the pointer",
            Group::Changes => "speeding up and slowing down",
            Group::Path => "curves of the pointer's path",
        }
    }
}

pub(crate) type Values = [f32; Feature::COUNT];

/// A time in seconds on a logarithmic scale, clipped; nothing where there is none.
pub(crate) fn set_log_us(values: &mut Values, feature: Feature, us: Option<i64>, range: RangeInclusive<i64>) {
    if let Some(us) = us {
        let clipped = us.clamp(*range.start(), *range.end());
        set(values, feature, (clipped as f64 / 1e6).ln());
    }
}

/// A run of the wheel of `took_us` with so many notches.
pub(crate) fn of_wheel(values: &mut Values, took_us: i64, notches: u64) {
    set(values, Feature::WheelRun, (notches.clamp(1, 1000) as f64).ln());
    if notches > 1 {
        let gap_us = took_us as f64 / (notches - 1) as f64;
        set(values, Feature::WheelGap, (gap_us.clamp(1e3, 5e5) / 1e6).ln());
    }
}

/// The features of a movement of four places and 30 ms or more; of any other, none.
pub(crate) fn of_path(values: &mut Values, points: &[Point]) {
    let [first, .., last] = points else { return };
    let seconds = (last.at_us.saturating_sub(first.at_us)) as f64 / 1e6;
    if points.len() < 4 || !(0.03..=LONGEST).contains(&seconds) {
        return;
    }
    let even = Even::of(points, seconds);
    let length: f64 = points.windows(2).map(|w| apart(&w[0], &w[1])).sum();
    let distance = apart(first, last);
    how_fast(values, &even, seconds, length, distance);
    speed_profile(values, &even, seconds, length);
    path_form(values, &even, length, distance);
}

/// Longer movements are no single one; in seconds.
const LONGEST: f64 = 30.0;

/// A movement at evenly spaced times, about 16 ms apart whatever the device's own rate, smoothed over three of them.
struct Even {
    step: f64,
    x: Vec<f64>,
    y: Vec<f64>,
    /// From each place to the next, pixels a second.
    vx: Vec<f64>,
    vy: Vec<f64>,
    speed: Vec<f64>,
    peak: f64,
}

impl Even {
    fn of(points: &[Point], seconds: f64) -> Self {
        let count = ((seconds / 0.016) as usize + 1).max(5);
        let step = seconds / (count - 1) as f64;
        let start = points[0].at_us;
        let (mut x, mut y) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut at = 0;
        for i in 0..count {
            let t = i as f64 * step * 1e6;
            while at + 2 < points.len() && ((points[at + 1].at_us - start) as f64) < t {
                at += 1;
            }
            let (a, b) = (&points[at], &points[at + 1]);
            let (from, to) = ((a.at_us - start) as f64, (b.at_us - start) as f64);
            let part = if to > from { ((t - from) / (to - from)).clamp(0.0, 1.0) } else { 1.0 };
            x.push(f64::from(a.x) + part * f64::from(b.x - a.x));
            y.push(f64::from(a.y) + part * f64::from(b.y - a.y));
        }
        let (x, y) = (smooth(&x), smooth(&y));
        let change = |v: &[f64]| v.windows(2).map(|w| (w[1] - w[0]) / step).collect::<Vec<_>>();
        let (vx, vy) = (change(&x), change(&y));
        let speed: Vec<f64> = vx.iter().zip(&vy).map(|(x, y)| x.hypot(*y)).collect();
        let peak = speed.iter().copied().fold(0.0, f64::max);
        Self { step, x, y, vx, vy, speed, peak }
    }
}

fn smooth(v: &[f64]) -> Vec<f64> {
    let at = |i: usize| v[i.min(v.len() - 1)];
    (0..v.len()).map(|i| 0.25 * at(i.saturating_sub(1)) + 0.5 * v[i] + 0.25 * at(i + 1)).collect()
}

fn how_fast(values: &mut Values, even: &Even, seconds: f64, length: f64, distance: f64) {
    let duration = log(seconds, 0.03, 5.0);
    let peak = log(even.peak, 1.0, 30_000.0);
    set(values, Feature::Duration, duration);
    set(values, Feature::Length, log(length, 2.0, 3000.0));
    set(values, Feature::Distance, log(distance + 1.0, 1.0, 3000.0));
    set(values, Feature::MeanSpeed, log(length / seconds, 1.0, 20_000.0));
    set(values, Feature::PeakSpeed, peak);
    if distance > SOMEWHERE {
        set(values, Feature::DurationAgainstDistance, duration - 0.6 * (distance + 20.0).ln());
        set(values, Feature::SpeedAgainstDistance, peak - 0.8 * (distance + 20.0).ln());
    }
}

/// Nearer places have no direction; in pixels.
const SOMEWHERE: f64 = 5.0;

/// The speed over time, the share of its peak at eight times, where its peak is, its peaks above a tenth of the
/// highest, the shares of time at less than 5 % of it and at less than 5 pixels a second; accelerations in pixels/s²; the
/// root mean square of the jerk, and the same by duration and peak (without unit).
fn speed_profile(values: &mut Values, even: &Even, seconds: f64, length: f64) {
    let (speed, peak) = (&even.speed, even.peak);
    let n = speed.len();
    let change = |v: &[f64]| v.windows(2).map(|w| (w[1] - w[0]) / even.step).collect::<Vec<_>>();
    let acceleration = change(speed);
    let jerk = change(&acceleration);
    let share =
        |which: &dyn Fn(f64) -> bool, of: &[f64]| of.iter().filter(|v| which(**v)).count() as f64 / of.len() as f64;
    let most = |of: &[f64], sign: f64| of.iter().map(|v| v * sign).fold(f64::NEG_INFINITY, f64::max);
    let jerk = (jerk.iter().map(|j| j * j).sum::<f64>() / jerk.len() as f64).sqrt();
    let peaks = speed.windows(3).filter(|w| w[1] > w[0] && w[1] >= w[2] && w[1] > 0.1 * peak).count() as f64;
    let at_peak = speed.iter().position(|v| *v >= peak).unwrap_or(0);
    let average = |of: &[f64]| of.iter().sum::<f64>() / of.len().max(1) as f64;
    let mean = average(speed).max(1.0);
    set(values, Feature::PeakOverMean, log(peak / (length / seconds), 1.0, 30.0));
    set(values, Feature::PeakAt, at_peak as f64 / (n - 1) as f64);
    set(values, Feature::Acceleration, log(most(&acceleration, 1.0), 1.0, 1e6));
    set(values, Feature::Braking, log(most(&acceleration, -1.0), 1.0, 1e6));
    set(values, Feature::Accelerating, share(&|a| a > 0.0, &acceleration));
    set(values, Feature::Jerk, log(jerk, 1.0, 1e8));
    set(values, Feature::RelativeJerk, log(jerk * seconds * seconds / peak.max(1.0), 0.1, 1e5));
    set(values, Feature::Peaks, peaks.ln_1p());
    set(values, Feature::PeakRate, (peaks / seconds).ln_1p());
    set(values, Feature::Slow, share(&|v| v < 0.05 * peak, speed));
    set(values, Feature::Still, share(&|v| v < 5.0, speed));
    set(values, Feature::Start, average(&speed[..(n / 5).max(1)]) / mean);
    set(values, Feature::End, average(&speed[n * 4 / 5..]) / mean);
    for i in 0..8 {
        values[Feature::Speed0 as usize + i] = (at(speed, i as f64 / 7.0) / peak.max(1.0)) as f32;
    }
}

/// What the path looks like beside the straight line from its start to its end: how far it deviates, to which side (right
/// positive), how far it goes beyond the end, how much way is made at five times; how much it turns, by speed; the
/// direction, and the direction without its sense.
fn path_form(values: &mut Values, even: &Even, length: f64, distance: f64) {
    let Even { x, y, vx, vy, speed, .. } = even;
    let (mut weight, mut turn, mut right, mut total) = (1e-9, 0.0, 0.0, 0.0);
    for i in 1..speed.len() {
        let cross = vx[i - 1] * vy[i] - vy[i - 1] * vx[i];
        let angle = cross.atan2(vx[i - 1] * vx[i] + vy[i - 1] * vy[i]);
        let slower = speed[i].min(speed[i - 1]);
        weight += slower;
        turn += slower * angle.abs();
        right += slower * angle;
        total += angle.abs();
    }
    set(values, Feature::Straightness, distance / length.max(1.0));
    set(values, Feature::Turning, log(turn / weight, 1e-3, 3.0));
    set(values, Feature::TurnsRight, (right / weight / 0.05).clamp(-3.0, 3.0));
    set(values, Feature::Curvature, log(total / length.max(1.0), 1e-5, 10.0));
    if distance <= SOMEWHERE {
        return;
    }
    let n = x.len();
    let (dx, dy) = (x[n - 1] - x[0], y[n - 1] - y[0]);
    let straight = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / straight, dy / straight);
    let along: Vec<f64> = x.iter().zip(y).map(|(a, b)| ((a - x[0]) * ux + (b - y[0]) * uy) / straight).collect();
    let aside: Vec<f64> = x.iter().zip(y).map(|(a, b)| ((b - y[0]) * ux - (a - x[0]) * uy) / straight).collect();
    let furthest = aside.iter().map(|a| a.abs()).fold(0.0, f64::max);
    set(values, Feature::Deviation, log(furthest, 1e-3, 5.0));
    set(values, Feature::DeviatesRight, (aside.iter().sum::<f64>() / n as f64 * 5.0).clamp(-3.0, 3.0));
    set(values, Feature::Overshoot, (along.iter().copied().fold(0.0, f64::max) - 1.0).clamp(0.0, 1.0));
    for (i, part) in [0.1, 0.25, 0.5, 0.75, 0.9].into_iter().enumerate() {
        values[Feature::Way10 as usize + i] = at(&along, part).clamp(-0.5, 1.5) as f32;
    }
    set(values, Feature::Right, ux);
    set(values, Feature::Down, uy);
    set(values, Feature::Horizontal, ux * ux - uy * uy);
    set(values, Feature::Diagonal, 2.0 * ux * uy);
}

fn set(values: &mut Values, feature: Feature, value: f64) {
    values[feature as usize] = value as f32;
}

fn log(value: f64, least: f64, most: f64) -> f64 {
    value.clamp(least, most).ln()
}

fn apart(a: &Point, b: &Point) -> f64 {
    f64::from(b.x - a.x).hypot(f64::from(b.y - a.y))
}

/// Values at evenly spaced times, read off at a part of the whole from 0 to 1.
fn at(values: &[f64], part: f64) -> f64 {
    let place = part * (values.len() - 1) as f64;
    let below = (place as usize).min(values.len() - 2);
    values[below] + (place - below as f64) * (values[below + 1] - values[below])
}
