use super::{Known, Record, RecordError, open_ledger};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use stillyou_ledger::{Head, LedgerError};

/// Payload of `replaced`, the first entry of a ledger that was begun because the one before was refused.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Replaced {
    /// What was wrong with it.
    why: String,
    /// Where it is kept as evidence; `None` when there was no file left to keep.
    kept_as: Option<PathBuf>,
    /// The head of it that the keychain knew.
    head: Option<Head>,
}

impl RecordError {
    /// Whether the ledger itself is not what was written, so that nothing in it can be relied on.
    pub fn refuses_ledger(&self) -> bool {
        match self {
            RecordError::Broken(_) => true,
            RecordError::Closed(e) => is_refused(e),
            RecordError::Ledger(e) => is_refused(e),
            _ => false,
        }
    }
}

impl Record {
    /// Moves a refused ledger aside and begins another, whose first entry says so. The count of heads goes on.
    ///
    /// # Errors
    /// When no other can be begun; the refused one is then moved aside nevertheless.
    pub fn replace(&mut self, why: &RecordError) -> Result<(), RecordError> {
        let head = match self.known {
            Known::Unknown => None,
            Known::Fits(head) | Known::Contradicts(head) => head,
        };
        let replaced = Replaced { why: why.to_string(), kept_as: move_aside(&self.path), head };
        self.ledger = open_ledger(&self.path);
        if self.known != Known::Unknown {
            self.known = Known::Fits(head);
        }
        self.attach_signer()?;
        self.append("replaced", &replaced).map(drop)
    }
}

fn is_refused(error: &LedgerError) -> bool {
    matches!(error, LedgerError::Damaged { .. } | LedgerError::NotALedger { .. } | LedgerError::OlderSchema { .. })
}

/// Renames the ledger's files, so that none of them belongs to the next one; what can't be renamed shows there.
fn move_aside(path: &Path) -> Option<PathBuf> {
    let named = |suffix: &str| {
        let mut name = OsString::from(path);
        name.push(suffix);
        PathBuf::from(name)
    };
    let place = (1..).map(|n| named(&format!(".refused-{n}"))).find(|place| !place.exists())?;
    for companion in ["-wal", "-shm"] {
        let _ = std::fs::rename(named(companion), place.with_added_extension(&companion[1..]));
    }
    std::fs::rename(path, &place).ok().map(|()| place)
}
