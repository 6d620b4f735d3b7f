use crate::{Keychain, Vault, VaultError, index::MAX_PIECES, name};
use serde::Serialize;
use std::collections::BTreeSet;

/// What an erasure removed and how it made sure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErasureProof {
    /// Names of the entries that were there and are gone, in the order of their removal: the key first.
    pub removed: Vec<String>,
    /// How many entries were asked for by name afterwards, each found absent.
    pub verified_absent: usize,
    /// Whether the keychain's own list was searched too, and held no template of this user nor anything of one.
    pub keychain_listed: bool,
}

impl<K: Keychain> Vault<K> {
    /// Removes the key, then every piece of every slot, the indices and the list of slots; then looks for each of them.
    ///
    /// Without the key nothing that is left can be read, so a crash at any later point leaves no template; calling it
    /// again finishes the work. With nothing stored it succeeds and removes nothing. The ledger's key and head stay, as do an approver's: the
    /// record of the erasure must remain verifiable.
    ///
    /// # Errors
    /// [`VaultError::NotErased`] when something can still be found; or the keychain's.
    pub fn erase(&self) -> Result<ErasureProof, VaultError> {
        let user = self.owner.user.as_str();
        let mut proof = ErasureProof { removed: Vec::new(), verified_absent: 0, keychain_listed: false };
        let key = name::key(user);
        self.remove(&key, &mut proof)?;

        let names = self.names_to_erase()?;
        for entry in &names {
            self.remove(entry, &mut proof)?;
        }

        let mut remaining = BTreeSet::new();
        for entry in names.iter().chain([&key]) {
            match self.get(entry)? {
                Some(_) => _ = remaining.insert(entry.clone()),
                None => proof.verified_absent += 1,
            }
        }
        if let Some(listed) = self.listed()? {
            proof.keychain_listed = true;
            remaining.extend(listed);
        }
        if remaining.is_empty() {
            Ok(proof)
        } else {
            Err(VaultError::NotErased { remaining: remaining.into_iter().collect() })
        }
    }

    fn remove(&self, entry: &str, proof: &mut ErasureProof) -> Result<(), VaultError> {
        if self.delete(entry)? {
            proof.removed.push(entry.to_owned());
        }
        Ok(())
    }

    /// Pieces before the index that names them, the list of slots last: what a crash leaves can still be found.
    fn names_to_erase(&self) -> Result<Vec<String>, VaultError> {
        let user = self.owner.user.as_str();
        let catalogue = name::catalogue(user);
        let listed = self.listed()?;
        let slots = match self.catalogue() {
            Ok(catalogue) => catalogue.slots,
            // The keychain's own list will do.
            Err(VaultError::Damaged { .. }) if listed.is_some() => BTreeSet::new(),
            Err(error) => return Err(error),
        };
        let mut pieces = BTreeSet::new();
        let mut indices = BTreeSet::new();
        for slot in &slots {
            match self.index(slot) {
                Ok(index) => {
                    for version in index.unwrap_or_default().versions() {
                        pieces.extend((0..version.pieces).map(|n| name::piece(user, slot, version.generation, n)));
                    }
                }
                // It can't say what there is: try all that there can be.
                Err(VaultError::Damaged { .. }) => {
                    pieces
                        .extend((0..2).flat_map(|bank| (0..MAX_PIECES).map(move |n| name::piece(user, slot, bank, n))));
                }
                Err(error) => return Err(error),
            }
            indices.insert(name::index(user, slot));
        }
        for entry in listed.into_iter().flatten() {
            if entry.ends_with("/index") {
                indices.insert(entry);
            } else if entry != catalogue {
                pieces.insert(entry);
            }
        }
        Ok(pieces.into_iter().chain(indices).chain([catalogue]).collect())
    }

    /// The names of all that an erasure has to remove and the keychain lists.
    fn listed(&self) -> Result<Option<Vec<String>>, VaultError> {
        let user = self.owner.user.as_str();
        let prefix = name::prefix(user);
        let stay = [name::ledger_key(user), name::ledger_head(user), name::approver_key(user), name::desk_secret(user)];
        let names = self.keychain.names().map_err(|e| VaultError::at(&prefix, e))?;
        let erased = |name: &String| name.starts_with(&prefix) && !stay.contains(name);
        Ok(names.map(|names| names.into_iter().filter(erased).collect()))
    }
}
