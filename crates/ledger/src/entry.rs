use crate::chain;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// When something happened, by two clocks. The ledger reads neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct At {
    /// Wall clock: milliseconds since 1970-01-01 UTC. It can be set back.
    pub unix_ms: i64,
    /// Milliseconds since boot, suspend included. It starts anew with each boot.
    pub boot_ms: u64,
}

/// Which entry, and the end of the chain once it was appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryId {
    /// Its place, counted from 1.
    pub seq: u64,
    /// Its hash, which covers all entries before it.
    pub hash: Hash,
}

/// One entry as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place and hash.
    #[serde(flatten)]
    pub id: EntryId,
    /// When it was appended.
    pub at: At,
    /// What kind of entry, in the caller's terms.
    pub kind: String,
    /// JSON text: keys sorted, no white space; empty once it was pruned.
    pub payload: String,
    /// Hash of the entry before it; of the file's identity for the first.
    pub prev_hash: Hash,
}

impl Entry {
    /// Whether the entry's hash is that of its fields. What came before it is not looked at.
    pub fn is_whole(&self) -> bool {
        chain::link(&self.prev_hash, self.id.seq, self.at, &self.kind, &self.payload) == self.id.hash
    }

    /// Whether its payload was taken out. Its hash stays, and what it was can't be told from that; whether it was
    /// pruned as it should be says [`verify`](crate::Ledger::verify).
    pub fn is_pruned(&self) -> bool {
        self.payload.is_empty()
    }

    /// The payload as a value of the caller's type.
    ///
    /// # Errors
    /// When the payload is not of that type.
    pub fn parse<'a, T: Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.payload)
    }
}

/// A SHA-256 value, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The value of 64 lower-case hexadecimal digits, `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        hex(text).map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Hash::parse(&text).ok_or_else(|| D::Error::custom("a hash is 64 lower-case hexadecimal digits"))
    }
}

/// The bytes of exactly `2 N` lower-case hexadecimal digits.
pub fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N || !digits.iter().all(|d| matches!(d, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
