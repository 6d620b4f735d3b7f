use std::collections::BTreeMap;
use std::time::Duration;
use stillyou_trust::policy::GovernancePolicy;
use stillyou_trust::{Modality, TrustTime};

/// Counts the step-ups that one modality forces: so many within the window open a case, whatever came of them.
#[derive(Clone, Debug, Default)]
pub struct ForcedStepUps(BTreeMap<Modality, Vec<TrustTime>>);

impl ForcedStepUps {
    /// Counts one; true when it makes a case. The count then begins anew.
    pub fn forced(&mut self, by: Modality, at: TrustTime, policy: &GovernancePolicy) -> bool {
        let window = Duration::from_secs(60 * policy.case_window_minutes);
        let times = self.0.entry(by).or_default();
        times.push(at);
        times.retain(|time| at.since(*time) < window);
        let enough = times.len() >= policy.case_after_step_ups as usize;
        if enough {
            times.clear();
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_trust::Policy;

    #[test]
    fn three_in_half_an_hour_by_one_modality_make_a_case() {
        let policy = Policy::default().governance;
        let mut forced = ForcedStepUps::default();
        let mut at = |modality, minute: u64| {
            forced.forced(modality, TrustTime::since_boot(Duration::from_secs(60 * minute)), &policy)
        };
        assert!(!at(Modality::Keystroke, 0) && !at(Modality::Keystroke, 10));
        assert!(!at(Modality::Face, 12));
        assert!(!at(Modality::Keystroke, 31), "the first is out of the window");
        assert!(at(Modality::Keystroke, 39));
        assert!(!at(Modality::Keystroke, 40), "counted anew");
    }
}
