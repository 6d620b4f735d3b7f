use crate::{EntryId, Ledger, chain, ledger, schema};
use std::fmt;

/// A ledger whose whole chain holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many entries it has.
    pub entries: u64,
    /// The last of them; keep it elsewhere to notice a truncation later.
    pub head: Option<EntryId>,
}

/// Where a ledger is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger is broken at entry {seq}: {what}")]
pub struct Broken {
    /// The first place at which it is not as it was written; 0 when no entry is concerned.
    pub seq: u64,
    /// What is wrong there.
    pub what: Fault,
}

/// What can be wrong with a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// An entry that must be here is not.
    Missing,
    /// The entry's fields do not have the hash it carries.
    Edited,
    /// The entry does not follow the one before it: entries were removed, reordered, or come from another ledger.
    Unlinked,
    /// The chain ends before the known head, or has another entry in its place.
    Truncated {
        /// Place of the known head.
        known: u64,
    },
    /// What refuses changes is missing or was altered, or something was added.
    Unprotected {
        /// Name of the schema's object.
        object: String,
    },
    /// The database can't be read here.
    Unreadable(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is missing"),
            Self::Edited => f.write_str("it was edited after it was written"),
            Self::Unlinked => f.write_str("it does not follow the entry before it: entries were removed or reordered"),
            Self::Truncated { known } => write!(f, "the record ends or branches off before the known head {known}"),
            Self::Unprotected { object } => write!(f, "the database's `{object}` is not as this version made it"),
            Self::Unreadable(what) => write!(f, "the database can't be read: {what}"),
        }
    }
}

impl Ledger {
    /// Checks every entry and the schema; `known` is a head that was kept elsewhere and must be part of the chain.
    ///
    /// Entries that others append meanwhile are not looked at.
    ///
    /// # Errors
    /// The first place at which the ledger is not as it was written.
    pub fn verify(&self, known: Option<&EntryId>) -> Result<Verified, Broken> {
        let mut verified = Verified { entries: 0, head: None };
        let unreadable = |seq| move |e: rusqlite::Error| Broken { seq, what: Fault::Unreadable(e.to_string()) };
        // One transaction, so that all is read from one state.
        let transaction = self.connection.unchecked_transaction().map_err(unreadable(0))?;
        let mut statement = transaction.prepare("SELECT * FROM entry ORDER BY seq").map_err(unreadable(1))?;
        let mut rows = statement.query([]).map_err(unreadable(1))?;
        let mut prev = self.genesis;
        let mut known_in_place = known.is_none();
        loop {
            let seq = verified.entries + 1;
            let Some(row) = rows.next().map_err(unreadable(seq))? else { break };
            let entry = ledger::read(row).map_err(unreadable(seq))?;
            let broken = |what| Err(Broken { seq, what });
            if entry.id.seq != seq {
                return broken(Fault::Missing);
            }
            if chain::link(&entry.prev_hash, seq, entry.at, &entry.kind, &entry.payload) != entry.id.hash {
                return broken(Fault::Edited);
            }
            if entry.prev_hash != prev {
                return broken(Fault::Unlinked);
            }
            known_in_place |= known == Some(&entry.id);
            prev = entry.id.hash;
            verified = Verified { entries: seq, head: Some(entry.id) };
        }
        if let Some(known) = known
            && !known_in_place
        {
            let seq = known.seq.min(verified.entries + 1);
            return Err(Broken { seq, what: Fault::Truncated { known: known.seq } });
        }
        drop(rows);
        drop(statement);
        match schema::first_foreign_object(&transaction).map_err(unreadable(0))? {
            Some(object) => Err(Broken { seq: 0, what: Fault::Unprotected { object } }),
            None => Ok(verified),
        }
    }
}
