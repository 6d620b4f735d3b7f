use crate::{
    Keychain, OsKeychain, Stored, VaultError,
    index::{Catalogue, Index, Version},
    name, piece, seal,
};
use zeroize::Zeroizing;

/// The largest template, in bytes, that a slot takes.
pub const MAX_TEMPLATE_BYTES: usize = 256 * 1024;

/// Whose templates, and made where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The user: 1 to 128 bytes, best the system's stable id (uid, SID).
    pub user: String,
    /// The device: [`crate::device_id`].
    pub device: String,
}

/// The templates of one user on one device.
#[derive(Debug)]
pub struct Vault<K: Keychain = OsKeychain> {
    pub(crate) keychain: K,
    pub(crate) owner: Owner,
}

/// A template as it was stored. Its bytes are wiped from memory when it is dropped.
pub struct Template {
    /// What was stored.
    pub bytes: Zeroizing<Vec<u8>>,
    /// The model that made it; a template of another model must not be used.
    pub model_hash: String,
    /// Its generation and hash.
    pub stored: Stored,
}

/// A template whose pieces are written but that [`Vault::load`] does not see yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a prepared template counts only after `commit`"]
pub struct Prepared {
    slot: String,
    stored: Stored,
}

impl Prepared {
    /// What the ledger records before [`Vault::commit`].
    pub fn stored(&self) -> Stored {
        self.stored
    }
}

/// What a slot holds, without reading the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotStatus {
    /// The slot.
    pub slot: String,
    /// The template that is in force, `None` when there is none.
    pub stored: Option<Stored>,
    /// The model that made it.
    pub model_hash: Option<String>,
    /// Whether it was made on this device.
    pub this_device: bool,
    /// Pieces of it in the keychain.
    pub pieces: usize,
    /// Whether a crash left something behind that the next change will remove.
    pub leftovers: bool,
}

impl Vault<OsKeychain> {
    /// The vault of `owner` in the operating system's keychain. Nothing is read before the first call needs it.
    ///
    /// # Errors
    /// [`VaultError::BadName`].
    pub fn open(owner: Owner) -> Result<Self, VaultError> {
        Self::with_keychain(OsKeychain::new(), owner)
    }
}

impl<K: Keychain> Vault<K> {
    /// The vault of `owner` in `keychain`.
    ///
    /// # Errors
    /// [`VaultError::BadName`].
    pub fn with_keychain(keychain: K, owner: Owner) -> Result<Self, VaultError> {
        name::check("user", &owner.user)?;
        name::check("device", &owner.device)?;
        Ok(Self { keychain, owner })
    }

    /// Seals `template` and puts it in `slot`: [`Self::prepare`] and [`Self::commit`] in one.
    ///
    /// # Errors
    /// Any of the keychain's; the old template is then still in force, or the new one is, never half of each.
    pub fn store(&self, slot: &str, model_hash: &str, template: &[u8]) -> Result<Stored, VaultError> {
        let prepared = self.prepare(slot, model_hash, template)?;
        self.commit(&prepared)
    }

    /// Seals `template` (1 to [`MAX_TEMPLATE_BYTES`] bytes) and writes it beside the one in force.
    ///
    /// Record [`Prepared::stored`] in the ledger, then [`Self::commit`]. After a crash between the two,
    /// [`Self::load`] with what the ledger holds completes the change.
    ///
    /// # Errors
    /// [`VaultError::BadName`], [`VaultError::BadSize`], or the keychain's; the template in force stays untouched.
    pub fn prepare(&self, slot: &str, model_hash: &str, template: &[u8]) -> Result<Prepared, VaultError> {
        name::check("slot", slot)?;
        name::check("model hash", model_hash)?;
        if !(1..=MAX_TEMPLATE_BYTES).contains(&template.len()) {
            return Err(VaultError::BadSize { bytes: template.len() });
        }
        self.enter_in_catalogue(slot)?;
        let mut index = self.index(slot)?.unwrap_or_default();
        let generation = index.next_generation();
        self.remove_leftovers(slot, &mut index)?;

        let key = self.key_or_new(&name::key(&self.owner.user))?;
        let sealed = seal::seal(&key, &self.binding(slot, model_hash, &self.owner.device, generation), template)?;
        let version = Version {
            generation,
            pieces: piece::cut(&sealed).len(),
            hash: seal::digest(&sealed),
            model: model_hash.to_owned(),
            device: self.owner.device.clone(),
        };
        let stored = version.stored();
        index.pending = Some(version.clone());
        self.write_index(slot, &index)?;
        for (number, bytes) in piece::cut(&sealed).enumerate() {
            self.set(&name::piece(&self.owner.user, slot, generation, number), piece::encode(bytes).as_bytes())?;
        }
        self.unsealed(slot, &version)?;
        Ok(Prepared { slot: slot.to_owned(), stored })
    }

    /// Puts what was prepared in force and removes what it replaces.
    ///
    /// # Errors
    /// [`VaultError::Superseded`] when another `prepare` or an erasure came between; or the keychain's, and then
    /// nothing has changed. Pieces of the old template that can't be removed now are removed at the next change.
    pub fn commit(&self, prepared: &Prepared) -> Result<Stored, VaultError> {
        let slot = prepared.slot.as_str();
        let superseded = || VaultError::Superseded { slot: slot.to_owned() };
        let mut index = self.index(slot)?.ok_or_else(superseded)?;
        match &index.current {
            Some(current) if current.stored() == prepared.stored => return Ok(prepared.stored),
            _ if index.pending.as_ref().map(Version::stored) == Some(prepared.stored) => {}
            _ => return Err(superseded()),
        }
        self.switch(slot, &mut index)?;
        Ok(prepared.stored)
    }

    /// The template in `slot`, `None` when there never was one (or it was erased) and none is expected.
    ///
    /// `expected` is what the ledger holds: any other template is refused. With `None` whatever is in force is taken.
    ///
    /// # Errors
    /// [`VaultError::RolledBack`], [`VaultError::Removed`], [`VaultError::AnotherDevice`], [`VaultError::KeyMissing`],
    /// [`VaultError::Damaged`], or the keychain's.
    pub fn load(&self, slot: &str, expected: Option<&Stored>) -> Result<Option<Template>, VaultError> {
        name::check("slot", slot)?;
        let mut index = self.index(slot)?.unwrap_or_default();
        let found = index.current.as_ref().map(Version::stored);
        if let Some(&expected) = expected
            && found != Some(expected)
        {
            match (&index.pending, found) {
                (Some(pending), _) if pending.stored() == expected => {
                    self.unsealed(slot, pending)?;
                    self.switch(slot, &mut index)?;
                }
                (_, Some(found)) => return Err(VaultError::RolledBack { slot: slot.to_owned(), expected, found }),
                (_, None) => return Err(VaultError::Removed { slot: slot.to_owned(), expected }),
            }
        }
        let Some(version) = index.current else { return Ok(None) };
        let bytes = self.unsealed(slot, &version)?;
        Ok(Some(Template { bytes, stored: version.stored(), model_hash: version.model }))
    }

    /// What each slot holds that this user has or had.
    ///
    /// # Errors
    /// [`VaultError::Damaged`] or the keychain's.
    pub fn status(&self) -> Result<Vec<SlotStatus>, VaultError> {
        let mut all = Vec::new();
        for slot in self.catalogue()?.slots {
            let index = self.index(&slot)?.unwrap_or_default();
            let current = index.current.as_ref();
            all.push(SlotStatus {
                stored: current.map(Version::stored),
                model_hash: current.map(|v| v.model.clone()),
                this_device: current.is_some_and(|v| v.device == self.owner.device),
                pieces: current.map_or(0, |v| v.pieces),
                leftovers: index.pending.is_some() || index.stale.is_some(),
                slot,
            });
        }
        Ok(all)
    }

    fn switch(&self, slot: &str, index: &mut Index) -> Result<(), VaultError> {
        let mut switched = index.clone();
        switched.stale = switched.current.take();
        switched.current = switched.pending.take();
        self.write_index(slot, &switched)?;
        *index = switched;
        // From here the new template is in force: what can't be removed now stays on the index.
        let _ = self.remove_leftovers(slot, index);
        Ok(())
    }

    fn remove_leftovers(&self, slot: &str, index: &mut Index) -> Result<(), VaultError> {
        if index.pending.is_none() && index.stale.is_none() {
            return Ok(());
        }
        for version in [&index.pending, &index.stale].into_iter().flatten() {
            for number in 0..version.pieces {
                self.delete(&name::piece(&self.owner.user, slot, version.generation, number))?;
            }
        }
        let cleaned = Index::with(index.current.clone());
        self.write_index(slot, &cleaned)?;
        *index = cleaned;
        Ok(())
    }

    fn unsealed(&self, slot: &str, version: &Version) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if version.device != self.owner.device {
            return Err(VaultError::AnotherDevice { slot: slot.to_owned() });
        }
        let entry = name::key(&self.owner.user);
        let key = self.key(&entry)?.ok_or(VaultError::KeyMissing { entry })?;
        let mut sealed = Vec::new();
        for number in 0..version.pieces {
            let entry = name::piece(&self.owner.user, slot, version.generation, number);
            let damaged = |what: &str| VaultError::Damaged { entry: entry.clone(), what: what.to_owned() };
            let text = self.get(&entry)?.ok_or_else(|| damaged("it is missing"))?;
            sealed.extend_from_slice(&piece::decode(&text).ok_or_else(|| damaged("it is not a piece of a template"))?);
        }
        let damaged =
            |what: &str| VaultError::Damaged { entry: name::index(&self.owner.user, slot), what: what.to_owned() };
        if seal::digest(&sealed) != version.hash {
            return Err(damaged("the pieces it names do not have the hash it names"));
        }
        seal::open(&key, &self.binding(slot, &version.model, &version.device, version.generation), &sealed)
            .ok_or_else(|| damaged("the template does not open with this user's key as what the index says it is"))
    }

    fn binding<'a>(&'a self, slot: &'a str, model: &'a str, device: &'a str, generation: u64) -> seal::Binding<'a> {
        seal::Binding { user: &self.owner.user, device, slot, model, generation }
    }

    /// The key in `entry`, made on first use.
    pub(crate) fn key_or_new(&self, entry: &str) -> Result<Zeroizing<[u8; seal::KEY_BYTES]>, VaultError> {
        if let Some(key) = self.key(entry)? {
            return Ok(key);
        }
        let key = seal::new_key()?;
        self.set(entry, piece::encode(key.as_slice()).as_bytes())?;
        Ok(key)
    }

    pub(crate) fn key(&self, entry: &str) -> Result<Option<Zeroizing<[u8; seal::KEY_BYTES]>>, VaultError> {
        let Some(text) = self.get(entry)? else { return Ok(None) };
        let key = piece::decode(&text).and_then(|bytes| <[u8; seal::KEY_BYTES]>::try_from(bytes.as_slice()).ok());
        match key {
            Some(key) => Ok(Some(Zeroizing::new(key))),
            None => {
                Err(VaultError::Damaged { entry: entry.to_owned(), what: "it is not a key of 32 bytes".to_owned() })
            }
        }
    }

    fn enter_in_catalogue(&self, slot: &str) -> Result<(), VaultError> {
        let mut catalogue = self.catalogue()?;
        if !catalogue.slots.insert(slot.to_owned()) {
            return Ok(());
        }
        self.set_json(&name::catalogue(&self.owner.user), &catalogue)
    }

    pub(crate) fn catalogue(&self) -> Result<Catalogue, VaultError> {
        let entry = name::catalogue(&self.owner.user);
        let Some(text) = self.get(&entry)? else { return Ok(Catalogue::default()) };
        serde_json::from_slice(&text).map_err(|e| VaultError::Damaged { entry, what: e.to_string() })
    }

    pub(crate) fn index(&self, slot: &str) -> Result<Option<Index>, VaultError> {
        let entry = name::index(&self.owner.user, slot);
        let Some(text) = self.get(&entry)? else { return Ok(None) };
        Index::parse(&text).map(Some).map_err(|what| VaultError::Damaged { entry, what })
    }

    fn write_index(&self, slot: &str, index: &Index) -> Result<(), VaultError> {
        self.set_json(&name::index(&self.owner.user, slot), index)
    }

    fn set_json(&self, entry: &str, value: &impl serde::Serialize) -> Result<(), VaultError> {
        let text = serde_json::to_vec(value)
            .map_err(|e| VaultError::Keychain { entry: entry.to_owned(), what: e.to_string() })?;
        if text.len() > piece::MAX_CREDENTIAL_BYTES {
            let what = format!("{} bytes do not fit into one entry of 2,560: too many slots", text.len());
            return Err(VaultError::Keychain { entry: entry.to_owned(), what });
        }
        self.set(entry, &text)
    }

    pub(crate) fn get(&self, entry: &str) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.keychain.get(entry).map_err(|e| VaultError::at(entry, e))
    }

    pub(crate) fn set(&self, entry: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.keychain.set(entry, secret).map_err(|e| VaultError::at(entry, e))
    }

    pub(crate) fn delete(&self, entry: &str) -> Result<bool, VaultError> {
        self.keychain.delete(entry).map_err(|e| VaultError::at(entry, e))
    }
}
