//! The ledger's key and head in the keychain.

use super::memory::{Memory, owner, template, vault};
use crate::{MAX_HEAD_BYTES, Owner, Vault, VaultError};

#[test]
fn the_key_is_made_once_and_the_head_is_the_last_one_kept() {
    let memory = Memory::new();
    assert_eq!(vault(&memory).ledger_key().unwrap(), None);
    assert_eq!(vault(&memory).ledger_head().unwrap(), None);
    assert!(memory.entries.borrow().is_empty());
    let key = vault(&memory).ledger_key_or_new().unwrap();
    assert_ne!(*key, [0; 32]);
    assert_eq!(vault(&memory).ledger_key_or_new().unwrap(), key);
    assert_eq!(vault(&memory).ledger_key().unwrap(), Some(key.clone()));
    for head in [vec![0], vec![255; MAX_HEAD_BYTES], b"{\"size\":1}".to_vec()] {
        vault(&memory).keep_ledger_head(&head).unwrap();
        assert_eq!(vault(&memory).ledger_head().unwrap(), Some(head));
    }
    for bytes in [0, MAX_HEAD_BYTES + 1] {
        let refused = vault(&memory).keep_ledger_head(&vec![1; bytes]);
        assert!(matches!(refused, Err(VaultError::HeadSize { bytes: b }) if b == bytes));
    }
    let other = Vault::with_keychain(&memory, Owner { user: "1001".to_owned(), ..owner() }).unwrap();
    assert_eq!((other.ledger_key().unwrap(), other.ledger_head().unwrap()), (None, None));
    assert_ne!(other.ledger_key_or_new().unwrap(), key);
}

#[test]
fn an_erasure_leaves_the_ledger_verifiable() {
    for can_list in [true, false] {
        let mut memory = Memory::new();
        memory.can_list = can_list;
        vault(&memory).store("keystroke", "model", &template(1, 5_000)).unwrap();
        // A slot of that name is no way to them.
        vault(&memory).store("ledger-key", "model", &template(2, 5_000)).unwrap();
        let key = vault(&memory).ledger_key_or_new().unwrap();
        vault(&memory).keep_ledger_head(b"head").unwrap();
        let proof = vault(&memory).erase().unwrap();
        assert!(!proof.removed.iter().any(|name| name == "1000/ledger-key" || name == "1000/ledger-head"));
        assert_eq!(vault(&memory).ledger_key().unwrap(), Some(key));
        assert_eq!(vault(&memory).ledger_head().unwrap(), Some(b"head".to_vec()));
        assert_eq!(memory.entries.borrow().len(), 2);
        assert_eq!(vault(&memory).erase().unwrap().removed, [""; 0]);
    }
}

#[test]
fn what_is_not_a_key_or_a_head_is_named_and_left() {
    let memory = Memory::new();
    for bad in [b"".as_slice(), b"!", b"AAAA", &[b'A'; 2_000]] {
        memory.entries.borrow_mut().insert("1000/ledger-key".to_owned(), bad.to_vec());
        let result = vault(&memory).ledger_key_or_new();
        assert!(matches!(&result, Err(VaultError::Damaged { entry, .. }) if entry == "1000/ledger-key"), "{result:?}");
    }
    for bad in [b"".as_slice(), b"!", &[b'A'; 2_000]] {
        memory.entries.borrow_mut().insert("1000/ledger-head".to_owned(), bad.to_vec());
        let result = vault(&memory).ledger_head();
        assert!(matches!(&result, Err(VaultError::Damaged { entry, .. }) if entry == "1000/ledger-head"), "{result:?}");
    }
}

#[test]
fn a_head_that_can_not_be_written_leaves_the_one_before() {
    let memory = Memory::new();
    vault(&memory).keep_ledger_head(b"first").unwrap();
    memory.steps_left.set(0);
    assert!(matches!(vault(&memory).keep_ledger_head(b"second"), Err(VaultError::Keychain { .. })));
    assert!(vault(&memory).ledger_key_or_new().is_err());
    assert_eq!(vault(&memory).ledger_head().unwrap(), Some(b"first".to_vec()));
}
