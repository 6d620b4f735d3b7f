//! Biometric templates, sealed, in the keychain of the operating system.
//!
//! Per user and slot (a modality) one template, versioned by generation. Its bytes are sealed with
//! XChaCha20-Poly1305 under a random 256-bit key per user that is a keychain entry of its own; user, device, slot,
//! model hash and generation are associated data. The sealed bytes lie in the keychain too, in numbered pieces of at
//! most 2,560 bytes (the limit of the Windows Credential Manager).
//!
//! A change is all or nothing. [`Vault::prepare`] writes the new pieces beside the old ones; [`Vault::commit`]
//! switches the index entry. Between the two the caller records [`Stored`] in the ledger; [`Vault::load`] accepts
//! only what the ledger names, so an older template that was put back is refused, and a switch that a crash cut off
//! is completed.
//!
//! The ledger's signing key and its newest head are kept here too, as bytes that mean nothing to this crate; an erasure
//! leaves them.
//!
//! Every call talks to the keychain and may wait for it (about 10 ms an entry; as long as the person takes, where the
//! desktop asks them to unlock the keychain): not for an async thread.

mod approver;
mod device;
mod digest;
mod erase;
mod error;
mod index;
mod keychain;
mod ledger;
mod name;
mod piece;
mod seal;
mod vault;

#[cfg(test)]
mod tests;

pub use device::device_id;
pub use digest::Digest;
pub use erase::ErasureProof;
pub use error::VaultError;
pub use index::Stored;
pub use keychain::{Keychain, KeychainError, OsKeychain};
pub use ledger::MAX_HEAD_BYTES;
pub use vault::{MAX_TEMPLATE_BYTES, Owner, Prepared, SlotStatus, Template, Vault};
