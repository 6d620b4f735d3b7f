//! The tamper-evident record of decisions: one append-only SQLite file whose entries are chained by hashes.
//!
//! Triggers refuse changes and removals, so that no mistake of ours makes one; [`Ledger::verify`] finds those that
//! somebody else made. What it can't find alone is a file cut off at the end or rewritten as a whole by somebody who
//! knows this format: for that, keep the head ([`Verified::head`], [`EntryId`]) elsewhere and give it to `verify`.
//!
//! What the entries mean is the caller's business; nothing that is typed and nothing biometric belongs in them.

mod canonical;
mod chain;
mod entry;
mod error;
mod ledger;
mod schema;
mod verify;

#[cfg(test)]
mod tests;

pub use entry::{At, Entry, EntryId, Hash};
pub use error::LedgerError;
pub use ledger::{Ledger, MAX_KIND_BYTES, MAX_PAYLOAD_BYTES};
pub use schema::SCHEMA_VERSION;
pub use verify::{Broken, Fault, Verified};
