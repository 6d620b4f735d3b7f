use crate::sight::Presence;
use stillyou_trust::TrustTime;
use stillyou_trust::policy::CameraPolicy;

/// Who was there when the camera last looked.
#[derive(Default)]
pub(super) struct LastSeen(Option<(TrustTime, Presence)>);

impl LastSeen {
    pub(super) fn saw(&mut self, at: TrustTime, presence: Presence) {
        self.0 = Some((at, presence));
    }

    /// Nothing is known: the camera saw nothing, or somebody worked since.
    pub(super) fn forget(&mut self) {
        self.0 = None;
    }

    /// Whether nobody is there now, as far as that look can still tell.
    pub(super) fn is_nobody(&self, now: TrustTime, policy: &CameraPolicy) -> bool {
        matches!(self.0, Some((at, Presence::Nobody)) if now.since(at) <= policy.nobody_lasts())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn after(seconds: u64) -> TrustTime {
        TrustTime::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn one_look_that_saw_nobody_lasts_until_it_locks() {
        let policy = |lock_on_leave, left_seconds| CameraPolicy {
            presence_seconds: 5,
            lock_on_leave,
            left_seconds,
            ..CameraPolicy::default()
        };
        let mut last = LastSeen::default();
        assert!(!last.is_nobody(after(0), &policy(true, 180)));
        last.saw(after(0), Presence::Nobody);
        assert!(last.is_nobody(after(185), &policy(true, 180)) && !last.is_nobody(after(186), &policy(true, 180)));
        for short in [policy(false, 180), policy(true, 20)] {
            assert!(last.is_nobody(after(30), &short) && !last.is_nobody(after(31), &short));
        }
        let seldom = CameraPolicy { presence_seconds: 60, ..policy(true, 20) };
        assert!(last.is_nobody(after(180), &seldom) && !last.is_nobody(after(181), &seldom));
    }

    #[test]
    fn whoever_is_seen_or_works_is_there() {
        let policy = CameraPolicy::default();
        let mut last = LastSeen::default();
        for there in [Presence::One, Presence::LooksAway, Presence::Several, Presence::Unclear] {
            last.saw(after(1), Presence::Nobody);
            assert!(last.is_nobody(after(1), &policy));
            last.saw(after(2), there);
            assert!(!last.is_nobody(after(2), &policy));
        }
        last.saw(after(3), Presence::Nobody);
        last.forget();
        assert!(!last.is_nobody(after(3), &policy));
    }
}
