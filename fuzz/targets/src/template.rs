use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use stillyou_models::keystroke::Template;
use stillyou_vault::{Keychain, KeychainError, Owner, Vault};
use zeroize::Zeroizing;

/// A keystroke template: what is accepted is written back byte for byte.
pub fn template(data: &[u8]) {
    if let Ok(template) = Template::from_bytes(data) {
        assert_eq!(template.to_bytes(), data);
        assert!(template.windows() > 0);
    }
}

/// A keychain's entries, a line each: a name, a space, its content. All are of user 1000 on this `device`.
///
/// Whatever they hold, every call of the vault ends in an answer or an error, a template that was stored comes back, and
/// after an erasure nothing is left but the ledger's.
pub fn vault(data: &[u8]) {
    let entries = data.split(|b| *b == b'\n').filter_map(|line| {
        let at = line.iter().position(|b| *b == b' ')?;
        let name = format!("1000/{}", str::from_utf8(&line[..at]).ok()?);
        Some((name, line[at + 1..].to_vec()))
    });
    let memory = Memory(Rc::new(RefCell::new(entries.collect())));
    let owner = Owner { user: "1000".into(), device: "device".into() };
    let vault = Vault::with_keychain(memory.clone(), owner).unwrap();
    let _ = (vault.ledger_key(), vault.ledger_head());
    for slot in vault.status().unwrap_or_default() {
        let _ = vault.load(&slot.slot, slot.stored.as_ref());
    }
    if let Ok(Some(template)) = vault.load(SLOT, None) {
        assert_eq!(vault.load(SLOT, Some(&template.stored)).unwrap().unwrap().bytes, template.bytes);
    }
    if let Ok(stored) = vault.store(SLOT, "model", b"a template") {
        let template = vault.load(SLOT, Some(&stored)).unwrap().unwrap();
        assert_eq!(template.bytes.as_slice(), b"a template");
    }
    if vault.erase().is_ok() {
        let left: Vec<String> = memory.0.borrow().keys().cloned().collect();
        let stays = ["1000/ledger-key", "1000/ledger-head", "1000/approver-key", "1000/desk-secret"];
        assert!(left.iter().all(|name| stays.contains(&name.as_str())), "{left:?}");
    }
}

/// The entries of a keychain that holds a template, and the ledger's.
pub fn example() -> Vec<u8> {
    let memory = Memory::default();
    let owner = Owner { user: "1000".into(), device: "device".into() };
    let vault = Vault::with_keychain(memory.clone(), owner).unwrap();
    vault.store(SLOT, "model", &[7; 2_000]).unwrap();
    vault.store(SLOT, "model", &[8; 560]).unwrap();
    vault.ledger_key_or_new().unwrap();
    vault.keep_ledger_head(b"{}").unwrap();
    let entries = memory.0.borrow();
    let line = |(name, content): (&String, &Vec<u8>)| [&name.as_bytes()[5..], b" ", content, b"\n"].concat();
    entries.iter().flat_map(line).collect()
}

const SLOT: &str = "keystroke";

/// A keychain in memory.
#[derive(Clone, Default)]
struct Memory(Rc<RefCell<BTreeMap<String, Vec<u8>>>>);

impl Keychain for Memory {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
        Ok(self.0.borrow().get(name).cloned().map(Zeroizing::new))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.0.borrow_mut().insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<bool, KeychainError> {
        Ok(self.0.borrow_mut().remove(name).is_some())
    }

    fn names(&self) -> Result<Option<Vec<String>>, KeychainError> {
        Ok(Some(self.0.borrow().keys().cloned().collect()))
    }
}
