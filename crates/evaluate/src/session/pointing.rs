use super::lent::{AtDesk, Lent};
use std::time::Duration;
use stillyou_trust::TrustTime;

/// A window of strokes of the pointer comes after so much typing. Assumed: nobody recorded both.
pub const EVERY: Duration = Duration::from_secs(30);

/// The pointer of one session.
#[derive(Clone)]
pub struct Pointing<'a> {
    desk: AtDesk<'a>,
    next: TrustTime,
}

impl<'a> Pointing<'a> {
    /// The pointer on typist `owner`'s desk.
    pub fn on(pointers: &'a Lent, owner: usize) -> Self {
        Self { desk: pointers.at_desk_of(owner), next: TrustTime::default() + EVERY }
    }

    /// From now on typist `who` sits there.
    pub fn sits_down(&mut self, who: usize) {
        self.desk.sits_down(who);
    }

    /// Nobody works for so long.
    pub fn rests(&mut self, length: Duration) {
        self.next = self.next + length;
    }

    /// What the strokes since the last say, if enough came: nats, not capped. They overlap with none before.
    pub fn strokes(&mut self, at: TrustTime) -> Option<f64> {
        if at < self.next {
            return None;
        }
        self.next = at + EVERY;
        self.desk.said()
    }
}

#[cfg(test)]
mod tests {
    use super::super::lent::tests::two;
    use super::*;

    #[test]
    fn strokes_come_with_work_and_are_those_of_whoever_sits_there() {
        let two = two();
        let at = |seconds| TrustTime::since_boot(Duration::from_secs(seconds));
        let mut pointing = Pointing::on(&two, 0);
        assert_eq!([29, 30, 31, 60].map(|second| pointing.strokes(at(second))), [None, Some(9.0), None, Some(9.0)]);
        pointing.rests(Duration::from_secs(600));
        pointing.sits_down(1);
        assert_eq!([661, 690].map(|second| pointing.strokes(at(second))), [None, Some(-9.0)]);
    }
}
