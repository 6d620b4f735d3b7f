use std::fmt::Write;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 68.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 56.0;

// Mid-tones that stand out from a light and from a dark page.
/// Words and axes.
pub const TEXT: &str = "#7d8590";
/// The first series.
pub const BLUE: &str = "#3b82f6";
/// The second.
pub const ORANGE: &str = "#d97706";
/// What is aimed at.
pub const GREEN: &str = "#16a34a";

/// One axis: what it shows, how a value becomes a place, and where its labels are.
pub struct Axis {
    /// Words, unit included.
    pub label: &'static str,
    /// To a scale on which places are even.
    pub scale: fn(f64) -> f64,
    /// Least and largest value shown.
    pub range: (f64, f64),
    /// Values with their labels.
    pub ticks: Vec<(f64, String)>,
}

/// A chart as an SVG document, drawn from back to front.
pub struct Chart {
    x: Axis,
    y: Axis,
    legend: usize,
    out: String,
}

impl Chart {
    /// An empty chart.
    pub fn new(title: &str, x: Axis, y: Axis) -> Self {
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
             font-family=\"system-ui, -apple-system, 'Segoe UI', sans-serif\" font-size=\"13\" fill=\"{TEXT}\">\n\
             <title>{title}</title>\n<text x=\"{LEFT}\" y=\"24\" font-size=\"15\" font-weight=\"600\">{title}</text>\n"
        );
        // Writing to a string can't fail.
        let _ = axes(&mut out, &x, &y);
        Self { x, y, legend: 0, out }
    }

    /// A filled area between two lines over the same x, light.
    pub fn band(&mut self, colour: &str, points: &[(f64, f64, f64)]) {
        let low = points.iter().map(|(x, low, _)| self.place(*x, *low));
        let high = points.iter().rev().map(|(x, _, high)| self.place(*x, *high));
        let path: Vec<String> = low.chain(high).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(self.out, "<polygon points=\"{}\" fill=\"{colour}\" opacity=\".18\"/>", path.join(" "));
    }

    /// A line through points.
    pub fn line(&mut self, colour: &str, points: &[(f64, f64)], dashed: bool) {
        let path: Vec<String> =
            points.iter().map(|(x, y)| self.place(*x, *y)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let dash = if dashed { " stroke-dasharray=\"5 4\"" } else { "" };
        let _ = writeln!(
            self.out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash}/>",
            path.join(" ")
        );
    }

    /// A dot, with an upright bar where there is an interval.
    pub fn dot(&mut self, colour: &str, (x, y): (f64, f64), interval: Option<(f64, f64)>) {
        let (px, py) = self.place(x, y);
        if let Some((low, high)) = interval {
            let (bottom, top) = (self.place(x, low).1, self.place(x, high).1);
            let _ = writeln!(
                self.out,
                "<line x1=\"{px:.1}\" y1=\"{bottom:.1}\" x2=\"{px:.1}\" y2=\"{top:.1}\" stroke=\"{colour}\" stroke-width=\"2\" \
                 opacity=\".5\"/>"
            );
        }
        let _ = writeln!(self.out, "<circle cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"4\" fill=\"{colour}\"/>");
    }

    /// A box from the origin's corner to `(x, y)`, with words in its upper left corner.
    pub fn aim(&mut self, (x, y): (f64, f64), words: &str) {
        let ((left, bottom), (right, top)) = (self.place(self.x.range.0, self.y.range.0), self.place(x, y));
        let _ = writeln!(
            self.out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{GREEN}\" fill-opacity=\".1\" \
             stroke=\"{GREEN}\" stroke-dasharray=\"5 4\"/>\n<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{GREEN}\">{words}</text>",
            right - left,
            bottom - top,
            left + 8.0,
            top + 16.0
        );
    }

    /// What a colour stands for, one below the other at the top, clear of the upper right corner.
    pub fn legend(&mut self, colour: &str, words: &str) {
        self.words(colour, words, LEFT + 0.8 * (WIDTH - LEFT - RIGHT), TOP + 18.0 + 18.0 * self.legend as f64);
    }

    /// The same, one above the other at the lower right.
    pub fn corner(&mut self, colour: &str, words: &str) {
        self.words(colour, words, WIDTH - RIGHT - 10.0, HEIGHT - BOTTOM - 12.0 - 18.0 * self.legend as f64);
    }

    /// The document.
    pub fn svg(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    fn words(&mut self, colour: &str, words: &str, x: f64, y: f64) {
        self.legend += 1;
        let _ = writeln!(self.out, "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"{colour}\">{words}</text>");
    }

    fn place(&self, x: f64, y: f64) -> (f64, f64) {
        (across(&self.x, x), up(&self.y, y))
    }
}

fn axes(out: &mut String, x: &Axis, y: &Axis) -> std::fmt::Result {
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    for (value, label) in &x.ticks {
        let at = across(x, *value);
        writeln!(
            out,
            "<line x1=\"{at:.1}\" y1=\"{TOP}\" x2=\"{at:.1}\" y2=\"{bottom}\" stroke=\"{TEXT}\" opacity=\".2\"/>\n\
             <text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
            bottom + 18.0
        )?;
    }
    for (value, label) in &y.ticks {
        let at = up(y, *value);
        writeln!(
            out,
            "<line x1=\"{LEFT}\" y1=\"{at:.1}\" x2=\"{right}\" y2=\"{at:.1}\" stroke=\"{TEXT}\" opacity=\".2\"/>\n\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
            LEFT - 8.0,
            at + 4.5
        )?;
    }
    let (middle, centre) = ((TOP + bottom) / 2.0, (LEFT + right) / 2.0);
    writeln!(
        out,
        "<polyline points=\"{LEFT},{TOP} {LEFT},{bottom} {right},{bottom}\" fill=\"none\" stroke=\"{TEXT}\"/>\n\
         <text x=\"{centre}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n\
         <text x=\"16\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 16 {middle})\">{}</text>",
        HEIGHT - 14.0,
        x.label,
        y.label
    )
}

fn across(axis: &Axis, value: f64) -> f64 {
    LEFT + (WIDTH - LEFT - RIGHT) * share(axis, value)
}

fn up(axis: &Axis, value: f64) -> f64 {
    HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share(axis, value)
}

/// How far along the axis, 0 to 1; what lies beyond is at its end.
fn share(axis: &Axis, value: f64) -> f64 {
    let (from, to) = axis.range;
    let [value, from, to] = [value.clamp(from, to), from, to].map(axis.scale);
    (value - from) / (to - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_find_their_places() {
        let axis = Axis { label: "", scale: f64::ln, range: (1.0, 100.0), ticks: Vec::new() };
        assert!((share(&axis, 10.0) - 0.5).abs() < 1e-12);
        assert_eq!((share(&axis, 1e9), share(&axis, 0.0)), (1.0, 0.0));
        assert_eq!((across(&axis, 1.0), up(&axis, 1.0)), (LEFT, HEIGHT - BOTTOM));
        assert_eq!((across(&axis, 100.0), up(&axis, 100.0)), (WIDTH - RIGHT, TOP));
    }
}
