//! The tamper-evident record of decisions: one append-only SQLite file whose entries are chained by hashes.
//!
//! Triggers refuse changes and removals, so that no mistake of ours makes one; [`Ledger::verify`] finds and places those
//! that somebody else made. Three things are layered, each finding what the one before can't:
//!
//! - the chain of hashes: edits, removals, reordering;
//! - an RFC 6962 Merkle tree over the entries, with a checkpoint signed at every append ([`Signer`]): entries rewritten
//!   as a whole by somebody who knows this format but not the key; and [`Proof`]s for others;
//! - the [`Head`], kept elsewhere before an entry is acknowledged: an end cut off, an older copy put back, another
//!   ledger in its place.
//!
//! What must not be kept for ever is [pruned](Ledger::prune): the payload goes, its hash stays, and an entry says so.
//!
//! What the entries mean is the caller's business; nothing that is typed and nothing biometric belongs in them.

mod canonical;
mod chain;
mod checkpoint;
mod entry;
mod error;
mod fault;
mod head;
mod key;
mod ledger;
pub mod merkle;
mod note;
mod proof;
mod prove;
mod prune;
mod schema;
mod verify;

#[cfg(test)]
mod tests;

pub use checkpoint::Checkpoint;
pub use entry::{At, Entry, EntryId, Hash};
pub use error::LedgerError;
pub use fault::{Broken, CheckpointFault, Fault};
pub use head::{BadHead, DatabaseId, Head};
pub use key::{BadKey, Signer, VerifierKey};
pub use ledger::{Ledger, MAX_KIND_BYTES, MAX_PAYLOAD_BYTES};
pub use proof::{Proof, ProofError};
pub use prune::MOST_PRUNED;
pub use schema::SCHEMA_VERSION;
pub use verify::Verified;
