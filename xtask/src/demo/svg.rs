//! The picture: the score over time on a scale of log odds, so that both ends can be seen.

use super::{
    counters::Who,
    timeline::Timeline,
    watch::{Seen, State},
};
use std::fmt::Write;
use stillyou_trust::Odds;
use stillyou_trust::policy::ScorePolicy;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 52.0;

/// Top and bottom of the scale: log odds in nats that somebody else is there.
const BEST: f64 = -3.5;
const WORST: f64 = 8.5;

// Mid-tones that stand out from a light and from a dark page.
const TEXT: &str = "#7d8590";
const LINE: &str = "#3b82f6";
const GENUINE: &str = "#16a34a";
const IMPOSTOR: &str = "#e5484d";
const STEP_UP: &str = "#d97706";

/// The timeline as an SVG document.
pub fn draw(timeline: &Timeline) -> String {
    let end = timeline.seen.last().map_or(1.0, |seen| timeline.seconds(seen.at)).max(1.0);
    let end = timeline.turns.last().map_or(end, |turn| end.max(timeline.seconds(turn.2))) + 1.0;
    let x = |seconds: f64| LEFT + (WIDTH - LEFT - RIGHT) * seconds / end;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         font-family=\"system-ui, -apple-system, 'Segoe UI', sans-serif\" font-size=\"13\" fill=\"{TEXT}\">\n\
         <title>StillYou: the score while a genuine typist works and another one takes over</title>\n"
    );
    // Writing to a string can't fail.
    let _ = turns(&mut out, timeline, &x);
    let _ = scale(&mut out, end, &x);
    let _ = curve(&mut out, timeline, &x);
    let _ = marks(&mut out, timeline, &x);
    let _ = writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"24\" font-size=\"15\" font-weight=\"600\">Is it still the person who signed in?</text>\n\
         <text x=\"{}\" y=\"24\" text-anchor=\"end\">{}</text>\n</svg>",
        WIDTH - RIGHT,
        escaped(&timeline.described)
    );
    out
}

fn y(log_odds: f64) -> f64 {
    TOP + (HEIGHT - TOP - BOTTOM) * (log_odds.clamp(BEST, WORST) - BEST) / (WORST - BEST)
}

fn turns(out: &mut String, timeline: &Timeline, x: &impl Fn(f64) -> f64) -> std::fmt::Result {
    for (who, begin, end) in &timeline.turns {
        let (from, to) = (x(timeline.seconds(*begin)), x(timeline.seconds(*end)));
        let (colour, label) = match who {
            Who::Genuine => (GENUINE, "genuine typist"),
            Who::Impostor => (IMPOSTOR, "somebody else"),
        };
        let height = HEIGHT - TOP - BOTTOM;
        writeln!(
            out,
            "<rect x=\"{from:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{height}\" fill=\"{colour}\" fill-opacity=\"0.13\"/>\n\
             <rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"3\" fill=\"{colour}\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\" font-weight=\"600\">{label}</text>",
            to - from,
            TOP - 3.0,
            to - from,
            from + 4.0,
            TOP - 10.0
        )?;
    }
    Ok(())
}

/// Where the bands of the default policy begin.
fn thresholds() -> [(&'static str, Odds, &'static str); 3] {
    let score = ScorePolicy::default();
    [("watch", score.watch_odds, TEXT), ("step-up", score.step_up_odds, STEP_UP), ("lock", score.lock_odds, IMPOSTOR)]
}

fn scale(out: &mut String, end: f64, x: &impl Fn(f64) -> f64) -> std::fmt::Result {
    for (label, odds, colour) in thresholds() {
        let y = y(odds.log().0);
        writeln!(
            out,
            "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{}\" y2=\"{y:.1}\" stroke=\"{colour}\" stroke-dasharray=\"5 4\"/>\n\
             <text x=\"{}\" y=\"{:.1}\" fill=\"{colour}\">{label}</text>",
            WIDTH - RIGHT,
            LEFT + 6.0,
            y - 5.0
        )?;
    }
    for (label, score) in [("95", 95.0_f64), ("80", 80.0), ("50", 50.0), ("5", 5.0), ("0.1", 0.1)] {
        let y = y(((100.0 - score) / score).ln()) + 4.5;
        writeln!(out, "<text x=\"{}\" y=\"{y:.1}\" text-anchor=\"end\">{label}</text>", LEFT - 8.0)?;
    }
    let middle = (TOP + HEIGHT - BOTTOM) / 2.0;
    writeln!(
        out,
        "<text x=\"16\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {middle})\">score</text>"
    )?;
    let bottom = HEIGHT - BOTTOM;
    writeln!(out, "<line x1=\"{LEFT}\" y1=\"{bottom}\" x2=\"{}\" y2=\"{bottom}\" stroke=\"{TEXT}\"/>", WIDTH - RIGHT)?;
    let every = [5.0, 10.0, 20.0, 30.0, 60.0].into_iter().find(|every| end / every <= 12.0).unwrap_or(120.0);
    let mut seconds = 0.0;
    while seconds <= end {
        writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{seconds:.0} s</text>",
            x(seconds),
            bottom + 20.0
        )?;
        seconds += every;
    }
    Ok(())
}

/// Steps, for the score holds until the next evidence; broken where it was not shown.
fn curve(out: &mut String, timeline: &Timeline, x: &impl Fn(f64) -> f64) -> std::fmt::Result {
    let mut path = String::new();
    let mut height = None;
    for seen in &timeline.seen {
        let at = x(timeline.seconds(seen.at));
        let next = seen.status.log_odds.map(|log_odds| format!("{:.1}", y(log_odds)));
        match &next {
            // Most lines come from other things than the score.
            Some(_) if next == height => {}
            Some(next) if height.is_some() => write!(path, "H{at:.1}V{next}")?,
            Some(next) => write!(path, "M{at:.1} {next}")?,
            None => {}
        }
        height = next;
    }
    if let Some(last) = timeline.seen.last().filter(|seen| seen.status.log_odds.is_some()) {
        write!(path, "H{:.1}", x(timeline.seconds(last.at)))?;
    }
    writeln!(
        out,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{LINE}\" stroke-width=\"2.5\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
    )
}

fn marks(out: &mut String, timeline: &Timeline, x: &impl Fn(f64) -> f64) -> std::fmt::Result {
    let at = |seen: &Seen| x(timeline.seconds(seen.at));
    let bottom = HEIGHT - BOTTOM;
    for seen in timeline.answered() {
        let (x, y) = (at(seen), y(seen.status.log_odds.unwrap_or_default()));
        writeln!(
            out,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"{GENUINE}\"/>\n\
             <text x=\"{:.1}\" y=\"{:.1}\" fill=\"{GENUINE}\">step-up, answered</text>",
            x + 8.0,
            y + 16.0
        )?;
    }
    let mut mark = |seen: &Seen, colour: &str, label: String, height: f64| {
        let x = at(seen);
        writeln!(
            out,
            "<line x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{bottom}\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\n\
             <circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"5\" fill=\"{colour}\"/>\n\
             <text x=\"{:.1}\" y=\"{height:.1}\" text-anchor=\"end\" fill=\"{colour}\" font-weight=\"600\">{label}</text>",
            y(seen.status.log_odds.unwrap_or(WORST)),
            x - 10.0
        )
    };
    if let Some(seen) = timeline.met(&State::StepUp {}) {
        mark(seen, STEP_UP, format!("step-up after {} keystrokes", seen.typed[1]), bottom - 60.0)?;
    }
    if let Some(seen) = timeline.met(&State::Locked {}) {
        mark(seen, IMPOSTOR, format!("locked after {}", seen.typed[1]), bottom - 14.0)?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::timeline::tests::good;

    #[test]
    fn the_picture_marks_both_typists_step_up_and_lock() {
        let svg = draw(&good());
        for part in [
            "genuine typist",
            "somebody else",
            "step-up after 31 keystrokes",
            "locked after 77",
            "made-up &lt;people&gt;",
        ] {
            assert!(svg.contains(part), "{part}");
        }
        assert_eq!(svg.matches("stroke-dasharray").count(), 3);
        // Seven changes after the first point, each a step, and the end.
        assert_eq!(svg.matches('H').count(), 8);
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn an_empty_timeline_is_still_a_picture() {
        let mut nothing = good();
        nothing.seen.clear();
        nothing.turns.clear();
        assert!(draw(&nothing).ends_with("</svg>\n"));
    }
}
