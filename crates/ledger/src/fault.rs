use crate::{DatabaseId, note::NoteFault};
use std::fmt;

/// Where a ledger is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ledger is broken{}: {what}", place(*seq))]
pub struct Broken {
    /// The first place at which it is not as it was written; 0 when no single entry is concerned.
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
    /// Here the ledger ends, and it had more entries: it was cut off, or an older copy was put back.
    Truncated {
        /// How many entries it had at least.
        known: u64,
    },
    /// The entries from here up to `up_to` fit together but are not those that were written: some were written anew.
    Rewritten {
        /// The entry whose head or checkpoint they do not have.
        up_to: u64,
    },
    /// It is another ledger than the one whose head is known.
    AnotherLedger {
        /// The one that is known.
        known: DatabaseId,
        /// The one that is there.
        found: DatabaseId,
    },
    /// The checkpoint of this entry is not one of this ledger.
    Checkpoint(CheckpointFault),
    /// What refuses changes is missing or was altered, or something was added.
    Unprotected {
        /// Name of the schema's object.
        object: String,
    },
    /// The database can't be read here.
    Unreadable(String),
}

/// What can be wrong with a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckpointFault {
    /// It is not a signed checkpoint at all.
    Malformed,
    /// It is of another ledger or another place.
    Foreign,
    /// Another key has signed it.
    OtherKey,
    /// Its signature is false.
    BadSignature,
}

impl From<NoteFault> for CheckpointFault {
    fn from(fault: NoteFault) -> Self {
        match fault {
            NoteFault::Malformed => Self::Malformed,
            NoteFault::Unsigned => Self::OtherKey,
            NoteFault::Forged => Self::BadSignature,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("it is missing"),
            Self::Edited => f.write_str("it was edited after it was written"),
            Self::Unlinked => f.write_str("it does not follow the entry before it: entries were removed or reordered"),
            Self::Truncated { known } => {
                write!(f, "the record ends before it and had {known} entries: it was cut off or an older copy put back")
            }
            Self::Rewritten { up_to } => {
                write!(f, "it, or one of the entries after it up to {up_to}, was replaced by one written later")
            }
            Self::AnotherLedger { known, found } => {
                write!(f, "another ledger ({found}) is in the place of the known one ({known})")
            }
            Self::Checkpoint(fault) => write!(f, "its checkpoint {fault}"),
            Self::Unprotected { object } => write!(f, "the database's `{object}` is not as this version made it"),
            Self::Unreadable(what) => write!(f, "the database can't be read: {what}"),
        }
    }
}

impl fmt::Display for CheckpointFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "is malformed",
            Self::Foreign => "is one of another ledger or place",
            Self::OtherKey => "is not signed by the ledger's key",
            Self::BadSignature => "has a false signature",
        })
    }
}

fn place(seq: u64) -> String {
    if seq == 0 { String::new() } else { format!(" at entry {seq}") }
}
