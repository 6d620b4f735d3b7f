use std::collections::VecDeque;
use std::time::Duration;
use stillyou_trust::TrustTime;

const HOUR: Duration = Duration::from_secs(3600);

/// Something that may be done so often in an hour.
#[derive(Debug)]
pub struct Hourly {
    most: usize,
    done: VecDeque<TrustTime>,
}

impl Hourly {
    /// Nothing was done yet.
    pub fn new(most: usize) -> Self {
        Self { most, done: VecDeque::new() }
    }

    /// Whether it may be done now.
    ///
    /// # Errors
    /// In how many seconds it may.
    pub fn may(&mut self, now: TrustTime) -> Result<(), u64> {
        self.done.retain(|at| now.since(*at) < HOUR);
        match self.done.front() {
            Some(first) if self.done.len() >= self.most => Err((HOUR - now.since(*first)).as_secs().max(1)),
            _ => Ok(()),
        }
    }

    /// It was done.
    pub fn did(&mut self, now: TrustTime) {
        self.done.push_back(now);
    }

    /// It was done so long before `now`, maybe before this boot: the longest ago comes first.
    pub fn did_before(&mut self, now: TrustTime, ago: Duration) {
        if ago < HOUR {
            self.did(TrustTime::since_boot(now.as_duration().saturating_sub(ago)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_may_be_done_so_often_and_again_an_hour_later() {
        let at = |seconds| TrustTime::since_boot(Duration::from_secs(seconds));
        let mut hourly = Hourly::new(6);
        for n in 0..6 {
            assert_eq!(hourly.may(at(n)), Ok(()));
            hourly.did(at(n));
        }
        assert_eq!(hourly.may(at(10)), Err(3590));
        assert_eq!(hourly.may(at(3600)), Ok(()));
        hourly.did(at(3600));
        assert_eq!(hourly.may(at(3600)), Err(1));
    }
}
