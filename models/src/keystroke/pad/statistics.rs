use super::super::window::{Stroke, WINDOW};

/// How many [`statistics`] there are.
pub const STATISTICS: usize = 20;

/// Statistics of a full window that tell hands from programs, on logarithms of milliseconds; `None` where too little text
/// was typed to tell: fewer than [`LEAST_TEXT`] letters and spaces, or fewer than [`LEAST_GAPS`] gaps without a pause, or
/// the same few keys again and again (arrows, games).
///
/// Spreads of holds and gaps (standard deviation, quartiles); serial correlation of holds (lags 1 and 2) and of gaps;
/// correlation of a hold with the gap before and after it; rollover, and its excess over what independent holds and gaps
/// would give; tails; impossible times; how gaps of one finger, of repeated keys, after a space and before a correction
/// differ from those of two hands; drift of the tempo.
pub fn statistics(window: &[Stroke]) -> Option<[f64; STATISTICS]> {
    if window.len() < WINDOW || !is_text(window) {
        return None;
    }
    let holds: Vec<f64> = window.iter().map(|s| log_ms(s.released_us - s.pressed_us)).collect();
    let free: Vec<f64> = pick(&holds, |i| !is_modifier(window[i].token));
    let middle = quartiles(&free);
    let h: Vec<f64> = holds.iter().map(|v| (v - middle[1]).clamp(-0.8, 0.8)).collect();
    // A gap lies before the key of its index; a pause is none.
    let gap_us: Vec<i64> = window.windows(2).map(|w| w[1].pressed_us - w[0].pressed_us).collect();
    let whole: Vec<usize> = (0..gap_us.len()).filter(|i| gap_us[*i] < PAUSE_US).collect();
    if whole.len() < LEAST_GAPS {
        return None;
    }
    let logs: Vec<f64> = whole.iter().map(|i| log_ms(gap_us[*i])).collect();
    let spread = [
        quantile(&logs, 0.1),
        quantile(&logs, 0.25),
        quantile(&logs, 0.5),
        quantile(&logs, 0.75),
        quantile(&logs, 0.9),
    ];
    let g: Vec<f64> = logs.iter().map(|v| (v - spread[2]).clamp(-1.2, 1.2)).collect();
    let before: Vec<f64> = whole.iter().map(|i| h[*i]).collect();
    let after: Vec<f64> = whole.iter().map(|i| h[*i + 1]).collect();
    let (rollover, excess) = rollover(window, &gap_us, &whole);
    let of = |kind: fn(&Stroke, &Stroke) -> bool| {
        let mine: Vec<f64> =
            whole.iter().zip(&g).filter(|(i, _)| kind(&window[**i], &window[**i + 1])).map(|(_, g)| *g).collect();
        // Two gaps' worth of nothing: a single one is no habit.
        mine.iter().sum::<f64>() / (mine.len() as f64 + 2.0)
    };
    let two_hands = of(two_hands);
    let half = g.len() / 2;
    let impossible = window.iter().filter(|s| s.released_us - s.pressed_us < 10_000).count()
        + gap_us.iter().filter(|g| **g < 1_000).count();
    let found = [
        (deviation(&free) + 0.01).ln(),
        (deviation(&g) + 0.01).ln(),
        (middle[2] - middle[0] + 0.01).ln(),
        (spread[3] - spread[1] + 0.01).ln(),
        correlation(&h[1..], &h[..h.len() - 1]),
        correlation(&h[2..], &h[..h.len() - 2]),
        correlation(&g[1..], &g[..g.len() - 1]),
        correlation(&before, &g),
        correlation(&after, &g),
        rollover,
        excess,
        ((spread[4] - spread[2]) / (spread[2] - spread[0] + 0.02)).clamp(0.0, 6.0),
        moment(&g, 3),
        moment(&pick(&h, |i| !is_modifier(window[i].token)), 4).min(10.0),
        impossible as f64 / window.len() as f64,
        of(one_finger) - two_hands,
        of(repeated) - two_hands,
        of(|a, _| a.token == SPACE),
        of(|a, b| b.token == BACKSPACE && a.token != BACKSPACE),
        (quantile(&g[..half], 0.5) - quantile(&g[half..], 0.5)).abs(),
    ];
    found.iter().all(|v| v.is_finite()).then_some(found)
}

/// The fewest letters and spaces, and the fewest different ones, in a window of text.
pub const LEAST_TEXT: usize = 25;
const LEAST_DIFFERENT: usize = 7;
/// The fewest gaps without a pause.
pub const LEAST_GAPS: usize = 25;
const PAUSE_US: i64 = 1_000_000;
const SPACE: u8 = 49;
const BACKSPACE: u8 = 51;

fn is_text(window: &[Stroke]) -> bool {
    let mut seen = [false; 256];
    let text = window.iter().filter(|s| s.token == SPACE || finger(s.token).is_some());
    let count = text.inspect(|s| seen[usize::from(s.token)] = true).count();
    count >= LEAST_TEXT && seen.iter().filter(|s| **s).count() >= LEAST_DIFFERENT
}

fn is_modifier(token: u8) -> bool {
    (53..=58).contains(&token)
}

/// The finger of a letter in ten-finger typing, 0 to 7 from the left little finger; by the key's place.
fn finger(token: u8) -> Option<u8> {
    const FINGERS: &[u8; 26] = b"01233445670123344560123344";
    let at = usize::from(token).checked_sub(11)?;
    FINGERS.get(at).map(|digit| digit - b'0')
}

fn two_hands(a: &Stroke, b: &Stroke) -> bool {
    matches!((finger(a.token), finger(b.token)), (Some(x), Some(y)) if (x < 4) != (y < 4))
}

fn one_finger(a: &Stroke, b: &Stroke) -> bool {
    matches!((finger(a.token), finger(b.token)), (Some(x), Some(y)) if x == y) && a.token != b.token
}

fn repeated(a: &Stroke, b: &Stroke) -> bool {
    finger(a.token).is_some() && a.token == b.token
}

/// The share of gaps shorter than the hold before them, and how far it is above what the same holds and gaps would give
/// in any other order.
fn rollover(window: &[Stroke], gap_us: &[i64], whole: &[usize]) -> (f64, f64) {
    let pairs: Vec<(i64, i64)> = whole
        .iter()
        .filter(|i| !is_modifier(window[**i].token))
        .map(|i| (window[*i].released_us - window[*i].pressed_us, gap_us[*i]))
        .collect();
    let n = pairs.len().max(1) as f64;
    let share = pairs.iter().filter(|(hold, gap)| gap < hold).count() as f64 / n;
    let crossed: usize = pairs.iter().map(|(hold, _)| pairs.iter().filter(|(_, gap)| gap < hold).count()).sum();
    (share, share - crossed as f64 / (n * n))
}

/// Clipped to 3 ms .. 3 s: recordings have whole milliseconds.
fn log_ms(us: i64) -> f64 {
    (us as f64 / 1000.0).clamp(3.0, 3000.0).ln()
}

fn pick(values: &[f64], keep: impl Fn(usize) -> bool) -> Vec<f64> {
    values.iter().enumerate().filter(|(i, _)| keep(*i)).map(|(_, v)| *v).collect()
}

fn quartiles(values: &[f64]) -> [f64; 3] {
    [0.25, 0.5, 0.75].map(|p| quantile(values, p))
}

fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = p * sorted.len().saturating_sub(1) as f64;
    let (low, high) = (sorted.get(at.floor() as usize), sorted.get(at.ceil() as usize));
    low.zip(high).map_or(0.0, |(low, high)| low + (high - low) * at.fract())
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    (values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / values.len().max(1) as f64).sqrt()
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let (ma, mb) = (mean(a), mean(b));
    let joint = a.iter().zip(b).map(|(x, y)| (x - ma) * (y - mb)).sum::<f64>() / a.len().max(1) as f64;
    joint / (deviation(a) * deviation(b) + 1e-6)
}

/// A standardised central moment.
fn moment(values: &[f64], power: i32) -> f64 {
    let centre = mean(values);
    let raw = values.iter().map(|v| (v - centre).powi(power)).sum::<f64>() / values.len().max(1) as f64;
    raw / (deviation(values).powi(power) + 1e-5)
}
