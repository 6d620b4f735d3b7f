use super::{Decided, READ_AT_ONCE, RecordError, parse};
use std::path::Path;
use stillyou_governance::report::{Failed, Kind};
use stillyou_governance::{Cause, Identity};
use stillyou_ledger::Ledger;
use stillyou_trust::{Event, Factor, Modality, StepUpEnd, StepUpReason};

/// Needless step-ups since `since_ms` (Unix time): evidence asked, and the owner answered by a factor. Oldest first.
///
/// It opens the ledger at `path` for itself and reads only, so that the loop does not wait for it.
///
/// # Errors
/// When the ledger can't be read or an entry is not understood.
pub fn failures(path: &Path, identity: &Identity, since_ms: i64) -> Result<Vec<Failed>, RecordError> {
    let ledger = Ledger::open_read_only(path)?;
    let (mut after, mut failed) = (0, Vec::new());
    let mut steps = StepUps::default();
    loop {
        let page = ledger.of_kind("decision", after, READ_AT_ONCE as u32)?;
        let Some(last) = page.last() else { return Ok(failed) };
        after = last.id.seq;
        for entry in page.iter().filter(|entry| entry.at.unix_ms >= since_ms) {
            if let Some(modality) = steps.answered(&parse::<Decided>(entry)?.decision.event) {
                failed.push(Failed {
                    person: identity.person().into(),
                    device: identity.device().into(),
                    sensor: "unknown".into(),
                    modality: Some(modality),
                    cause: Cause::Unknown,
                    kind: Kind::FalseReject,
                    near_lockout: false,
                });
            }
        }
    }
}

/// The step-up that goes on, as decisions tell of it.
#[derive(Default)]
struct StepUps {
    forced_by: Option<Modality>,
    proven: bool,
}

impl StepUps {
    /// The modality that asked in vain, when this event ends such a step-up.
    fn answered(&mut self, event: &Event) -> Option<Modality> {
        match event {
            Event::StepUpAsked { reason: StepUpReason::Evidence, forced_by, .. } => {
                *self = Self { forced_by: *forced_by, proven: false };
                None
            }
            Event::StepUpAsked { .. } => {
                *self = Self::default();
                None
            }
            Event::Verified { factor } => {
                self.proven = *factor != Factor::Override;
                None
            }
            Event::StepUpEnded { how } => {
                let ended = std::mem::take(self);
                ended.forced_by.filter(|_| ended.proven && *how == StepUpEnd::Verified)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stillyou_trust::TrustTime;

    #[test]
    fn only_what_evidence_asked_and_a_factor_answered_counts() {
        let asked = |reason, forced_by| Event::StepUpAsked { reason, forced_by, deadline: TrustTime::default() };
        let by = |factor| Event::Verified { factor };
        let ended = |how| Event::StepUpEnded { how };
        let typed = Some(Modality::Keystroke);
        let count = |events: &[Event]| {
            let mut steps = StepUps::default();
            events.iter().filter_map(|event| steps.answered(event)).collect::<Vec<_>>()
        };
        let (evidence, scheduled) = (StepUpReason::Evidence, StepUpReason::Scheduled);
        let (password, vouched) = (by(Factor::Password), by(Factor::Override));
        let (passed, locked) = (ended(StepUpEnd::Verified), ended(StepUpEnd::Locked));
        let once = [asked(evidence, typed), password.clone(), passed.clone()];
        assert_eq!(count(&[&once[..], &once].concat()), [Modality::Keystroke; 2]);
        assert_eq!(count(&[asked(scheduled, None), password.clone(), passed.clone()]), []);
        assert_eq!(count(&[asked(evidence, typed), vouched, passed.clone()]), []);
        assert_eq!(count(&[asked(evidence, typed), locked, password, passed]), []);
    }
}
