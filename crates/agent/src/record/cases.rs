use super::{Pruned, Record, RecordError, TOLD, Told, parse, stamped};
use std::collections::{BTreeMap, BTreeSet};
use stillyou_governance::{CaseId, Event, GrantId, ShortCode};
use stillyou_ledger::{Entry, MOST_PRUNED};

/// The kind of entry that the governed fallback makes.
pub const CASE: &str = "case";

/// Entries read at a time.
const PAGE: u32 = 100;

impl Record {
    /// What happened to cases after entry `seq`, on any desk of this user, each with its place. An entry that is not
    /// understood is left out, with a word in the log: it must not keep the rest from being read.
    ///
    /// # Errors
    /// When the ledger can't be read.
    pub fn cases_after(&self, seq: u64) -> Result<Vec<(u64, Event)>, RecordError> {
        let (mut after, mut all) = (seq, Vec::new());
        loop {
            let page = self.ledger()?.of_kind(CASE, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(all) };
            after = last.id.seq;
            for entry in page.iter().filter(|entry| !entry.is_pruned()) {
                match parse(entry) {
                    Ok(event) => all.push((entry.id.seq, event)),
                    Err(e) => tracing::warn!("{e}"),
                }
            }
        }
    }

    /// Takes what is said of cases out of the record, and what others were told of them, where it was made before `before_ms`
    /// (Unix time) and is not about one of `kept`; how many entries that were. The record tells that they were there, and
    /// still verifies.
    ///
    /// # Errors
    /// When the ledger can't be read or written.
    pub fn prune_cases(&mut self, kept: &BTreeSet<CaseId>, before_ms: i64, days: u64) -> Result<usize, RecordError> {
        let (mut grants, mut pruned) = (BTreeMap::new(), 0);
        let codes: BTreeSet<String> = kept.iter().map(|case| ShortCode::of(*case).to_string()).collect();
        let cases = self.older(CASE, before_ms, |entry| !is_about(entry, kept, &mut grants))?;
        let told = self.older(TOLD, before_ms, |entry| tells_of_others(entry, &codes))?;
        for (kind, entries) in [(CASE, cases), (TOLD, told)] {
            for entries in entries.chunks(MOST_PRUNED) {
                let (at, why) = (self.now(), stamped(&self.desk, &Pruned { kind: kind.into(), days })?);
                let ledger = self.ledger.as_mut().map_err(|why| RecordError::Closed(why.clone()))?;
                ledger.prune(at, entries, &why)?;
                pruned += entries.len();
            }
        }
        Ok(pruned)
    }

    /// Places of the entries of a kind that were made before `before_ms`, are still there, and go.
    fn older(&self, kind: &str, before_ms: i64, mut goes: impl FnMut(&Entry) -> bool) -> Result<Vec<u64>, RecordError> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let page = self.ledger()?.of_kind(kind, after, PAGE)?;
            let Some(last) = page.last() else { return Ok(all) };
            after = last.id.seq;
            let old = page.iter().filter(|entry| !entry.is_pruned() && entry.at.unix_ms < before_ms);
            all.extend(old.filter(|entry| goes(entry)).map(|entry| entry.id.seq));
        }
    }
}

/// Whether others were told of a case, and it is none of these.
fn tells_of_others(entry: &Entry, codes: &BTreeSet<String>) -> bool {
    let told = parse::<Told>(entry).ok();
    told.and_then(|told| told.case).is_some_and(|case| !codes.contains(&case))
}

/// Whether an entry is about one of these cases; a revocation names a grant alone.
fn is_about(entry: &Entry, cases: &BTreeSet<CaseId>, grants: &mut BTreeMap<GrantId, CaseId>) -> bool {
    let Ok(event) = parse::<Event>(entry) else { return false };
    if let Event::Granted { case, used } = &event {
        grants.insert(used.grant, *case);
    }
    let case = match &event {
        Event::Revoked { grant, .. } => grants.get(grant).copied(),
        event => event.case(),
    };
    case.is_some_and(|case| cases.contains(&case))
}
