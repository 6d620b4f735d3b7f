use crate::Moment;
use std::time::Duration;

/// Refused grants in a row, and how long the next must wait.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tries {
    refused: u32,
    last: Option<Moment>,
}

impl Tries {
    /// How long to wait before the next one; zero: not at all. After a reboot the whole wait begins again.
    pub fn wait(&self, free: u32, wait: Duration, now: &Moment) -> Duration {
        if self.refused < free {
            return Duration::ZERO;
        }
        let passed = match self.last {
            Some(last) if last.boot == now.boot => now.up.since(last.up),
            _ => now.up.as_duration(),
        };
        wait.saturating_sub(passed)
    }

    pub fn refused(&mut self, at: Moment) {
        self.refused = self.refused.saturating_add(1);
        self.last = Some(at);
    }

    pub fn accepted(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_trust::TrustTime;

    #[test]
    fn a_reboot_does_not_shorten_the_wait() {
        let at = |s, boot| Moment { wall_s: 0, up: TrustTime::since_boot(Duration::from_secs(s)), boot };
        let (mut tries, wait) = (Tries::default(), Duration::from_secs(30));
        tries.refused(at(100, 1));
        assert_eq!(tries.wait(2, wait, &at(100, 1)), Duration::ZERO);
        tries.refused(at(100, 1));
        assert_eq!(tries.wait(2, wait, &at(110, 1)), Duration::from_secs(20));
        assert_eq!(tries.wait(2, wait, &at(5, 2)), Duration::from_secs(25));
        assert_eq!(tries.wait(2, wait, &at(130, 1)), Duration::ZERO);
        tries.accepted();
        assert_eq!(tries.wait(2, wait, &at(130, 1)), Duration::ZERO);
    }
}
