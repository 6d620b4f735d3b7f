use crate::{
    Checkpoint, Entry, Hash, VerifierKey,
    checkpoint::{base64_hash, decimal},
    merkle,
    note::NoteFault,
};
use base64ct::{Base64, Encoding};
use std::{fmt, str::FromStr};

const FORMAT: &str = "c2sp.org/tlog-proof@v1";

/// Shows that an entry is part of the record, to somebody who has the public key and nothing else of the record.
///
/// Its text is a C2SP tlog-proof: index, the path of RFC 6962 section 2.1.1, and a signed checkpoint. The leaf's data is
/// the entry's hash (32 bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    entry: Option<Entry>,
    index: u64,
    path: Vec<Hash>,
    checkpoint: String,
}

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It is not a proof.
    #[error("not a proof of a ledger entry: {0}; one begins with `c2sp.org/tlog-proof@v1`")]
    NotAProof(&'static str),
    /// The proof carries no entry, and none was given.
    #[error("the proof carries no entry, only its place; make it with the entry, or give the entry's hash")]
    NoEntry,
    /// The entry is not the one with the hash it carries.
    #[error("entry {seq} does not have the hash that it carries: it was edited")]
    Edited {
        /// Place of the entry.
        seq: u64,
    },
    /// It proves another entry.
    #[error("the proof is for entry {proven}, not for entry {asked}")]
    AnotherEntry {
        /// Place in the proof.
        proven: u64,
        /// Place of the entry given.
        asked: u64,
    },
    /// The key has not signed the checkpoint.
    #[error("the checkpoint is not signed by the key {key}")]
    Unsigned {
        /// The key.
        key: String,
    },
    /// The signature is false.
    #[error("the checkpoint's signature is false")]
    Forged,
    /// The path does not lead to the signed root.
    #[error("the entry with hash {hash} is not in the signed record at place {seq}")]
    NotIncluded {
        /// Place in the proof.
        seq: u64,
        /// Hash of the entry given.
        hash: Hash,
    },
}

impl Proof {
    pub(crate) fn new(seq: u64, path: Vec<Hash>, checkpoint: String) -> Self {
        Self { entry: None, index: seq - 1, path, checkpoint }
    }

    /// The proof with the whole entry in it, as the format's `extra` data: its holder can read what was decided and why.
    pub fn with_entry(self, entry: Entry) -> Self {
        Self { entry: Some(entry), ..self }
    }

    /// The entry it carries, if it does; believe it only after [`Self::verify`].
    pub fn entry(&self) -> Option<&Entry> {
        self.entry.as_ref()
    }

    /// Place of the entry, counted from 1.
    pub fn seq(&self) -> u64 {
        self.index + 1
    }

    /// Checks that `entry` is in the record that `key` signs, and returns what was signed.
    ///
    /// # Errors
    /// Why it is not shown to be.
    pub fn verify(&self, entry: &Entry, key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        if !entry.is_whole() {
            return Err(ProofError::Edited { seq: entry.id.seq });
        }
        if entry.id.seq != self.seq() {
            return Err(ProofError::AnotherEntry { proven: self.seq(), asked: entry.id.seq });
        }
        self.verify_hash(&entry.id.hash, key)
    }

    /// As [`Self::verify`], for an entry of which only the hash is known.
    ///
    /// # Errors
    /// Why it is not shown to be in the record.
    pub fn verify_hash(&self, hash: &Hash, key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, key).map_err(|fault| match fault {
            NoteFault::Malformed => ProofError::NotAProof("its checkpoint is malformed"),
            NoteFault::Unsigned => ProofError::Unsigned { key: key.to_string() },
            NoteFault::Forged => ProofError::Forged,
        })?;
        let leaf = merkle::leaf(&hash.0);
        let included = merkle::is_included(&leaf, self.index, checkpoint.size, &self.path, &checkpoint.root);
        if checkpoint.origin == key.origin() && included {
            Ok(checkpoint)
        } else {
            Err(ProofError::NotIncluded { seq: self.seq(), hash: *hash })
        }
    }

    /// Checks the entry that the proof carries.
    ///
    /// # Errors
    /// As [`Self::verify`]; [`ProofError::NoEntry`] when it carries none.
    pub fn verify_carried(&self, key: &VerifierKey) -> Result<Checkpoint, ProofError> {
        self.verify(self.entry.as_ref().ok_or(ProofError::NoEntry)?, key)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT}")?;
        if let Some(entry) = &self.entry {
            let entry = serde_json::to_vec(entry).map_err(|_| fmt::Error)?;
            writeln!(f, "extra {}", Base64::encode_string(&entry))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.path.iter().try_for_each(|hash| writeln!(f, "{}", Base64::encode_string(&hash.0)))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Proof {
    type Err = ProofError;
    fn from_str(text: &str) -> Result<Self, ProofError> {
        let not = ProofError::NotAProof;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(not("it has no checkpoint"))?;
        let mut lines = head.lines().peekable();
        if lines.next() != Some(FORMAT) {
            return Err(not("it begins otherwise"));
        }
        let entry = lines.next_if(|line| line.starts_with("extra ")).and_then(|line| line.strip_prefix("extra "));
        let entry = match entry {
            Some(text) => {
                let bytes = Base64::decode_vec(text).map_err(|_| not("its extra data is not base64"))?;
                Some(serde_json::from_slice(&bytes).map_err(|_| not("its extra data is not an entry"))?)
            }
            None => None,
        };
        let index = lines.next().and_then(|line| decimal(line.strip_prefix("index ")?));
        let index = index.filter(|index| *index < u64::MAX).ok_or(not("it has no index"))?;
        let path = lines.map(base64_hash).collect::<Option<Vec<_>>>();
        let path = path.filter(|path| path.len() <= 64).ok_or(not("its path is not one of hashes"))?;
        Checkpoint::read(checkpoint).map_err(|_| not("its checkpoint is malformed"))?;
        Ok(Self { entry, index, path, checkpoint: checkpoint.to_owned() })
    }
}
