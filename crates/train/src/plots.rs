//! Pictures of what the evaluations measure, as small SVG documents that a light and a dark page can show.

mod chart;

use anyhow::{Context, Result};
use chart::{Axis, BLUE, Chart, ORANGE, TEXT};
use std::path::Path;
use stillyou_evaluate::metrics::{DetPoint, ReliabilityBin, Trial, det, reliability};
use stillyou_evaluate::session::{self, Cadence, Point, Sessions};
use stillyou_evaluate::{Subjects, keystroke};
use stillyou_models::keystroke::Model;
use stillyou_trust::Policy;

/// Draws `det.svg`, `reliability.svg` and `trade-off.svg` into `folder` from the evaluations on `subjects` of `data`.
pub fn draw(model: &Model, data: &Path, subjects: Subjects, seed: u64, folder: &Path) -> Result<()> {
    let options = keystroke::Options { subjects, seed, ..keystroke::Options::new(data) };
    let report = keystroke::evaluate(&options, model, &mut |_, _| {})?;
    let trials: Vec<Trial> = report.trials.iter().map(|t| t.trial).collect();
    let options = session::Options { subjects, seed, ..session::Options::new(data) };
    let (policy, Cadence { stride, overlap }) = (Policy::default(), Cadence::default());
    let mut sessions = Sessions::load(&options, stride, &policy, model, &mut |done, of| {
        if done % 20 == 0 {
            println!("sessions of {done} of {of} people");
        }
    })?;
    let figures = sessions.play(&policy, overlap)?;
    let chosen = Point { step_up_nats: policy.score.step_up_odds.log().0, figures };
    let of = |people: usize| format!("{people} people, share: {subjects}");
    let (whose, watched) = (of(report.evaluated), of(figures.subjects));
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for (name, svg) in [
        ("det.svg", det_chart(&det(&trials, seed), &whose)),
        ("reliability.svg", reliability_chart(&reliability(&trials, seed), &whose)),
        ("trade-off.svg", trade_off_chart(&sessions.curve(&policy, overlap)?, &chosen, &watched)),
    ] {
        let to = folder.join(name);
        std::fs::write(&to, svg).with_context(|| to.display().to_string())?;
        println!("wrote {}", to.display());
    }
    Ok(())
}

/// Budget and aims of a session: false step-ups in 8 hours, median and p95 of the keystrokes to step-up.
const AIM: (f64, f64, f64) = (1.0, 40.0, 120.0);

fn det_chart(points: &[DetPoint], whose: &str) -> String {
    let axis = |label| Axis {
        label,
        scale: probit,
        range: (0.001, 0.5),
        ticks: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4].map(|r| (r, format!("{} %", r * 100.0))).to_vec(),
    };
    let mut chart =
        Chart::new("Keystrokes: one sentence against five", axis("false match rate"), axis("false non-match rate"));
    chart.line(TEXT, &[(0.001, 0.001), (0.5, 0.5)], true);
    // From the first point without a false non-match on, there is nothing to see.
    let seen = points.iter().position(|p| p.fnmr == 0.0).map_or(points.len(), |first| first + 1);
    let points = &points[..seen];
    chart.band(BLUE, &points.iter().map(|p| (p.fmr, p.interval.0, p.interval.1)).collect::<Vec<_>>());
    chart.line(BLUE, &points.iter().map(|p| (p.fmr, p.fnmr)).collect::<Vec<_>>(), false);
    chart.legend(BLUE, whose);
    chart.legend(BLUE, "band: 95 % of 1,000 resamples of people");
    chart.legend(TEXT, "dashed: equal error rates");
    chart.svg()
}

fn reliability_chart(bins: &[ReliabilityBin], whose: &str) -> String {
    let axis = |label| Axis {
        label,
        scale: |x| x,
        range: (-8.0, 8.0),
        ticks: (-4..=4).map(|t| (f64::from(t) * 2.0, (t * 2).to_string())).collect(),
    };
    let mut chart = Chart::new(
        "Do log-likelihood ratios mean what they say?",
        axis("stated log-likelihood ratio, nats"),
        axis("observed, nats"),
    );
    chart.line(TEXT, &[(-8.0, -8.0), (8.0, 8.0)], true);
    for bin in bins {
        chart.dot(BLUE, (bin.stated_nats, bin.observed_nats), Some(bin.interval));
    }
    chart.corner(BLUE, &format!("one sentence against five; {whose}"));
    chart.corner(BLUE, "bars: 95 % of 1,000 resamples of people");
    chart.corner(TEXT, "dashed: they do");
    chart.svg()
}

fn trade_off_chart(points: &[Point], chosen: &Point, whose: &str) -> String {
    let x = Axis {
        label: "false step-ups in 8 hours of active use",
        scale: |rate: f64| (rate + 0.1).ln(),
        range: (0.0, 20.0),
        ticks: [0.0, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0].map(|t| (t, t.to_string())).to_vec(),
    };
    let y = Axis {
        label: "an impostor's keystrokes to step-up",
        scale: f64::ln,
        range: (20.0, 700.0),
        ticks: [
            (20.0, "20"),
            (40.0, "40"),
            (80.0, "80"),
            (120.0, "120"),
            (200.0, "200"),
            (400.0, "400"),
            (700.0, "never"),
        ]
        .map(|(keys, label)| (keys, label.to_owned()))
        .to_vec(),
    };
    let mut chart = Chart::new("The price of speed: every step-up threshold", x, y);
    let (budget, median, p95) = AIM;
    chart.aim((budget, p95), "aim, p95");
    chart.aim((budget, median), "aim, median");
    for (colour, of) in [
        (ORANGE, (|p| p.figures.stepup_keystrokes_p95) as fn(&Point) -> session::Rate),
        (BLUE, |p| p.figures.stepup_keystrokes_median),
    ] {
        let rate = |p: &Point| p.figures.false_stepups_per_8h.value;
        chart.band(colour, &points.iter().map(|p| (rate(p), of(p).interval.0, of(p).interval.1)).collect::<Vec<_>>());
        chart.line(colour, &points.iter().map(|p| (rate(p), of(p).value)).collect::<Vec<_>>(), false);
        chart.dot(colour, (rate(chosen), of(chosen).value), None);
    }
    chart.legend(ORANGE, "all but one in twenty (p95)");
    chart.legend(BLUE, "half of them (median)");
    chart.legend(TEXT, &format!("dots: the default policy; {whose}"));
    chart.svg()
}

/// The inverse of the normal distribution function, on which error rates of normal scores are a straight line (Martin et al.
/// 1997); by Acklam's rational approximation, relative error under 1.2e-9.
fn probit(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969683028665376e1,
        2.209460984245205e2,
        -2.759285104469687e2,
        1.38357751867269e2,
        -3.066479806614716e1,
        2.506628277459239,
    ];
    const B: [f64; 5] =
        [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1];
    const C: [f64; 6] = [
        -7.784894002430293e-3,
        -3.223964580411365e-1,
        -2.400758277161838,
        -2.549732539343734,
        4.374664141464968,
        2.938163982698783,
    ];
    const D: [f64; 4] = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416];
    let horner = |of: &[f64], x: f64| of.iter().fold(0.0, |sum, c| sum * x + c);
    let tail = |q: f64| horner(&C, q) / (horner(&D, q) * q + 1.0);
    match p {
        p if p < 0.02425 => tail((-2.0 * p.ln()).sqrt()),
        p if p > 1.0 - 0.02425 => -tail((-2.0 * (1.0 - p).ln()).sqrt()),
        p => {
            let (q, r) = (p - 0.5, (p - 0.5) * (p - 0.5));
            q * horner(&A, r) / (horner(&B, r) * r + 1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probits_are_those_of_the_tables() {
        for (p, z) in [(0.5, 0.0), (0.975, 1.959964), (0.01, -2.326348), (0.001, -3.090232), (0.2, -0.841621)] {
            assert!((probit(p) - z).abs() < 1e-5, "{p}: {}", probit(p));
        }
    }

    #[test]
    fn what_never_happens_is_drawn_at_the_edge() {
        let rate = |value: f64| session::Rate { value, interval: (value / 2.0, f64::INFINITY) };
        let figures = session::Figures {
            subjects: 2,
            genuine_keystrokes: 1_000,
            distinct_keystrokes: 200,
            impostors: 4,
            false_stepups: 0,
            false_stepups_per_8h: session::Rate { value: 0.0, interval: (0.0, 300.0) },
            false_stepups_upper_80: 160.0,
            false_locks_per_8h: rate(0.0),
            anga_keystrokes: rate(f64::INFINITY),
            stepup_keystrokes_median: rate(60.0),
            stepup_keystrokes_p95: rate(f64::INFINITY),
            lock_keystrokes_median: rate(90.0),
            never_detected: rate(0.25),
            looks_per_8h: rate(0.0),
        };
        let points = [-1.0, 0.0].map(|step_up_nats| Point { step_up_nats, figures });
        let svg = trade_off_chart(&points, &points[1], "2 people");
        assert!(svg.contains(">never</text>") && svg.contains("2 people") && svg.ends_with("</svg>\n"));
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        let seen = DetPoint { fmr: 0.1, fnmr: 0.0, interval: (0.0, 0.0) };
        let svg = det_chart(&[DetPoint { fnmr: 0.2, ..seen }, seen, DetPoint { fmr: 0.2, ..seen }], "2 people");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
