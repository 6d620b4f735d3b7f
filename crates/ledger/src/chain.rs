use crate::{At, Hash};
use sha2::{Digest, Sha256};

/// What the first entry's `prev_hash` is: bound to this very file, so that entries can't be moved to another.
pub fn genesis(database_id: &str, schema_version: i64) -> Hash {
    let mut hash = Sha256::new();
    field(&mut hash, b"stillyou ledger genesis v1");
    field(&mut hash, database_id.as_bytes());
    field(&mut hash, &schema_version.to_be_bytes());
    Hash(hash.finalize().into())
}

/// The hash of an entry: SHA-256 over a domain tag and every field, each with its length before it.
pub fn link(prev: &Hash, seq: u64, at: At, kind: &str, payload: &str) -> Hash {
    let mut hash = Sha256::new();
    field(&mut hash, b"stillyou ledger entry v1");
    field(&mut hash, &prev.0);
    field(&mut hash, &seq.to_be_bytes());
    field(&mut hash, &at.unix_ms.to_be_bytes());
    field(&mut hash, &at.boot_ms.to_be_bytes());
    field(&mut hash, kind.as_bytes());
    field(&mut hash, payload.as_bytes());
    Hash(hash.finalize().into())
}

fn field(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
