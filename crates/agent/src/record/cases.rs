use super::{Record, RecordError, parse};
use stillyou_governance::Event;

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
            for entry in &page {
                match parse(entry) {
                    Ok(event) => all.push((entry.id.seq, event)),
                    Err(e) => tracing::warn!("{e}"),
                }
            }
        }
    }
}
