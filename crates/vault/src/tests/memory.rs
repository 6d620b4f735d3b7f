use crate::{Keychain, KeychainError, Owner, Vault};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};
use zeroize::Zeroizing;

/// A keychain in memory that fails, like a crash, from a chosen step on.
#[derive(Debug)]
pub struct Memory {
    pub entries: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Changes (set, delete) that still work; reads are not steps.
    pub steps_left: Cell<usize>,
    pub can_list: bool,
}

impl Memory {
    pub fn new() -> Self {
        Self { entries: RefCell::default(), steps_left: Cell::new(usize::MAX), can_list: true }
    }

    fn step(&self) -> Result<(), KeychainError> {
        let left = self.steps_left.get();
        if left == 0 {
            return Err(KeychainError::Failed("this test's crash".to_owned()));
        }
        self.steps_left.set(left - 1);
        Ok(())
    }
}

impl Keychain for &Memory {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.entries.borrow().get(name).cloned().map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.step()?;
        assert!(secret.len() <= 2_560, "{name} has {} bytes", secret.len());
        self.entries.borrow_mut().insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<bool, KeychainError> {
        self.step()?;
        Ok(self.entries.borrow_mut().remove(name).is_some())
    }

    fn names(&self) -> Result<Option<Vec<String>>, KeychainError> {
        Ok(self.can_list.then(|| self.entries.borrow().keys().cloned().collect()))
    }
}

pub fn owner() -> Owner {
    Owner { user: "1000".to_owned(), device: "this device".to_owned() }
}

pub fn vault(memory: &Memory) -> Vault<&Memory> {
    Vault::with_keychain(memory, owner()).unwrap()
}

/// `len` bytes that are not all the same.
pub fn template(seed: u8, len: usize) -> Vec<u8> {
    (0..len).map(|i| (i as u8).wrapping_mul(31).wrapping_add(seed)).collect()
}
