use super::memory::{Memory, owner, template, vault};
use crate::{Keychain, KeychainError, MAX_TEMPLATE_BYTES, Owner, Vault, VaultError};
use zeroize::Zeroizing;

const SLOT: &str = "keystroke";

#[test]
fn sizes_from_one_byte_to_the_largest_come_back() {
    for len in [1, 1_875, 1_876, 1_877, 1_920, 50_000, MAX_TEMPLATE_BYTES] {
        let memory = Memory::new();
        let bytes = template(7, len);
        let stored = vault(&memory).store(SLOT, "model", &bytes).unwrap();
        let found = vault(&memory).load(SLOT, Some(&stored)).unwrap().unwrap();
        assert_eq!(*found.bytes, bytes);
        assert_eq!(found.model_hash, "model");
        assert_eq!(found.stored, stored);
    }
    for len in [0, MAX_TEMPLATE_BYTES + 1] {
        let memory = Memory::new();
        let result = vault(&memory).store(SLOT, "model", &template(7, len));
        assert!(matches!(result, Err(VaultError::BadSize { bytes }) if bytes == len));
        assert!(memory.entries.borrow().is_empty());
    }
}

#[test]
fn nothing_of_the_template_stands_in_the_keychain_in_the_clear() {
    let memory = Memory::new();
    let bytes = b"a template that would be recognised".repeat(20);
    vault(&memory).store(SLOT, "model", &bytes).unwrap();
    for (name, secret) in memory.entries.borrow().iter() {
        let raw = crate::piece::decode(secret).map(|raw| raw.to_vec()).unwrap_or_default();
        for haystack in [secret, &raw] {
            assert!(!haystack.windows(8).any(|w| bytes.windows(8).any(|b| b == w)), "{name}");
        }
    }
}

#[test]
fn an_older_template_put_back_is_refused() {
    let memory = Memory::new();
    vault(&memory).store(SLOT, "model", &template(1, 3_000)).unwrap();
    let old = memory.entries.borrow().clone();
    let stored = vault(&memory).store(SLOT, "model", &template(2, 3_000)).unwrap();
    *memory.entries.borrow_mut() = old;
    let result = vault(&memory).load(SLOT, Some(&stored));
    assert!(matches!(result, Err(VaultError::RolledBack { expected, .. }) if expected == stored));
    memory.entries.borrow_mut().clear();
    let result = vault(&memory).load(SLOT, Some(&stored));
    assert!(matches!(result, Err(VaultError::Removed { .. })));
    assert!(vault(&memory).load(SLOT, None).unwrap().is_none());
}

#[test]
fn every_entry_that_is_changed_or_removed_is_noticed() {
    let memory = Memory::new();
    let stored = vault(&memory).store(SLOT, "model", &template(1, 5_000)).unwrap();
    let whole = memory.entries.borrow().clone();
    let mut noticed = 0;
    for (name, secret) in &whole {
        for position in 0..secret.len() {
            let mut changed = secret.clone();
            changed[position] ^= 1;
            memory.entries.borrow_mut().insert(name.clone(), changed);
            match vault(&memory).load(SLOT, Some(&stored)) {
                // The list of slots is not needed to load.
                Ok(Some(found)) => assert!(name.ends_with("/slots") && *found.bytes == template(1, 5_000), "{name}"),
                Ok(None) => panic!("{name}: taken as never enrolled"),
                Err(_) => noticed += 1,
            }
        }
        memory.entries.borrow_mut().remove(name);
        let result = vault(&memory).load(SLOT, Some(&stored));
        assert_eq!(result.is_ok(), name.ends_with("/slots"), "{name}");
        *memory.entries.borrow_mut() = whole.clone();
    }
    assert!(noticed > 5_000);
}

#[test]
fn a_template_opens_only_for_its_user_device_slot_model_and_generation() {
    let memory = Memory::new();
    let stored = vault(&memory).store(SLOT, "model", &template(1, 100)).unwrap();
    let elsewhere = Owner { device: "another device".to_owned(), ..owner() };
    let other = Vault::with_keychain(&memory, elsewhere).unwrap();
    assert!(matches!(other.load(SLOT, Some(&stored)), Err(VaultError::AnotherDevice { .. })));
    assert!(!other.status().unwrap()[0].this_device);

    // The same entries under another name, or an index that lies, with everything else as it should be.
    let whole = memory.entries.borrow().clone();
    let lie = |from: &str, to: &str| {
        let text = String::from_utf8(whole["1000/keystroke/index"].clone()).unwrap();
        assert!(text.contains(from), "{text}");
        memory.entries.borrow_mut().insert("1000/keystroke/index".to_owned(), text.replace(from, to).into_bytes());
        vault(&memory).load(SLOT, None)
    };
    assert!(matches!(lie("\"model\":\"model\"", "\"model\":\"newer\""), Err(VaultError::Damaged { .. })));
    assert!(matches!(lie("\"generation\":1", "\"generation\":3"), Err(VaultError::Damaged { .. })));
    let moved = whole.iter().map(|(k, v)| (k.replace("keystroke", "pointer"), v.clone())).collect();
    *memory.entries.borrow_mut() = moved;
    assert!(matches!(vault(&memory).load("pointer", Some(&stored)), Err(VaultError::Damaged { .. })));
    let moved = whole.iter().map(|(k, v)| (k.replace("1000", "1001"), v.clone())).collect();
    *memory.entries.borrow_mut() = moved;
    let other = Vault::with_keychain(&memory, Owner { user: "1001".to_owned(), ..owner() }).unwrap();
    assert!(matches!(other.load(SLOT, Some(&stored)), Err(VaultError::Damaged { .. })));
}

#[test]
fn users_do_not_touch_each_other() {
    let memory = Memory::new();
    let other = Vault::with_keychain(&memory, Owner { user: "DOMAIN\\10/00".to_owned(), ..owner() }).unwrap();
    vault(&memory).store(SLOT, "model", &template(1, 100)).unwrap();
    let stored = other.store(SLOT, "model", &template(2, 100)).unwrap();
    vault(&memory).erase().unwrap();
    assert_eq!(*other.load(SLOT, Some(&stored)).unwrap().unwrap().bytes, template(2, 100));
}

#[test]
fn erasing_gets_through_damaged_indices() {
    for can_list in [true, false] {
        let mut memory = Memory::new();
        memory.can_list = can_list;
        vault(&memory).store(SLOT, "model", &template(1, 9_000)).unwrap();
        memory.entries.borrow_mut().insert("1000/keystroke/index".to_owned(), b"{\"format\":2}".to_vec());
        if can_list {
            memory.entries.borrow_mut().insert("1000/slots".to_owned(), b"[]".to_vec());
        }
        let before = memory.entries.borrow().len();
        assert_eq!(vault(&memory).erase().unwrap().removed.len(), before);
        assert!(memory.entries.borrow().is_empty());
    }
}

#[test]
fn a_keychain_that_only_says_it_deletes_does_not_get_a_proof() {
    struct Liar(Memory);
    impl Keychain for Liar {
        fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeychainError> {
            (&self.0).get(name)
        }
        fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
            (&self.0).set(name, secret)
        }
        fn delete(&self, name: &str) -> Result<bool, KeychainError> {
            if name.ends_with("/0") { Ok(true) } else { (&self.0).delete(name) }
        }
        fn names(&self) -> Result<Option<Vec<String>>, KeychainError> {
            (&self.0).names()
        }
    }
    let vault = Vault::with_keychain(Liar(Memory::new()), owner()).unwrap();
    vault.store(SLOT, "model", &template(1, 9_000)).unwrap();
    let result = vault.erase();
    assert!(matches!(result, Err(VaultError::NotErased { remaining }) if remaining == ["1000/keystroke/odd/0"]));
}

#[test]
fn names_that_could_be_misread_are_refused() {
    let memory = Memory::new();
    for slot in ["", "Keystroke", "key/stroke", "key stroke", &"k".repeat(33)] {
        let result = vault(&memory).store(slot, "model", b"template");
        assert!(matches!(result, Err(VaultError::BadName { field: "slot", .. })));
        assert!(matches!(vault(&memory).load(slot, None), Err(VaultError::BadName { field: "slot", .. })));
    }
    assert!(matches!(vault(&memory).store(SLOT, "", b"t"), Err(VaultError::BadName { field: "model hash", .. })));
    let nobody = Owner { user: String::new(), ..owner() };
    assert!(matches!(Vault::with_keychain(&memory, nobody), Err(VaultError::BadName { field: "user", .. })));
    assert!(memory.entries.borrow().is_empty());
}

#[test]
fn status_says_what_is_there() {
    let memory = Memory::new();
    assert_eq!(vault(&memory).status().unwrap(), []);
    let stored = vault(&memory).store(SLOT, "model", &template(1, 5_000)).unwrap();
    let prepared = vault(&memory).prepare(SLOT, "model", &template(2, 5_000)).unwrap();
    let status = &vault(&memory).status().unwrap()[0];
    assert_eq!((status.slot.as_str(), status.stored, status.pieces), (SLOT, Some(stored), 3));
    assert!(status.this_device && status.leftovers);
    // A second preparation replaces the first, whose commit then changes nothing.
    let second = vault(&memory).prepare(SLOT, "model", &template(3, 5_000)).unwrap();
    assert!(matches!(vault(&memory).commit(&prepared), Err(VaultError::Superseded { .. })));
    assert_eq!(*vault(&memory).load(SLOT, Some(&stored)).unwrap().unwrap().bytes, template(1, 5_000));
    assert_eq!(vault(&memory).commit(&second).unwrap(), second.stored());
    assert!(!vault(&memory).status().unwrap()[0].leftovers);
}

#[test]
fn an_index_whose_generation_can_not_be_followed_is_damaged() {
    for generation in [0, u64::MAX, u64::MAX / 2 + 1] {
        let memory = Memory::new();
        vault(&memory).store(SLOT, "model", &template(1, 100)).unwrap();
        let name = crate::name::index("1000", SLOT);
        let index = String::from_utf8(memory.entries.borrow()[&name].clone()).unwrap();
        let index = index.replace("\"generation\":1,", &format!("\"generation\":{generation},"));
        memory.entries.borrow_mut().insert(name, index.into_bytes());
        let result = vault(&memory).store(SLOT, "model", &template(2, 100));
        assert!(matches!(&result, Err(VaultError::Damaged { what, .. }) if what.contains("generation")), "{result:?}");
        assert!(matches!(vault(&memory).load(SLOT, None), Err(VaultError::Damaged { .. })));
    }
}
