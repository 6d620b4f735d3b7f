//! A second SQLite connection that does what the ledger never does.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use stillyou_ledger::{
    At, Broken, CheckpointFault, Entry, Fault, Head, Ledger, LedgerError, Signer, Verified, VerifierKey,
};

const ENTRIES: u64 = 6;

#[test]
fn the_database_itself_refuses_changes() {
    let (_folder, path, _) = ledger();
    let connection = Connection::open(&path).unwrap();
    for sql in [
        "UPDATE entry SET payload = '1' WHERE seq = 3",
        "DELETE FROM entry WHERE seq = 6",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT 3, at_unix_ms, at_boot_ms, kind, prev_hash, hash, '1' FROM entry WHERE seq = 3",
        "INSERT INTO entry SELECT 8, at_unix_ms, at_boot_ms, kind, prev_hash, hash, payload FROM entry WHERE seq = 6",
        "UPDATE checkpoint SET note = '' WHERE size = 6",
        "DELETE FROM checkpoint WHERE size = 6",
        "INSERT OR REPLACE INTO checkpoint VALUES (6, '')",
        "INSERT OR REPLACE INTO checkpoint VALUES (5, '')",
        "INSERT INTO checkpoint VALUES (7, '')",
        "UPDATE meta SET value = 'x'",
        "DELETE FROM meta",
    ] {
        assert!(connection.execute(sql, []).is_err(), "{sql}");
    }
    assert_eq!(Ledger::open(&path).unwrap().verify(None, None).unwrap().entries, ENTRIES);
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
            let broken = tampered(&format!("UPDATE entry SET {field} = {value} WHERE seq = {seq}"));
            assert_eq!(broken, Broken { seq, what: Fault::Edited }, "{field}");
        }
    }
    let (_folder, path, _) = ledger();
    without_triggers(&path, "UPDATE entry SET hash = x'00' WHERE seq = 2");
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Damaged { .. })));
}

#[test]
fn an_edited_entry_is_not_read() {
    let (_folder, path, _) = ledger();
    without_triggers(&path, "UPDATE entry SET payload = '[1]' WHERE seq = 4");
    let ledger = Ledger::open(&path).unwrap();
    assert!(matches!(ledger.entries(..), Err(LedgerError::Damaged { .. })));
    assert!(matches!(ledger.last("band").unwrap(), Some(Entry { .. })));
    assert!(matches!(ledger.entry(4), Err(LedgerError::Damaged { .. })));
    assert_eq!(ledger.entries(..4).unwrap().len(), 3);
}

#[test]
fn removals_are_found() {
    for seq in 1..ENTRIES {
        // Where an entry is missing the ledger does not even open.
        let (_folder, path, _) = ledger();
        without_triggers(&path, &format!("DELETE FROM entry WHERE seq = {seq}"));
        let error = Ledger::open(&path).unwrap_err();
        assert!(error.to_string().contains(&format!("entry {seq} is missing")), "{error}");
        // With the gap closed it is the chain that does not fit.
        let broken = tampered(&format!(
            "DELETE FROM entry WHERE seq = {seq}; UPDATE entry SET seq = -seq + 1 WHERE seq > {seq}; \
             UPDATE entry SET seq = -seq WHERE seq < 0"
        ));
        assert!(broken.seq == seq && matches!(broken.what, Fault::Edited | Fault::Unlinked), "{broken}");
    }
    // Under an open ledger.
    let (_folder, path, head) = ledger();
    let open = Ledger::open(&path).unwrap();
    without_triggers(&path, "DELETE FROM entry WHERE seq = 3");
    assert_eq!(open.verify(Some(&head), None), Err(Broken { seq: 3, what: Fault::Missing }));
}

#[test]
fn a_reorder_is_found() {
    let broken = tampered(
        "UPDATE entry SET seq = -2 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 4; \
         UPDATE entry SET seq = 4 WHERE seq = -2",
    );
    assert_eq!((broken.seq, broken.what), (2, Fault::Edited));
}

#[test]
fn a_ledger_that_holds_says_how_far_it_is_signed_and_ahead() {
    let (_folder, path, head) = ledger();
    let mut open = Ledger::open(&path).unwrap();
    let verified = open.verify(Some(&head), Some(&key(&head))).unwrap();
    assert_eq!((verified.entries, verified.signed, verified.ahead), (6, 6, Some(0)));
    assert_eq!((verified.root, head.counter), (head.root, 1));
    // A crash after the append and before the head was kept; and an hour without a keychain.
    open.append(at(7), "band", &7).unwrap();
    let Verified { entries, signed, ahead, .. } = open.verify(Some(&head), Some(&key(&head))).unwrap();
    assert_eq!((entries, signed, ahead), (7, 6, Some(1)));
    let next = open.head(Some(&head));
    assert_eq!((next.counter, next.size), (2, 7));
    assert_eq!(open.verify(None, None).unwrap().ahead, None);
    // The next signed entry covers it.
    open.sign_with(signer()).unwrap();
    open.append(at(8), "band", &8).unwrap();
    assert_eq!(open.verify(Some(&next), open.verifier_key()).unwrap().signed, 8);
}

#[test]
fn a_truncation_is_found_by_a_checkpoint_or_a_known_head() {
    let (_folder, path, head) = ledger();
    without_triggers(&path, "DELETE FROM entry WHERE seq >= 5");
    let truncated = Broken { seq: 5, what: Fault::Truncated { known: 6 } };
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.verify(None, None), Err(truncated.clone()));
    without_triggers(&path, "DELETE FROM checkpoint WHERE size >= 5");
    assert_eq!(ledger.verify(Some(&head), None), Err(truncated));
    // Without one only the missing triggers speak.
    assert!(matches!(ledger.verify(None, None), Err(Broken { seq: 0, what: Fault::Unprotected { .. } })));
}

#[test]
fn an_older_copy_put_back_is_found_with_a_known_head() {
    let (_folder, path, old) = ledger();
    let copy = path.with_extension("copy");
    Connection::open(&path).unwrap().execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
    let mut open = Ledger::open(&path).unwrap();
    open.sign_with(signer()).unwrap();
    open.append(at(7), "band", &7).unwrap();
    let head = open.head(Some(&old));
    let older = Ledger::open(&copy).unwrap();
    assert_eq!(older.verify(Some(&old), Some(&key(&old))).unwrap().entries, 6);
    let broken = older.verify(Some(&head), Some(&key(&head))).unwrap_err();
    assert_eq!(broken, Broken { seq: 7, what: Fault::Truncated { known: 7 } });
    // And grown again, differently.
    let mut grown = older;
    grown.append(at(7), "band", &"another").unwrap();
    grown.append(at(8), "band", &8).unwrap();
    let broken = grown.verify(Some(&head), Some(&key(&head))).unwrap_err();
    assert_eq!(broken, Broken { seq: 7, what: Fault::Rewritten { up_to: 7 } });
}

#[test]
fn another_ledger_in_its_place_is_found() {
    let (_folder, _, head) = ledger();
    let (_folder, path, other) = ledger();
    let another = Fault::AnotherLedger { known: head.database_id, found: other.database_id };
    let ledger = Ledger::open(&path).unwrap();
    assert_eq!(ledger.verify(Some(&head), None), Err(Broken { seq: 0, what: another }));
    // Its name changed to the known one: then nothing in it fits.
    without_triggers(&path, &format!("UPDATE meta SET value = '{}'", head.database_id));
    let broken = Ledger::open(&path).unwrap().verify(Some(&head), None).unwrap_err();
    assert_eq!(broken, Broken { seq: 1, what: Fault::Unlinked });
}

#[test]
fn entries_written_anew_by_somebody_who_knows_the_format_are_found() {
    for from in 1..=ENTRIES {
        let (_folder, path, head) = ledger();
        // A chain that fits, checkpoints gone, triggers in place.
        let triggers = triggers(&path);
        without_triggers(
            &path,
            &format!("DELETE FROM entry WHERE seq >= {from}; DELETE FROM checkpoint WHERE size >= {from}"),
        );
        Connection::open(&path).unwrap().execute_batch(&triggers).unwrap();
        let mut forged = Ledger::open(&path).unwrap();
        for seq in from..=ENTRIES {
            forged.append(at(seq), "band", &"nothing happened").unwrap();
        }
        assert_eq!(forged.verify(None, Some(&key(&head))).unwrap().signed, from - 1);
        let rewritten = Broken { seq: from, what: Fault::Rewritten { up_to: 6 } };
        assert_eq!(forged.verify(Some(&head), Some(&key(&head))), Err(rewritten));
        // Signed by a key of the forger's own, it is found without a head.
        without_triggers(&path, "DELETE FROM checkpoint");
        Connection::open(&path).unwrap().execute_batch(&triggers).unwrap();
        let mut forged = Ledger::open(&path).unwrap();
        forged.sign_with(Signer::from_secret(&[9; 32])).unwrap();
        forged.append(at(7), "band", &7).unwrap();
        let foreign = Broken { seq: 7, what: Fault::Checkpoint(CheckpointFault::OtherKey) };
        assert_eq!(forged.verify(None, Some(&key(&head))), Err(foreign));
    }
}

#[test]
fn entries_written_anew_under_kept_checkpoints_are_found_where_they_are() {
    for from in 1..=ENTRIES {
        let (_folder, path, head) = ledger();
        without_triggers(
            &path,
            &format!(
                "CREATE TABLE kept AS SELECT * FROM checkpoint WHERE size >= {from}; \
                DELETE FROM entry WHERE seq >= {from}; DELETE FROM checkpoint WHERE size >= {from}"
            ),
        );
        let mut forged = Ledger::open(&path).unwrap();
        for seq in from..=ENTRIES {
            forged.append(at(seq), "band", &"nothing happened").unwrap();
        }
        without_triggers(&path, "INSERT INTO checkpoint SELECT * FROM kept; DROP TABLE kept");
        let rewritten = Broken { seq: from, what: Fault::Rewritten { up_to: from } };
        assert_eq!(forged.verify(None, Some(&key(&head))), Err(rewritten.clone()));
        assert_eq!(forged.verify(None, None), Err(rewritten));
        let refused = Ledger::open(&path).unwrap().sign_with(signer()).unwrap_err();
        assert_eq!(refused, Broken { seq: 6, what: Fault::Rewritten { up_to: 6 } });
    }
}

#[test]
fn checkpoints_that_are_not_the_ledgers_are_found() {
    use CheckpointFault::{BadSignature, Foreign, Malformed, OtherKey};
    let (_folder, path, head) = ledger();
    let notes: Vec<String> = {
        let connection = Connection::open(&path).unwrap();
        let mut select = connection.prepare("SELECT note FROM checkpoint ORDER BY size").unwrap();
        select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let elsewhere = {
        let (_folder, path, _) = ledger();
        let connection = Connection::open(&path).unwrap();
        connection.query_row("SELECT note FROM checkpoint WHERE size = 3", [], |row| row.get::<_, String>(0)).unwrap()
    };
    let other_key = {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        Connection::open(&path).unwrap().execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        without_triggers(&copy, "DELETE FROM checkpoint; DELETE FROM entry WHERE seq > 2");
        let mut ledger = Ledger::open(&copy).unwrap();
        ledger.sign_with(Signer::from_secret(&[9; 32])).unwrap();
        ledger.append(at(3), "lock", &vec![3; 40]).unwrap();
        let connection = Connection::open(&copy).unwrap();
        connection.query_row("SELECT note FROM checkpoint WHERE size = 3", [], |row| row.get::<_, String>(0)).unwrap()
    };
    let false_root = notes[2].replacen(notes[2].lines().nth(2).unwrap(), notes[1].lines().nth(2).unwrap(), 1);
    let extended = notes[2].replacen("\n\n", "\nextension\n\n", 1);
    for (note, fault) in [
        (String::new(), Malformed),
        (notes[2].trim_end().to_owned(), Malformed),
        (extended, BadSignature),
        (false_root.clone(), BadSignature),
        (other_key, OtherKey),
        (elsewhere, OtherKey),
        (notes[1].clone(), Foreign),
    ] {
        without_triggers(&path, &format!("UPDATE checkpoint SET note = '{note}' WHERE size = 3"));
        let mut open = Ledger::open(&path).unwrap();
        let broken = open.verify(Some(&head), Some(&key(&head))).unwrap_err();
        assert_eq!(broken, Broken { seq: 3, what: Fault::Checkpoint(fault) }, "{note}");
        // Nothing is signed on top of a contradiction.
        without_triggers(&path, &format!("UPDATE checkpoint SET note = '{note}' WHERE size = 6"));
        let refused = open.sign_with(signer()).unwrap_err();
        assert!(matches!(refused, Broken { seq: 6, what: Fault::Checkpoint(_) }), "{refused}");
        assert_eq!(open.verifier_key(), None);
        without_triggers(&path, &format!("UPDATE checkpoint SET note = '{}' WHERE size = 6", notes[5]));
    }
    without_triggers(&path, &format!("UPDATE checkpoint SET note = '{false_root}' WHERE size = 3"));
    let broken = Ledger::open(&path).unwrap().verify(None, None).unwrap_err();
    assert_eq!(broken, Broken { seq: 3, what: Fault::Rewritten { up_to: 3 } });
}

#[test]
fn entries_moved_from_another_ledger_are_found() {
    let (_folder, from, _) = ledger();
    let broken = tampered(&format!(
        "DELETE FROM entry; ATTACH '{}' AS other; INSERT INTO entry SELECT * FROM other.entry; DETACH other",
        from.display()
    ));
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
        let broken = Ledger::open(&path).unwrap().verify(Some(&head), None).unwrap_err();
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

fn ledger() -> (tempfile::TempDir, PathBuf, Head) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.sign_with(signer()).unwrap();
    for seq in 1..=ENTRIES {
        ledger.append(at(seq), if seq % 2 == 0 { "band" } else { "lock" }, &vec![seq; 40]).unwrap();
    }
    let head = ledger.head(None);
    (folder, path, head)
}

fn signer() -> Signer {
    Signer::from_secret(&[5; 32])
}

fn key(head: &Head) -> VerifierKey {
    signer().verifier_key(&format!("stillyou/{}", head.database_id)).unwrap()
}

fn at(seq: u64) -> At {
    At { unix_ms: 1_700_000_000_000 + seq as i64, boot_ms: seq }
}

/// What `verify` finds after `sql` ran with the triggers out of the way.
fn tampered(sql: &str) -> Broken {
    let (_folder, path, head) = ledger();
    without_triggers(&path, sql);
    Ledger::open(&path).unwrap().verify(Some(&head), Some(&key(&head))).unwrap_err()
}

fn without_triggers(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    for table in ["entry", "checkpoint"] {
        for trigger in ["next", "no_update", "no_delete"] {
            connection.execute_batch(&format!("DROP TRIGGER IF EXISTS {table}_{trigger}")).unwrap();
        }
    }
    connection.execute_batch("DROP TRIGGER IF EXISTS meta_no_update").unwrap();
    connection.execute_batch(sql).unwrap();
}

/// What makes the ledger's triggers again.
fn triggers(path: &Path) -> String {
    let connection = Connection::open(path).unwrap();
    let mut select = connection
        .prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name NOT LIKE 'meta_no_delete'")
        .unwrap();
    let all: Vec<String> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    all.join(";\n") + ";"
}
