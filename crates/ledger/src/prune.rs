use crate::{At, EntryId, Ledger, LedgerError};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The kind of entry that names those whose payload was taken out.
pub(crate) const PRUNED: &str = "pruned";

/// The most entries that one such entry names.
pub const MOST_PRUNED: usize = 10_000;

/// Payload of `pruned`. The caller may say more in other fields.
#[derive(Deserialize)]
pub(crate) struct Pruned {
    /// Places of entries, all of them before this one.
    pub(crate) entries: Vec<u64>,
}

#[derive(Serialize)]
struct Pruning<'a, T> {
    entries: &'a [u64],
    #[serde(flatten)]
    why: &'a T,
}

impl Ledger {
    /// Takes the payloads of entries out, for good, and records which: an entry of kind `pruned` with their places in
    /// `entries` beside the fields of `why`. Hashes, places, times and kinds stay, so that the chain, the tree, its
    /// checkpoints and every proof hold as before.
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`] when one of 1 to [`MOST_PRUNED`] is not there; [`LedgerError::NotPrunable`] when it was
    /// pruned before or says what was; and as [`Self::append`]. Nothing is pruned then.
    pub fn prune(&mut self, at: At, entries: &[u64], why: &impl Serialize) -> Result<EntryId, LedgerError> {
        for seq in entries {
            let entry = self.entry(*seq)?;
            if entry.is_pruned() || entry.kind == PRUNED {
                return Err(LedgerError::NotPrunable { seq: *seq });
            }
        }
        if entries.is_empty() || entries.len() > MOST_PRUNED {
            return Err(LedgerError::NoEntry { path: self.path.clone(), seq: 0 });
        }
        let path = self.path.clone();
        let id =
            self.append_with(at, PRUNED, &Pruning { entries, why }, |connection| empty(connection, &path, entries))?;
        // What was there stays in the log of writes until that is written over; where somebody reads, the next one does
        // it.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        Ok(id)
    }
}

fn empty(connection: &Connection, path: &Path, entries: &[u64]) -> Result<(), LedgerError> {
    let sqlite = |e| LedgerError::sqlite(path, e);
    let mut update = connection.prepare_cached("UPDATE entry SET payload = '' WHERE seq = ?1").map_err(sqlite)?;
    entries.iter().try_for_each(|seq| update.execute([seq]).map(drop).map_err(sqlite))
}
