use crate::{
    Broken, Checkpoint, CheckpointFault, EntryId, Fault, Hash, Head, Ledger, VerifierKey, ledger,
    merkle::{self, Tree},
    prune::{PRUNED, Pruned},
    schema,
};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// A ledger that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries it has.
    pub entries: u64,
    /// The last of them.
    pub last: Option<EntryId>,
    /// Root of the Merkle tree over all of them.
    pub root: Hash,
    /// How many of them the newest signed checkpoint covers; without a key, the newest one that fits.
    pub signed: u64,
    /// How many entries came after the known head, when one was given: not acknowledged yet when the process was killed,
    /// or appended while the place of the head could not be reached. Many more than that mean an old head.
    pub ahead: Option<u64>,
}

impl Ledger {
    /// Checks every entry, every checkpoint, the schema and the database's own structure, in one state of the file.
    ///
    /// `known` is a head that was kept elsewhere: the ledger must contain it, and may have grown since. Without it, a
    /// ledger cut off at its end or put back from an older copy can't be told from a whole one. `key` is the public key
    /// that signs; without it checkpoints are only compared with the entries, and a ledger that was rewritten as a
    /// whole by somebody who knows its format can't be told either.
    ///
    /// # Errors
    /// The first place at which the ledger is not as it was written.
    pub fn verify(&self, known: Option<&Head>, key: Option<&VerifierKey>) -> Result<Verified, Broken> {
        if let Some(head) = known
            && head.database_id != self.database
        {
            let what = Fault::AnotherLedger { known: head.database_id, found: self.database };
            return Err(Broken { seq: 0, what });
        }
        let transaction = self.connection.unchecked_transaction().map_err(unreadable(0))?;
        let verified = self.verify_entries(&transaction, known, key)?;
        if let Some(object) = schema::first_foreign_object(&transaction).map_err(unreadable(0))? {
            return Err(Broken { seq: 0, what: Fault::Unprotected { object } });
        }
        let structure: String =
            transaction.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(unreadable(0))?;
        if structure == "ok" { Ok(verified) } else { Err(Broken { seq: 0, what: Fault::Unreadable(structure) }) }
    }

    fn verify_entries(
        &self,
        connection: &Connection,
        known: Option<&Head>,
        key: Option<&VerifierKey>,
    ) -> Result<Verified, Broken> {
        let mut statement = connection
            .prepare("SELECT entry.*, note FROM entry LEFT JOIN checkpoint ON size = seq ORDER BY seq")
            .map_err(unreadable(1))?;
        let mut rows = statement.query([]).map_err(unreadable(1))?;
        let (mut tree, mut prev, mut last, mut signed) = (Tree::default(), self.genesis, None, 0);
        let mut emptied = BTreeSet::new();
        loop {
            if let Some(head) = known
                && head.size == tree.size()
                && head.root != tree.root()
            {
                return Err(Broken { seq: (signed + 1).min(head.size), what: Fault::Rewritten { up_to: head.size } });
            }
            let seq = tree.size() + 1;
            let Some(row) = rows.next().map_err(unreadable(seq))? else { break };
            let entry = ledger::read(row).map_err(unreadable(seq))?;
            let broken = |what| Err(Broken { seq, what });
            if entry.id.seq != seq {
                return broken(Fault::Missing);
            }
            if entry.is_pruned() {
                emptied.insert(seq);
            } else if !entry.is_whole() {
                return broken(Fault::Edited);
            } else if entry.kind == PRUNED {
                let named =
                    entry.parse::<Pruned>().map_err(|e| Broken { seq, what: Fault::Unreadable(e.to_string()) })?;
                for place in &named.entries {
                    emptied.remove(place);
                }
            }
            if entry.prev_hash != prev {
                return broken(Fault::Unlinked);
            }
            tree.push(merkle::leaf(&entry.id.hash.0));
            if let Some(note) = row.get::<_, Option<String>>("note").map_err(unreadable(seq))? {
                let checkpoint = self.checkpoint(&note, key).map_err(|fault| Broken { seq, what: fault })?;
                if checkpoint.size != seq {
                    return broken(Fault::Checkpoint(CheckpointFault::Foreign));
                }
                if checkpoint.root != tree.root() {
                    return Err(Broken { seq: signed + 1, what: Fault::Rewritten { up_to: seq } });
                }
                signed = seq;
            }
            prev = entry.id.hash;
            last = Some(entry.id);
        }
        // Nothing says that it should have been emptied.
        if let Some(seq) = emptied.first() {
            return Err(Broken { seq: *seq, what: Fault::Edited });
        }
        let entries = tree.size();
        let beyond: Option<u64> =
            connection.query_row("SELECT max(size) FROM checkpoint", [], |row| row.get(0)).map_err(unreadable(0))?;
        let expected = beyond.max(known.map(|head| head.size)).unwrap_or(0);
        if expected > entries {
            return Err(Broken { seq: entries + 1, what: Fault::Truncated { known: expected } });
        }
        Ok(Verified { entries, last, root: tree.root(), signed, ahead: known.map(|head| entries - head.size) })
    }

    fn checkpoint(&self, note: &str, key: Option<&VerifierKey>) -> Result<Checkpoint, Fault> {
        let checkpoint = match key {
            Some(key) => Checkpoint::open(note, key),
            None => Checkpoint::read(note),
        };
        let checkpoint = checkpoint.map_err(|fault| Fault::Checkpoint(fault.into()))?;
        if checkpoint.origin == crate::checkpoint::origin(self.database) {
            Ok(checkpoint)
        } else {
            Err(Fault::Checkpoint(CheckpointFault::Foreign))
        }
    }
}

fn unreadable(seq: u64) -> impl Fn(rusqlite::Error) -> Broken {
    move |e| Broken { seq, what: Fault::Unreadable(e.to_string()) }
}
