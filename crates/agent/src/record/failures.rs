use super::cases::CASE;
use super::{Decided, READ_AT_ONCE, RecordError, parse};
use std::path::Path;
use stillyou_governance::report::{Failed, Kind};
use stillyou_governance::{Cause, Event as CaseEvent, Identity};
use stillyou_ledger::Ledger;
use stillyou_trust::{Event, Factor, Modality, StepUpEnd, StepUpReason};

/// Needless step-ups since `since_ms` (Unix time): evidence asked, and the owner answered by a factor. Oldest first. One in
/// which a case was opened for what asked is left out: it counts as that case, with what was measured.
///
/// It opens the ledger at `path` for itself and reads only, so that the loop does not wait for it.
///
/// # Errors
/// When the ledger can't be read or an entry is not understood.
pub fn failures(path: &Path, identity: &Identity, since_ms: i64) -> Result<Vec<Failed>, RecordError> {
    let ledger = Ledger::open_read_only(path)?;
    let cases = cases(&ledger, identity)?;
    let (mut after, mut failed) = (0, Vec::new());
    let mut steps = StepUps::default();
    loop {
        let page = ledger.of_kind("decision", after, READ_AT_ONCE as u32)?;
        let Some(last) = page.last() else { return Ok(failed) };
        after = last.id.seq;
        for entry in page.iter().filter(|entry| entry.at.unix_ms >= since_ms) {
            let answered = steps.answered(&parse::<Decided>(entry)?.decision.event, entry.id.seq);
            if let Some(answered) = answered.filter(|answered| !cases.iter().any(|case| answered.became(*case))) {
                failed.push(Failed {
                    person: identity.person().into(),
                    device: identity.device().into(),
                    sensor: "not recorded".into(),
                    modality: Some(answered.forced_by),
                    cause: Cause::NotMeasured,
                    kind: Kind::FalseReject,
                    near_lockout: false,
                });
            }
        }
    }
}

/// Where the record has a case being opened for a modality.
fn cases(ledger: &Ledger, identity: &Identity) -> Result<Vec<(u64, Modality)>, RecordError> {
    let (mut after, mut cases) = (0, Vec::new());
    loop {
        let page = ledger.of_kind(CASE, after, READ_AT_ONCE as u32)?;
        let Some(last) = page.last() else { return Ok(cases) };
        after = last.id.seq;
        // One that is not understood is no case anywhere.
        let events =
            page.iter().filter(|entry| !entry.is_pruned()).filter_map(|entry| Some((entry.id.seq, parse(entry).ok()?)));
        cases.extend(events.filter_map(|(seq, event)| match event {
            CaseEvent::Opened { case } if case.identity == *identity => Some((seq, case.modality?)),
            _ => None,
        }));
    }
}

/// The step-up that goes on, as decisions tell of it.
#[derive(Default)]
struct StepUps {
    forced_by: Option<Modality>,
    asked: u64,
    proven: bool,
}

/// A step-up that was answered, between two places in the record.
struct Answered {
    forced_by: Modality,
    asked: u64,
    ended: u64,
}

impl StepUps {
    /// What asked in vain, when this event, at that place in the record, ends such a step-up.
    fn answered(&mut self, event: &Event, at: u64) -> Option<Answered> {
        match event {
            Event::StepUpAsked { reason: StepUpReason::Evidence, forced_by, .. } => {
                *self = Self { forced_by: *forced_by, asked: at, proven: false };
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
                let step = std::mem::take(self);
                let forced_by = step.forced_by.filter(|_| step.proven && *how == StepUpEnd::Verified)?;
                Some(Answered { forced_by, asked: step.asked, ended: at })
            }
            _ => None,
        }
    }
}

impl Answered {
    /// Whether it is what a case was opened for: while it went on, and for the modality that asked.
    fn became(&self, (at, modality): (u64, Modality)) -> bool {
        modality == self.forced_by && (self.asked..self.ended).contains(&at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use stillyou_governance::{CaseId, Casebook, Failure, Moment, PolicyId};
    use stillyou_ledger::At;
    use stillyou_trust::{Band, Decision, LogOdds, Policy, State, TrustTime};

    const NOW: At = At { unix_ms: 1, boot_ms: 1 };

    #[test]
    fn only_what_evidence_asked_and_a_factor_answered_counts() {
        let asked = |reason, forced_by| Event::StepUpAsked { reason, forced_by, deadline: TrustTime::default() };
        let by = |factor| Event::Verified { factor };
        let ended = |how| Event::StepUpEnded { how };
        let typed = Some(Modality::Keystroke);
        let count = |events: &[Event]| {
            let mut steps = StepUps::default();
            events
                .iter()
                .filter_map(|event| steps.answered(event, 0))
                .map(|answered| answered.forced_by)
                .collect::<Vec<_>>()
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

    fn identity() -> Identity {
        Identity::new("pat", "desk-7").unwrap()
    }

    fn decided(ledger: &mut Ledger, event: Event) {
        let (at, state) = (TrustTime::default(), State::Watching { band: Band::Watch });
        let decision = Decision { at, event, state, log_odds: LogOdds(0.0), explanation: None };
        let (policy, model) = ("p".into(), "m".into());
        ledger.append(NOW, "decision", &Decided { decision, muted: BTreeSet::new(), policy, model }).unwrap();
    }

    fn opened(ledger: &mut Ledger, modality: Modality, identity: Identity) {
        let policy = Policy::default().governance;
        let book = Casebook::new(policy.clone(), PolicyId::of(&policy), identity);
        let now = Moment { wall_s: 1, up: TrustTime::default(), boot: 1 };
        let failure = Failure { modality: Some(modality), ..Failure::default() };
        ledger.append(NOW, CASE, &book.open(CaseId::new([1; 16]), failure, now)).unwrap();
    }

    /// A step-up that typing asked for and the password answered, with a case opened before it, in it or after it.
    fn counted(before: Option<Modality>, within: Option<(Modality, Identity)>, after: Option<Modality>) -> Vec<Failed> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let mut ledger = Ledger::open(&path).unwrap();
        before.into_iter().for_each(|modality| opened(&mut ledger, modality, identity()));
        let forced_by = Some(Modality::Keystroke);
        decided(
            &mut ledger,
            Event::StepUpAsked { reason: StepUpReason::Evidence, forced_by, deadline: TrustTime::default() },
        );
        within.into_iter().for_each(|(modality, of)| opened(&mut ledger, modality, of));
        decided(&mut ledger, Event::Verified { factor: Factor::Password });
        decided(&mut ledger, Event::StepUpEnded { how: StepUpEnd::Verified });
        after.into_iter().for_each(|modality| opened(&mut ledger, modality, identity()));
        drop(ledger);
        failures(&path, &identity(), 0).unwrap()
    }

    #[test]
    fn a_step_up_that_became_a_case_counts_as_that_case_alone() {
        let (typed, face) = (Modality::Keystroke, Modality::Face);
        assert_eq!(counted(None, Some((typed, identity())), None), []);
        let elsewhere = Identity::new("pat", "desk-8").unwrap();
        let cases = [
            counted(None, None, None),
            counted(None, Some((face, identity())), None),
            counted(None, Some((typed, elsewhere)), None),
            counted(Some(typed), None, Some(typed)),
        ];
        for failed in cases {
            let [failed] = failed.as_slice() else { panic!("{failed:?}") };
            assert_eq!((failed.modality, failed.cause), (Some(typed), Cause::NotMeasured));
        }
    }
}
