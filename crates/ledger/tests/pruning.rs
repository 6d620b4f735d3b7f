//! What is kept no longer goes, and the record still holds.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use stillyou_ledger::{At, Broken, Fault, Ledger, LedgerError, SCHEMA_VERSION, Signer};

const AT: At = At { unix_ms: 1_800_000_000_000, boot_ms: 7 };
const SECRET: &str = "pat had a hand in plaster";

#[derive(serde::Serialize)]
struct Why {
    days: u64,
}

/// A signed ledger of five entries, the second and fourth of which tell a secret.
fn ledger() -> (tempfile::TempDir, PathBuf, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.sign_with(Signer::from_secret(&[3; 32])).unwrap();
    for n in 1..=5u64 {
        let payload = if n % 2 == 0 { format!("{SECRET} {n}") } else { format!("{n}") };
        ledger.append(AT, "case", &payload).unwrap();
    }
    (folder, path, ledger)
}

fn on_disk(path: &Path) -> usize {
    let mut bytes = std::fs::read(path).unwrap();
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    bytes.extend(std::fs::read(log).unwrap_or_default());
    bytes.windows(SECRET.len()).filter(|window| *window == SECRET.as_bytes()).count()
}

#[test]
fn a_pruned_payload_is_gone_from_the_disk_and_all_else_holds() {
    let (_folder, path, mut ledger) = ledger();
    assert!(on_disk(&path) >= 2);
    let head = ledger.head(None);
    let (key, proof) = (ledger.verifier_key().unwrap().clone(), ledger.prove(3).unwrap());
    let pruned = ledger.prune(AT, &[2, 4], &Why { days: 180 }).unwrap();
    assert_eq!(pruned.seq, 6);
    assert_eq!(on_disk(&path), 0);

    let entries = ledger.entries(..).unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.is_pruned()).map(|entry| entry.id.seq).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(entries[5].payload, r#"{"days":180,"entries":[2,4]}"#);
    // The head from before, the chain, every checkpoint, and the proofs.
    let verified = ledger.verify(Some(&head), Some(&key)).unwrap();
    assert_eq!((verified.entries, verified.signed, verified.ahead), (6, 6, Some(1)));
    proof.verify(&entries[2], &key).unwrap();
    ledger.prove(2).unwrap().verify_hash(&entries[1].id.hash, &key).unwrap();
    drop(ledger);
    let again = Ledger::open(&path).unwrap();
    assert_eq!(again.verify(Some(&head), Some(&key)).unwrap().entries, 6);
}

#[test]
fn what_nothing_says_was_pruned_is_found_where_it_is() {
    let (_folder, path, mut ledger) = ledger();
    // Emptying is all that the database lets anybody do, and it is found.
    let other = Connection::open(&path).unwrap();
    for sql in
        ["UPDATE entry SET payload = 'x' WHERE seq = 3", "UPDATE entry SET payload = '', kind = 'x' WHERE seq = 3"]
    {
        assert!(other.execute(sql, []).is_err(), "{sql}");
    }
    ledger.prune(AT, &[2], &Why { days: 180 }).unwrap();
    assert!(
        other.execute("UPDATE entry SET payload = '' WHERE seq = 6", []).is_err(),
        "what says what was pruned stays"
    );
    assert!(ledger.verify(None, None).is_ok());
    other.execute("UPDATE entry SET payload = '' WHERE seq = 5", []).unwrap();
    assert_eq!(ledger.verify(None, None), Err(Broken { seq: 5, what: Fault::Edited }));
}

#[test]
fn nothing_is_pruned_twice_or_in_part() {
    let (_folder, _path, mut ledger) = ledger();
    ledger.prune(AT, &[2], &Why { days: 180 }).unwrap();
    for (entries, names) in [(vec![4, 2], 2), (vec![6], 6)] {
        let refused = ledger.prune(AT, &entries, &Why { days: 180 });
        assert!(matches!(refused, Err(LedgerError::NotPrunable { seq }) if seq == names), "{refused:?}");
    }
    assert!(matches!(ledger.prune(AT, &[9], &Why { days: 180 }), Err(LedgerError::NoEntry { seq: 9, .. })));
    assert!(ledger.prune(AT, &[], &Why { days: 180 }).is_err());
    assert!(!ledger.entry(4).unwrap().is_pruned());
    assert_eq!(ledger.verify(None, None).unwrap().entries, 6);
}

#[test]
fn a_ledger_of_schema_2_is_read_as_it_is_and_brought_up_to_date_to_append() {
    let (_folder, path, mut ledger) = ledger();
    let key = ledger.verifier_key().unwrap().clone();
    ledger.append(AT, "case", &1).unwrap();
    drop(ledger);
    // As the version before wrote it.
    let older = Connection::open(&path).unwrap();
    older
        .execute_batch(
            "DROP TRIGGER entry_no_update; CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry \
             BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END; PRAGMA user_version = 2",
        )
        .unwrap();
    drop(older);
    assert_eq!(Ledger::open_read_only(&path).unwrap().verify(None, Some(&key)).unwrap().entries, 6);
    let mut ledger = Ledger::open(&path).unwrap();
    let version: i64 =
        Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, SCHEMA_VERSION);
    assert_eq!(ledger.verify(None, Some(&key)).unwrap().entries, 6);
    ledger.prune(AT, &[2], &Why { days: 180 }).unwrap();
    assert_eq!(ledger.verify(None, None).unwrap().entries, 7);
}
