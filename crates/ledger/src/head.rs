use crate::{Hash, canonical::canonical};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Where a ledger stood: what is kept outside of it, so that a ledger that was cut off, rewritten, swapped or put back
/// from an older copy is found out ([`crate::Ledger::verify`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many entries it had.
    pub size: u64,
    /// Root of the RFC 6962 Merkle tree over their hashes.
    pub root: Hash,
    /// One more than that of the head kept before, of whatever ledger: it never goes back.
    pub counter: u64,
    /// Which ledger.
    pub database_id: DatabaseId,
}

/// Bytes that are not a head.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what was kept as the ledger's head is not one: {0}")]
pub struct BadHead(String);

impl Head {
    /// The head as bytes, always the same for the same head: JSON with sorted keys, less than 300 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // A struct of numbers and texts can always be written.
        canonical(&serde_json::to_value(self).unwrap_or_default()).into_bytes()
    }

    /// Reads what [`Self::to_bytes`] made.
    ///
    /// # Errors
    /// For anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadHead> {
        let head: Self = serde_json::from_slice(bytes).map_err(|e| BadHead(e.to_string()))?;
        if head.to_bytes() == bytes { Ok(head) } else { Err(BadHead("its fields are not in their order".to_owned())) }
    }
}

/// Which ledger: 16 random bytes made with the file, written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DatabaseId([u8; 16]);

impl DatabaseId {
    /// The id of 32 lower-case hexadecimal digits, `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        crate::entry::hex(text).map(Self)
    }
}

impl fmt::Display for DatabaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DatabaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseId({self})")
    }
}

impl Serialize for DatabaseId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DatabaseId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("a database id is 32 lower-case hexadecimal digits"))
    }
}
