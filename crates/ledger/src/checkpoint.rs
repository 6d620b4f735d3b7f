use crate::{DatabaseId, Hash, Signer, VerifierKey, note, note::NoteFault};
use base64ct::{Base64, Encoding};

/// The state of a log: what is signed (C2SP tlog-checkpoint). Its text is origin, size and base64 root, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name: `stillyou/<database id>`.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// Root of the Merkle tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The checkpoint as a signed note.
    pub(crate) fn signed(&self, signer: &Signer, key: &VerifierKey) -> String {
        let text = format!("{}\n{}\n{}\n", self.origin, self.size, Base64::encode_string(&self.root.0));
        note::sign(&text, signer, key)
    }

    /// Reads a note, whoever signed it.
    pub(crate) fn read(note: &str) -> Result<Self, NoteFault> {
        Self::parse(note::text(note)?)
    }

    /// Reads a note that `key` has signed.
    pub(crate) fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteFault> {
        Self::parse(note::open(note, key)?)
    }

    /// Extension lines are refused: our logs write none, and nothing here would understand them.
    fn parse(text: &str) -> Result<Self, NoteFault> {
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NoteFault::Malformed);
        };
        let size = decimal(size).ok_or(NoteFault::Malformed)?;
        let root = base64_hash(root).ok_or(NoteFault::Malformed)?;
        if origin.is_empty() { Err(NoteFault::Malformed) } else { Ok(Self { origin: origin.to_owned(), size, root }) }
    }
}

/// The name under which the ledger in this database signs.
pub fn origin(database: DatabaseId) -> String {
    format!("stillyou/{database}")
}

/// A number without sign and leading zeros.
pub fn decimal(text: &str) -> Option<u64> {
    let number = text.parse::<u64>().ok()?;
    (number.to_string() == text).then_some(number)
}

/// A hash as standard base64 with padding.
pub fn base64_hash(text: &str) -> Option<Hash> {
    Base64::decode_vec(text).ok()?.try_into().ok().map(Hash)
}
