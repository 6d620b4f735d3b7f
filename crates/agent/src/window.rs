/// The last observations, at most a window of them, in order: the only place where they are kept.
///
/// One allocation, overwritten in place: one that leaves is wiped, and no copy stays behind.
pub struct Window<T> {
    held: Vec<T>,
    size: usize,
    least: usize,
    stride: usize,
    fresh: usize,
}

impl<T> Window<T> {
    /// An empty window of at most `size`: evidence comes every `stride`, once there are `least`.
    pub fn new(size: usize, least: usize, stride: usize) -> Self {
        Self { held: Vec::with_capacity(size), size, least, stride, fresh: 0 }
    }

    /// Takes an observation; the window itself when evidence is due.
    pub fn push(&mut self, observation: T) -> Option<&[T]> {
        if self.held.len() < self.size {
            self.held.push(observation);
        } else {
            self.held.rotate_left(1);
            self.held[self.size - 1] = observation;
        }
        self.fresh += 1;
        (self.fresh >= self.stride && self.held.len() >= self.least).then(|| {
            self.fresh = 0;
            self.held.as_slice()
        })
    }

    /// How much of a piece of evidence is new, 0 to 1: what it weighs, as the rest was heard before.
    pub fn overlap(&self) -> f64 {
        self.stride as f64 / self.size as f64
    }

    /// Forgets everything (lock, suspend, verification).
    pub fn clear(&mut self) {
        self.held.clear();
        self.fresh = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_due_every_ten_over_the_last_fifty() {
        let mut window = Window::new(50, 20, 10);
        let due: Vec<(u64, usize, u64)> = (1..=80)
            .filter_map(|n| {
                let seen = window.push(n)?;
                Some((n, seen.len(), seen[0]))
            })
            .collect();
        let expected = [(20, 20, 1), (30, 30, 1), (40, 40, 1), (50, 50, 1), (60, 50, 11), (70, 50, 21), (80, 50, 31)];
        assert_eq!(due, expected);
        assert_eq!(window.overlap(), 0.2);
    }

    #[test]
    fn a_cleared_window_starts_anew() {
        let mut window = Window::new(50, 20, 10);
        (1..=55).for_each(|n| {
            window.push(n);
        });
        window.clear();
        assert!((60..79).all(|n| window.push(n).is_none()));
        assert_eq!(window.push(79).map(<[_]>::len), Some(20));
    }
}
