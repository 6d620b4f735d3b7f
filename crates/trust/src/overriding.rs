use crate::{Hazard, Modality, TrustTime};
use std::collections::BTreeSet;
use std::time::Duration;

/// What an approver's grant changes while it is in force. The score goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// These modalities' evidence counts for nothing.
    pub set_aside: BTreeSet<Modality>,
    /// What every hazard is multiplied by; less than 1 counts as 1.
    pub hazard_factor: f64,
    /// A step-up by factor at least so often.
    pub reverify: Duration,
}

/// The override in force, and what it asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overriding {
    in_force: Option<Override>,
    proof_due: Option<TrustTime>,
    /// Whether the belief rests on an approver's word, and nobody has proven anything since.
    vouched: bool,
}

impl Overriding {
    pub(crate) fn in_force(&self) -> Option<&Override> {
        self.in_force.as_ref()
    }

    /// Another one moves the next proof nearer, never further away.
    pub(crate) fn begin(&mut self, new: Override, now: TrustTime) {
        let due = now + new.reverify;
        self.proof_due = Some(self.proof_due.map_or(due, |before| before.min(due)));
        self.in_force = Some(new);
    }

    /// Whoever works by an approver's word alone proves who they are when that ends.
    pub(crate) fn end(&mut self, now: TrustTime) {
        self.in_force = None;
        self.proof_due = self.vouched.then_some(now);
    }

    pub(crate) fn vouched(&mut self, now: TrustTime) {
        self.vouched = true;
        self.begin_interval(now);
    }

    pub(crate) fn proven(&mut self, now: TrustTime) {
        self.vouched = false;
        self.begin_interval(now);
    }

    fn begin_interval(&mut self, now: TrustTime) {
        self.proof_due = self.in_force.as_ref().map(|o| now + o.reverify);
    }

    pub(crate) fn proof_is_due(&self, now: TrustTime) -> bool {
        self.proof_due.is_some_and(|due| now >= due)
    }

    pub(crate) fn sets_aside(&self, modality: Modality) -> bool {
        self.in_force.as_ref().is_some_and(|o| o.set_aside.contains(&modality))
    }

    /// The hazard with the override's factor on every part of it.
    pub(crate) fn raised(&self, hazard: Hazard) -> Hazard {
        let factor = self.in_force.as_ref().map_or(1.0, |o| o.hazard_factor.max(1.0));
        let mut hazard = hazard;
        hazard.base_per_s *= factor;
        hazard.added.iter_mut().for_each(|added| added.hazard_per_s *= factor);
        hazard
    }
}
