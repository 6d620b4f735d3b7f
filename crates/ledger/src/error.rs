use rusqlite::{ErrorCode, ffi};
use std::path::{Path, PathBuf};

/// Why the ledger could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// No space is left for another entry.
    #[error("the disk that holds the ledger {} is full; make room, nothing was recorded", path.display())]
    DiskFull {
        /// The ledger's file.
        path: PathBuf,
    },
    /// The file is not a readable database, or what it holds is not what was written.
    #[error("the ledger {} is damaged: {what}; move it away and keep it as evidence, a new one is then begun", path.display())]
    Damaged {
        /// The ledger's file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A later version of StillYou wrote it.
    #[error(
        "the ledger {} has schema {found}, this version knows schema {} only; use the StillYou that wrote it",
        path.display(), crate::SCHEMA_VERSION
    )]
    NewerSchema {
        /// The ledger's file.
        path: PathBuf,
        /// Its schema.
        found: i64,
    },
    /// An earlier version of StillYou wrote it, before any release; it is not taken over.
    #[error(
        "the ledger {} has schema {found}, this version knows schema {} only; move it away and keep it, a new one is \
         then begun", path.display(), crate::SCHEMA_VERSION
    )]
    OlderSchema {
        /// The ledger's file.
        path: PathBuf,
        /// Its schema.
        found: i64,
    },
    /// There is no such entry.
    #[error("the ledger {} has no entry {seq}", path.display())]
    NoEntry {
        /// The ledger's file.
        path: PathBuf,
        /// The place asked for.
        seq: u64,
    },
    /// The entry's payload is gone already, or is what must stay.
    #[error("entry {seq} was pruned before, or says what was pruned: it stays")]
    NotPrunable {
        /// Its place.
        seq: u64,
    },
    /// No signed checkpoint covers the entry.
    #[error(
        "no signed checkpoint covers entry {seq} yet: there was no key to sign with since; the next signed entry will"
    )]
    Unsigned {
        /// Its place.
        seq: u64,
    },
    /// It is a database of something else.
    #[error("{} is not a StillYou ledger", path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// Another process holds it for too long.
    #[error("the ledger {} is held by another process", path.display())]
    Busy {
        /// The ledger's file.
        path: PathBuf,
    },
    /// The entry's payload is too large.
    #[error("the payload of `{kind}` has {bytes} bytes, {} are allowed", crate::MAX_PAYLOAD_BYTES)]
    PayloadTooLarge {
        /// Kind of the entry.
        kind: String,
        /// Size of its JSON text.
        bytes: usize,
    },
    /// The entry's payload can't be written as JSON.
    #[error("the payload of `{kind}` is not JSON: {what}")]
    BadPayload {
        /// Kind of the entry.
        kind: String,
        /// What is wrong with it.
        what: String,
    },
    /// A kind that the ledger does not take.
    #[error("`{kind}` is not a kind: 1 to {} lower-case letters, digits, `.`, `_` and `-`", crate::MAX_KIND_BYTES)]
    BadKind {
        /// The kind.
        kind: String,
    },
    /// A time that the ledger can't hold.
    #[error("{boot_ms} ms since boot is more than the ledger can hold")]
    BadTime {
        /// The time.
        boot_ms: u64,
    },
    /// The file system refused.
    #[error("the ledger {} can't be used: {what}", path.display())]
    Io {
        /// The ledger's file.
        path: PathBuf,
        /// What it said.
        what: String,
    },
}

impl LedgerError {
    pub(crate) fn sqlite(path: &Path, error: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let what = error.to_string();
        let extended = error.sqlite_error().map(|e| e.extended_code);
        match error.sqlite_error_code() {
            // The log's shared index can't grow: SQLite has a code of its own for this.
            _ if extended == Some(ffi::SQLITE_IOERR_SHMSIZE) => Self::DiskFull { path },
            Some(ErrorCode::DiskFull) => Self::DiskFull { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::TypeMismatch) => {
                Self::Damaged { path, what }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(_) => Self::Io { path, what },
            // Not from SQLite itself: a column that does not have the type that we write.
            None => Self::Damaged { path, what },
        }
    }

    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            Self::DiskFull { path: path.to_owned() }
        } else {
            Self::Io { path: path.to_owned(), what: error.to_string() }
        }
    }
}
