use super::{Began, Decided, READ_AT_ONCE, Record, RecordError, parse};
use crate::ipc::PastDecision;
use stillyou_desktop_os::session::LoginId;
use stillyou_trust::{Before, Decision, Event, State};

/// Decisions listed at a time.
const LISTED: usize = 50;

impl Record {
    /// A recorded decision that has reasons.
    ///
    /// # Errors
    /// When entry `seq` is none.
    pub fn decision(&self, seq: u64) -> Result<Decision, RecordError> {
        let entry = self.ledger()?.entries(seq..=seq)?.into_iter().next().filter(|e| e.kind == "decision");
        let decision = parse::<Decided>(&entry.ok_or(RecordError::NoDecision(seq))?)?.decision;
        if decision.explanation.is_none() { Err(RecordError::NoDecision(seq)) } else { Ok(decision) }
    }

    /// The last decisions that have reasons, newest last, at most [`LISTED`].
    ///
    /// # Errors
    /// When the ledger can't be read or an entry is not understood.
    pub fn decisions(&self) -> Result<Vec<PastDecision>, RecordError> {
        let mut found = Vec::new();
        let mut end = self.ledger()?.end()?.map_or(0, |head| head.seq);
        while end > 0 && found.len() < LISTED {
            let begin = end.saturating_sub(READ_AT_ONCE) + 1;
            for entry in self.ledger()?.entries(begin..=end)?.iter().rev().filter(|e| e.kind == "decision") {
                let decision = parse::<Decided>(entry)?.decision;
                if decision.explanation.is_some() && found.len() < LISTED {
                    let (unix_ms, score) = (entry.at.unix_ms, decision.log_odds.score());
                    found.push(PastDecision { entry: entry.id.seq, unix_ms, event: decision.event, score });
                }
            }
            end = begin - 1;
        }
        found.reverse();
        Ok(found)
    }

    /// What was known before the agent started again within `login`, if it did.
    ///
    /// # Errors
    /// When the ledger can't be read or its last entries are not understood.
    pub fn before(&self, login: &LoginId) -> Result<Option<Before>, RecordError> {
        let Some(began) = self.last_here("began")? else { return Ok(None) };
        let Some(last) = self.last_here("decision")? else { return Ok(None) };
        let (began, last) = (parse::<Began>(&began)?, parse::<Decided>(&last)?);
        let nothing = matches!(last.decision.event, Event::LearningAgain) || last.decision.state == State::Learning;
        if login.is_another_login(&began.login) || nothing {
            return Ok(None);
        }
        let owes_step_up = matches!(last.decision.state, State::StepUp { .. } | State::Locked { by_score: true });
        Ok(Some(Before { log_odds: last.decision.log_odds, owes_step_up, muted: last.muted }))
    }
}
