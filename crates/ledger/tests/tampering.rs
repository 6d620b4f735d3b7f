//! A second SQLite connection that does what the ledger never does.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use stillyou_ledger::{At, Broken, EntryId, Fault, Ledger, LedgerError};

const ENTRIES: u64 = 6;

#[test]
fn the_database_itself_refuses_changes() {
    let (_folder, path, _) = ledger();
    let connection = Connection::open(&path).unwrap();
    for sql in [
        "UPDATE entry SET payload = '1' WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 6",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT 3, at_unix_ms, at_boot_ms, kind, '1', prev_hash, hash FROM entry WHERE seq = 3",
        "INSERT INTO entry SELECT 8, at_unix_ms, at_boot_ms, kind, payload, prev_hash, hash FROM entry WHERE seq = 6",
        "UPDATE meta SET value = 'x'",
        "DELETE FROM meta",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
    assert_eq!(Ledger::open(&path).unwrap().verify(None).unwrap().entries, ENTRIES);
}

#[test]
fn every_edit_of_every_field_is_found_where_it_is() {
    for (field, value) in [
        ("at_unix_ms", "at_unix_ms + 1"),
        ("at_boot_ms", "at_boot_ms + 1"),
        ("kind", "'bane'"),
        ("payload", "payload || ' '"),
        ("hash", "zeroblob(32)"),
        ("prev_hash", "zeroblob(32)"),
    ] {
        for seq in 1..=ENTRIES {
            let broken = tampered(&format!("UPDATE entry SET {field} = {value} WHERE seq = {seq}"), None);
            assert_eq!(broken, Broken { seq, what: Fault::Edited }, "{field}");
        }
    }
    let broken = tampered("UPDATE entry SET hash = x'00' WHERE seq = 2", None);
    assert!(matches!(broken, Broken { seq: 2, what: Fault::Unreadable(_) }), "{broken}");
}

#[test]
fn removals_are_found() {
    for seq in 1..ENTRIES {
        let broken = tampered(&format!("DELETE FROM entry WHERE seq = {seq}"), None);
        assert_eq!(broken, Broken { seq, what: Fault::Missing });
        // With the gap closed it is the chain that does not fit.
        let closed = format!(
            "DELETE FROM entry WHERE seq = {seq}; UPDATE entry SET seq = -seq + 1 WHERE seq > {seq}; \
             UPDATE entry SET seq = -seq WHERE seq < 0"
        );
        let broken = tampered(&closed, None);
        assert!(broken.seq == seq && matches!(broken.what, Fault::Edited | Fault::Unlinked), "{broken}");
    }
}

#[test]
fn a_reorder_is_found() {
    let swap = "UPDATE entry SET seq = -2 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 4; \
                UPDATE entry SET seq = 4 WHERE seq = -2";
    let broken = tampered(swap, None);
    assert_eq!((broken.seq, broken.what), (2, Fault::Edited));
}

#[test]
fn a_truncation_is_found_with_a_known_head() {
    let (_folder, path, head) = ledger();
    without_triggers(&path, "DELETE FROM entry WHERE seq >= 5");
    let ledger = Ledger::open(&path).unwrap();
    let broken = ledger.verify(Some(&head)).unwrap_err();
    assert_eq!(broken, Broken { seq: 5, what: Fault::Truncated { known: 6 } });
    // Without one only the missing triggers speak.
    assert!(matches!(ledger.verify(None), Err(Broken { seq: 0, what: Fault::Unprotected { .. } })));
}

#[test]
fn another_ledger_in_its_place_is_found_with_a_known_head() {
    let (_folder, _, head) = ledger();
    let (_folder, path, other) = ledger();
    assert_ne!(head, other);
    let broken = Ledger::open(&path).unwrap().verify(Some(&head)).unwrap_err();
    assert_eq!(broken, Broken { seq: 6, what: Fault::Truncated { known: 6 } });
}

#[test]
fn entries_moved_from_another_ledger_are_found() {
    let (_folder, from, _) = ledger();
    let broken = tampered(
        &format!(
            "DELETE FROM entry; ATTACH '{}' AS other; INSERT INTO entry SELECT * FROM other.entry; DETACH other",
            from.display()
        ),
        None,
    );
    assert_eq!(broken, Broken { seq: 1, what: Fault::Unlinked });
}

#[test]
fn a_dropped_or_weakened_trigger_is_found() {
    for sql in [
        "DROP TRIGGER entry_no_update",
        "DROP TRIGGER entry_no_delete; CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT 1; END",
        "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN SELECT 1; END",
    ] {
        let (_folder, path, head) = ledger();
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let broken = Ledger::open(&path).unwrap().verify(Some(&head)).unwrap_err();
        assert!(matches!(broken.what, Fault::Unprotected { .. }), "{sql}: {broken}");
    }
}

#[test]
fn a_change_under_an_open_ledger_stops_it_from_building_on_it() {
    for sql in ["DELETE FROM entry WHERE seq = 6", "UPDATE entry SET hash = zeroblob(32) WHERE seq = 6"] {
        let (_folder, path, _) = ledger();
        let mut open = Ledger::open(&path).unwrap();
        without_triggers(&path, sql);
        let result = open.append(at(7), "band", &7);
        assert!(matches!(result, Err(LedgerError::Damaged { .. })), "{sql}: {result:?}");
    }
}

#[test]
fn bytes_overwritten_in_the_file_are_found() {
    let (_folder, path, head) = ledger();
    Connection::open(&path).unwrap().pragma_query(None, "wal_checkpoint", |_| Ok(())).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let mut found = 0;
    // Past the header; unused space in a page carries nothing.
    for position in (100..whole.len()).step_by(61) {
        let mut bytes = whole.clone();
        bytes[position] ^= 0xff;
        let copy = path.with_extension(format!("{position}"));
        std::fs::write(&copy, &bytes).unwrap();
        match Ledger::open(&copy) {
            Err(_) => found += 1,
            Ok(ledger) => match ledger.verify(Some(&head)) {
                Err(_) => found += 1,
                Ok(verified) => {
                    assert_eq!(verified.entries, ENTRIES);
                    assert_eq!(ledger.entries(..).unwrap(), Ledger::open(&path).unwrap().entries(..).unwrap());
                }
            },
        }
    }
    assert!(found > 20, "{found}");
}

fn ledger() -> (tempfile::TempDir, PathBuf, EntryId) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open(&path).unwrap();
    for seq in 1..=ENTRIES {
        ledger.append(at(seq), if seq % 2 == 0 { "band" } else { "lock" }, &vec![seq; 40]).unwrap();
    }
    let head = ledger.head().unwrap().unwrap();
    (folder, path, head)
}

fn at(seq: u64) -> At {
    At { unix_ms: 1_700_000_000_000 + seq as i64, boot_ms: seq }
}

/// What `verify` finds after `sql` ran with the triggers out of the way and back in place.
fn tampered(sql: &str, known: Option<&EntryId>) -> Broken {
    let (_folder, path, _) = ledger();
    without_triggers(&path, sql);
    Ledger::open(&path).unwrap().verify(known).unwrap_err()
}

fn without_triggers(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    let triggers = ["DROP TRIGGER entry_next", "DROP TRIGGER entry_no_update", "DROP TRIGGER entry_no_delete"];
    for trigger in triggers {
        connection.execute_batch(trigger).unwrap();
    }
    connection.execute_batch(sql).unwrap();
}
