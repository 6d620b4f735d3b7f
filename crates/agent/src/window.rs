use stillyou_models::keystroke::{MIN_WINDOW, WINDOW};
use stillyou_sense::keyboard::Keystroke;

/// Evidence comes every so many keystrokes.
pub const STRIDE: usize = 10;

/// The last keystrokes, at most [`WINDOW`], in press order: the only place where keys are kept.
///
/// One allocation, overwritten in place: a keystroke that leaves is wiped, and no copy stays behind.
pub struct Window {
    strokes: Vec<Keystroke>,
    fresh: usize,
}

impl Window {
    /// An empty window.
    pub fn new() -> Self {
        Self { strokes: Vec::with_capacity(WINDOW), fresh: 0 }
    }

    /// Takes a keystroke; the window itself when evidence is due.
    pub fn push(&mut self, stroke: Keystroke) -> Option<&[Keystroke]> {
        if self.strokes.len() < WINDOW {
            self.strokes.push(stroke);
        } else {
            self.strokes.rotate_left(1);
            self.strokes[WINDOW - 1] = stroke;
        }
        self.fresh += 1;
        (self.fresh >= STRIDE && self.strokes.len() >= MIN_WINDOW).then(|| {
            self.fresh = 0;
            self.strokes.as_slice()
        })
    }

    /// Forgets everything (lock, suspend, verification).
    pub fn clear(&mut self) {
        self.strokes.clear();
        self.fresh = 0;
    }
}

impl Default for Window {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_sense::{Micros, keyboard::Key};

    fn stroke(n: u64) -> Keystroke {
        let at = Micros(n * 200_000);
        Keystroke { key: Key::from_evdev(30), pressed_at: at, released_at: Micros(at.0 + 90_000), injected: false }
    }

    #[test]
    fn evidence_is_due_every_ten_keystrokes_over_the_last_fifty() {
        let mut window = Window::new();
        let due: Vec<(u64, usize, u64)> = (1..=80)
            .filter_map(|n| {
                let seen = window.push(stroke(n))?;
                Some((n, seen.len(), seen[0].pressed_at.0 / 200_000))
            })
            .collect();
        let expected = [(20, 20, 1), (30, 30, 1), (40, 40, 1), (50, 50, 1), (60, 50, 11), (70, 50, 21), (80, 50, 31)];
        assert_eq!(due, expected);
    }

    #[test]
    fn a_cleared_window_starts_anew() {
        let mut window = Window::new();
        (1..=55).for_each(|n| {
            window.push(stroke(n));
        });
        window.clear();
        assert!((60..79).all(|n| window.push(stroke(n)).is_none()));
        assert_eq!(window.push(stroke(79)).map(<[_]>::len), Some(20));
    }
}
