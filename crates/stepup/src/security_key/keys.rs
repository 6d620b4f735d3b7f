use super::{KeyRefused, NewKey};
use serde::{Deserialize, Serialize};

/// Keys that a person may have.
pub const MOST_KEYS: usize = 5;
/// Characters of a key's name.
const MOST_NAME: usize = 40;

/// A security key that is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityKey {
    credential_id: Vec<u8>,
    public_key: Vec<u8>,
    counter: u32,
    name: String,
    added_s: u64,
}

/// A person's security keys, five at most, each with a name of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<SecurityKey>")]
pub struct SecurityKeys(Vec<SecurityKey>);

/// Why a key is not taken, or stored ones can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecurityKeys {
    /// What the key said does not count.
    #[error(transparent)]
    Refused(#[from] KeyRefused),
    /// Too many.
    #[error("{MOST_KEYS} security keys are set up at most; remove one first")]
    TooMany,
    /// A name that is none.
    #[error("a key's name has 1 to {MOST_NAME} visible characters")]
    Name,
    /// The same name twice.
    #[error("a key named {0:?} is set up already; choose another name")]
    SameName(String),
    /// None has that name.
    #[error("no key is named {0:?}; `stillyou factor security-key list` names them")]
    NoSuchName(String),
    /// A stored public key that is none.
    #[error("a stored public key has {0} bytes; it must have 65")]
    PublicKey(usize),
}

impl SecurityKey {
    /// What the person calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When it was set up, in seconds since 1970.
    pub fn added_s(&self) -> u64 {
        self.added_s
    }

    /// The signatures it made, as it said last.
    pub fn counter(&self) -> u32 {
        self.counter
    }

    /// Its own name for what it is known by.
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }

    /// A point of P-256, uncompressed.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }
}

impl SecurityKeys {
    /// All of them, oldest first.
    pub fn list(&self) -> &[SecurityKey] {
        &self.0
    }

    /// How the keys call themselves.
    pub fn credential_ids(&self) -> Vec<Vec<u8>> {
        self.0.iter().map(|key| key.credential_id.clone()).collect()
    }

    /// The keys without the one of this name.
    ///
    /// # Errors
    /// When none has it.
    pub fn without(&self, name: &str) -> Result<Self, BadSecurityKeys> {
        let left: Vec<SecurityKey> = self.0.iter().filter(|key| key.name != name).cloned().collect();
        if left.len() == self.0.len() { Err(BadSecurityKeys::NoSuchName(name.into())) } else { Ok(Self(left)) }
    }

    pub(super) fn by_id(&self, id: &[u8]) -> Option<&SecurityKey> {
        self.0.iter().find(|key| key.credential_id == id)
    }

    pub(super) fn counted(&self, id: &[u8], counter: u32) -> Self {
        let mut keys = self.clone();
        keys.0.iter_mut().filter(|key| key.credential_id == id).for_each(|key| key.counter = counter);
        keys
    }

    pub(super) fn with(
        &self,
        new: NewKey,
        counter: u32,
        name: Option<&str>,
        added_s: u64,
    ) -> Result<Self, BadSecurityKeys> {
        let NewKey { credential_id, public_key } = new;
        let name = name.map_or_else(|| self.free_name(), |name| name.trim().to_owned());
        let public_key = public_key.to_vec();
        let mut keys = self.0.clone();
        keys.push(SecurityKey { credential_id, public_key, counter, name, added_s });
        Self::try_from(keys)
    }

    /// `key 1`, or the first number that is free.
    fn free_name(&self) -> String {
        let taken = |name: &String| self.0.iter().any(|key| key.name == *name);
        let mut names = (1..).map(|number| format!("key {number}"));
        names.find(|name| !taken(name)).unwrap_or_default()
    }
}

impl TryFrom<Vec<SecurityKey>> for SecurityKeys {
    type Error = BadSecurityKeys;
    fn try_from(keys: Vec<SecurityKey>) -> Result<Self, BadSecurityKeys> {
        if keys.len() > MOST_KEYS {
            return Err(BadSecurityKeys::TooMany);
        }
        for (place, key) in keys.iter().enumerate() {
            let fits = (1..=MOST_NAME).contains(&key.name.chars().count());
            if !fits || key.name.trim().is_empty() || key.name.chars().any(char::is_control) {
                return Err(BadSecurityKeys::Name);
            }
            if keys[..place].iter().any(|other| other.name == key.name) {
                return Err(BadSecurityKeys::SameName(key.name.clone()));
            }
            if key.public_key.len() != 65 {
                return Err(BadSecurityKeys::PublicKey(key.public_key.len()));
            }
        }
        Ok(Self(keys))
    }
}
