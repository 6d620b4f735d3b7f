//! An approver's key and the desk's secret in the keychain.

use super::memory::{Memory, template, vault};
use crate::VaultError;

#[test]
fn a_key_is_made_anew_only_when_that_is_asked_for() {
    let memory = Memory::new();
    assert_eq!(vault(&memory).approver_key().unwrap(), None);
    let first = vault(&memory).new_approver_key().unwrap();
    assert_eq!(vault(&memory).approver_key().unwrap(), Some(first.clone()));
    let second = vault(&memory).new_approver_key().unwrap();
    assert_ne!(first, second);
    assert_eq!(vault(&memory).approver_key().unwrap(), Some(second.clone()));
    assert_eq!(vault(&memory).desk_secret().unwrap(), None);
    let secret = vault(&memory).new_desk_secret().unwrap();
    assert_ne!(secret, second);
    vault(&memory).keep_desk_secret(&[7; 32]).unwrap();
    assert_eq!(*vault(&memory).desk_secret().unwrap().unwrap(), [7; 32]);
}

#[test]
fn an_erasure_of_templates_leaves_them() {
    for can_list in [true, false] {
        let mut memory = Memory::new();
        memory.can_list = can_list;
        let key = vault(&memory).new_approver_key().unwrap();
        vault(&memory).keep_desk_secret(&[7; 32]).unwrap();
        vault(&memory).store("keystroke", "model", &template(1, 5_000)).unwrap();
        vault(&memory).erase().unwrap();
        assert_eq!(vault(&memory).approver_key().unwrap(), Some(key));
        assert!(vault(&memory).desk_secret().unwrap().is_some());
    }
}

#[test]
fn what_is_not_a_key_is_named() {
    let memory = Memory::new();
    memory.entries.borrow_mut().insert("1000/approver-key".to_owned(), b"AAAA".to_vec());
    let result = vault(&memory).approver_key();
    assert!(matches!(&result, Err(VaultError::Damaged { entry, .. }) if entry == "1000/approver-key"), "{result:?}");
}
