//! A crash at every step of every change.

use super::memory::{Memory, template, vault};
use crate::VaultError;

const SLOT: &str = "keystroke";
/// Four pieces.
const LEN: usize = 7_000;

/// Runs `change` with a crash after 0, 1, 2, … steps until it works; returns how many steps it takes.
fn at_every_step(
    start: impl Fn(&Memory),
    change: impl Fn(&Memory) -> Result<(), VaultError>,
    check: impl Fn(&Memory, bool),
) -> usize {
    for steps in 0.. {
        let memory = Memory::new();
        start(&memory);
        memory.steps_left.set(steps);
        let result = change(&memory);
        memory.steps_left.set(usize::MAX);
        check(&memory, result.is_ok());
        // A change may succeed although its clearing-up crashed: go on until a step is left over.
        let unused = result.is_ok() && {
            let again = Memory::new();
            start(&again);
            again.steps_left.set(steps);
            change(&again).unwrap();
            again.steps_left.get() > 0
        };
        if unused {
            return steps;
        }
    }
    unreachable!()
}

#[test]
fn a_crash_while_storing_leaves_the_old_template_or_the_new_one() {
    let (old, new) = (template(1, LEN), template(2, LEN + 3_000));
    let steps = at_every_step(
        |memory| _ = vault(memory).store(SLOT, "model", &old).unwrap(),
        |memory| vault(memory).store(SLOT, "model", &new).map(|_| ()),
        |memory, done| {
            let found = vault(memory).load(SLOT, None).unwrap().unwrap();
            assert!(*found.bytes == old || *found.bytes == new);
            if done {
                assert!(*found.bytes == new);
            }
            // What the crash left is cleared by the next change, and nothing else is.
            let third = template(3, 100);
            let stored = vault(memory).store(SLOT, "model", &third).unwrap();
            assert_eq!(*vault(memory).load(SLOT, Some(&stored)).unwrap().unwrap().bytes, third);
            // key, slots, index, one piece
            assert_eq!(memory.entries.borrow().len(), 4);
        },
    );
    // index, 6 pieces, index, 4 old pieces, index
    assert_eq!(steps, 14);
}

#[test]
fn a_crash_while_storing_the_first_template_leaves_none_or_it() {
    let new = template(2, LEN);
    at_every_step(
        |_| (),
        |memory| vault(memory).store(SLOT, "model", &new).map(|_| ()),
        |memory, done| {
            let found = vault(memory).load(SLOT, None).unwrap();
            assert_eq!(found.is_some(), done);
            assert!(found.is_none_or(|found| *found.bytes == new));
        },
    );
}

#[test]
fn after_the_ledger_has_it_a_crash_while_committing_is_made_good_by_the_next_load() {
    let (old, new) = (template(1, LEN), template(2, LEN));
    let ledger = std::cell::Cell::new(None);
    at_every_step(
        |memory| _ = vault(memory).store(SLOT, "model", &old).unwrap(),
        |memory| {
            ledger.set(None);
            let prepared = vault(memory).prepare(SLOT, "model", &new)?;
            ledger.set(Some(prepared.stored()));
            vault(memory).commit(&prepared).map(|_| ())
        },
        |memory, _| {
            let old_stored =
                crate::Stored { generation: 1, hash: vault(memory).load(SLOT, None).unwrap().unwrap().stored.hash };
            match ledger.get() {
                Some(recorded) => {
                    assert_eq!(*vault(memory).load(SLOT, Some(&recorded)).unwrap().unwrap().bytes, new);
                    assert_eq!(*vault(memory).load(SLOT, None).unwrap().unwrap().bytes, new);
                }
                None => assert_eq!(*vault(memory).load(SLOT, Some(&old_stored)).unwrap().unwrap().bytes, old),
            }
        },
    );
}

#[test]
fn a_crash_while_erasing_leaves_nothing_readable_and_erasing_again_finishes() {
    // The key, 12 pieces, 2 indices, the list of slots; more steps than that change nothing.
    for steps in 0..40 {
        let mut memory = Memory::new();
        memory.can_list = steps % 2 == 0;
        let crash_after = steps / 2;
        vault(&memory).store(SLOT, "model", &template(1, LEN)).unwrap();
        vault(&memory).store("pointer", "model", &template(2, LEN)).unwrap();
        // Left behind by an earlier crash.
        _ = vault(&memory).prepare("pointer", "model", &template(3, LEN)).unwrap();
        let before = memory.entries.borrow().len();
        memory.steps_left.set(crash_after);
        let first = vault(&memory).erase();
        memory.steps_left.set(usize::MAX);
        if crash_after > 0 {
            assert!(!matches!(vault(&memory).load(SLOT, None), Ok(Some(_))), "readable after {crash_after} steps");
        }
        let gone_before = before - memory.entries.borrow().len();
        let again = vault(&memory).erase().unwrap();
        assert!(memory.entries.borrow().is_empty());
        assert_eq!(again.removed.len() + gone_before, before);
        if let Ok(first) = first {
            assert_eq!(first.removed.len(), before);
            assert_eq!(first.removed[0], "1000/key");
            assert_eq!(first.keychain_listed, memory.can_list);
            assert!(first.verified_absent >= before);
        }
    }
}
