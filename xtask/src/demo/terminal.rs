use super::watch::{Seen, State};
use std::io::{IsTerminal, Write, stdout};

/// The live line: state, score, reasons. On a terminal it is written over; elsewhere a line each time the state or
/// the whole number of the score changes.
pub struct Terminal {
    live: bool,
    last: String,
}

impl Terminal {
    pub fn new() -> Self {
        Self { live: stdout().is_terminal(), last: String::new() }
    }

    /// Shows a status.
    pub fn show(&mut self, seen: &Seen) {
        let key = format!("{:?} {:.0}", seen.status.state, seen.status.score.unwrap_or(f64::NAN));
        let who = match seen.typed {
            [0, 0] => "nobody has typed yet".to_owned(),
            [n, 0] => format!("genuine {n:>4} keys"),
            [_, n] => format!("IMPOSTOR {n:>3} keys"),
        };
        let mut line = format!("{who:<20} ");
        match seen.status.score {
            Some(score) => line.push_str(&format!("score {score:>5.1} {} ", bar(score))),
            None => line.push_str(&format!("{:<24}", "score --")),
        }
        line.push_str(&format!("{:<9} ", word(&seen.status.state)));
        let reasons = seen.status.contributions.iter().flatten().take(3).filter(|c| c.nats.abs() >= 0.05);
        line.push_str(&reasons.map(|c| format!("{} {:+.1}", c.cause, c.nats)).collect::<Vec<_>>().join(", "));
        if let Some(trouble) = seen.status.trouble.first() {
            line.push_str(&format!(" TROUBLE: {}", trouble.why));
        }
        let mut out = stdout().lock();
        // A closed terminal is no reason to stop the demo.
        if self.live {
            let shown: String = line.chars().take(width()).collect();
            let _ = write!(out, "\r\x1b[K{}{shown}\x1b[0m", colour(&seen.status.state));
            let _ = out.flush();
        } else if key != self.last {
            let _ = writeln!(out, "{}", line.trim_end());
        }
        self.last = key;
    }
}

/// Says something on a line of its own, below the live one.
pub fn say(text: &str) {
    let start = if stdout().is_terminal() { "\r\x1b[K" } else { "" };
    println!("{start}{text}");
}

/// The state in a word.
pub fn word(state: &State) -> &str {
    match state {
        State::Learning => "learning",
        State::Watching { band } => band,
        State::StepUp {} => "STEP-UP",
        State::Locked {} => "LOCKED",
    }
}

fn bar(score: f64) -> String {
    let full = (score / 10.0).round().clamp(0.0, 10.0) as usize;
    "█".repeat(full) + &"░".repeat(10 - full)
}

fn colour(state: &State) -> &'static str {
    match state {
        State::Watching { band } if band == "verified" => "\x1b[32m",
        State::Watching { .. } | State::Learning => "\x1b[33m",
        State::StepUp {} => "\x1b[1;35m",
        State::Locked {} => "\x1b[1;31m",
    }
}

fn width() -> usize {
    rustix::termios::tcgetwinsize(stdout()).map_or(120, |size| usize::from(size.ws_col).max(40)) - 1
}
