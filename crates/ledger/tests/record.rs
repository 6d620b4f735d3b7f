//! What a caller of the ledger sees.

use serde::{Deserialize, Serialize};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use stillyou_ledger::{At, Ledger, LedgerError, MAX_PAYLOAD_BYTES, SCHEMA_VERSION, Signer};

const AT: At = At { unix_ms: -1, boot_ms: 7 };

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Lock {
    score: f64,
    reasons: Vec<String>,
}

#[test]
fn what_is_appended_is_there_after_reopening_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let lock = Lock { score: 0.1 + 0.2, reasons: vec!["hold time of common letters".to_owned()] };
    let (first, second) = {
        let mut ledger = Ledger::open(&path).unwrap();
        assert_eq!(ledger.end().unwrap(), None);
        (ledger.append(AT, "lock", &lock).unwrap(), ledger.append(AT, "band", &"watch").unwrap())
    };
    let mut ledger = Ledger::open(&path).unwrap();
    let third = ledger.append(At { unix_ms: 5, boot_ms: 0 }, "band", &"verified").unwrap();
    let all = ledger.entries(..).unwrap();
    assert_eq!(all.iter().map(|e| e.id).collect::<Vec<_>>(), [first, second, third]);
    assert_eq!(all[0].parse::<Lock>().unwrap(), lock);
    assert_eq!((all[0].at, all[2].at.unix_ms), (AT, 5));
    assert_eq!(ledger.entries(2..3).unwrap(), all[1..2]);
    assert_eq!(ledger.entries(..=2).unwrap(), all[..2]);
    assert_eq!(ledger.entries(4..).unwrap(), []);
    assert_eq!(ledger.last("band").unwrap().unwrap().id, third);
    assert_eq!(ledger.last("lock").unwrap().unwrap().id, first);
    assert_eq!(ledger.last("trouble").unwrap(), None);
    let bands = |after, most| ledger.of_kind("band", after, most).unwrap().iter().map(|e| e.id).collect::<Vec<_>>();
    assert_eq!((bands(0, 9), bands(0, 1), bands(2, 9)), (vec![second, third], vec![second], vec![third]));
    assert_eq!((bands(3, 9), bands(u64::MAX, 9)), (vec![], vec![]));
    let verified = ledger.verify(None, None).unwrap();
    assert_eq!((verified.entries, verified.last), (3, Some(third)));
}

#[test]
fn a_reader_sees_entries_while_they_are_appended_and_cannot_append() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut writer = Ledger::open(&path).unwrap();
    let mut reader = Ledger::open_read_only(&path).unwrap();
    let id = writer.append(AT, "band", &"watch").unwrap();
    assert_eq!(reader.end().unwrap(), Some(id));
    assert_eq!(reader.verify(Some(&writer.head(None)), None).unwrap().entries, 1);
    assert!(matches!(reader.append(AT, "band", &"watch"), Err(LedgerError::Io { .. })));
    let nowhere = Ledger::open_read_only(&folder.path().join("none.db"));
    assert!(matches!(nowhere, Err(LedgerError::Io { .. })), "{nowhere:?}");
}

#[test]
fn what_another_process_appended_meanwhile_is_built_upon_and_signed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut agent = Ledger::open(&path).unwrap();
    agent.sign_with(Signer::from_secret(&[5; 32])).unwrap();
    agent.append(AT, "band", &1).unwrap();
    let mut supervisor = Ledger::open(&path).unwrap();
    supervisor.append(AT, "lost", &2).unwrap();
    supervisor.append(AT, "lost", &3).unwrap();
    assert_eq!(agent.append(AT, "band", &4).unwrap().seq, 4);
    assert_eq!(supervisor.append(AT, "lost", &5).unwrap().seq, 5);
    agent.append(AT, "band", &6).unwrap();
    let verified = agent.verify(Some(&agent.head(None)), agent.verifier_key()).unwrap();
    assert_eq!((verified.entries, verified.signed, verified.ahead), (6, 6, Some(0)));
    assert_eq!(verified.root, agent.head(None).root);
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.append(AT, "band", &"watch").unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
    drop(ledger);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    drop(Ledger::open(&path).unwrap());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(matches!(Ledger::open(&link), Err(LedgerError::Io { .. })));
}

#[test]
fn what_is_not_a_ledger_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let refused = |path: &Path| {
        let before = std::fs::read(path).unwrap();
        let error = Ledger::open(path).unwrap_err();
        assert_eq!(std::fs::read(path).unwrap(), before, "{error}");
        error
    };

    std::fs::write(file("text.db"), "not a database, but long enough to have a header of a hundred bytes ".repeat(3))
        .unwrap();
    assert!(matches!(refused(&file("text.db")), LedgerError::Damaged { .. }));

    let other = rusqlite::Connection::open(file("other.db")).unwrap();
    other.execute_batch("CREATE TABLE cookies (name TEXT)").unwrap();
    drop(other);
    assert!(matches!(refused(&file("other.db")), LedgerError::NotALedger { .. }));

    let of_schema = |name: &str, schema: i64| {
        drop(Ledger::open(&file(name)).unwrap());
        let other = rusqlite::Connection::open(file(name)).unwrap();
        other.pragma_update(None, "user_version", schema).unwrap();
        other.pragma_update(None, "wal_checkpoint", "TRUNCATE").ok();
        drop(other);
        refused(&file(name))
    };
    let newer = of_schema("newer.db", SCHEMA_VERSION + 1);
    assert!(matches!(newer, LedgerError::NewerSchema { found, .. } if found == SCHEMA_VERSION + 1));
    let older = of_schema("older.db", 1);
    assert!(matches!(older, LedgerError::OlderSchema { found: 1, .. }));
    assert!(older.to_string().contains("move it away"), "{older}");
    assert!(matches!(of_schema("none.db", 0), LedgerError::Damaged { .. }));

    std::fs::create_dir(file("folder.db")).unwrap();
    assert!(matches!(Ledger::open(&file("folder.db")), Err(LedgerError::Io { .. })));
    assert!(matches!(Ledger::open(&file("no/such/folder.db")), Err(LedgerError::Io { .. })));
}

#[test]
fn kinds_and_payloads_out_of_bounds_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
    for kind in ["", "Lock", "lock now", "l\u{f6}ck", &"k".repeat(65)] {
        assert!(matches!(ledger.append(AT, kind, &1), Err(LedgerError::BadKind { .. })), "{kind}");
    }
    // Quotes count: the text is two bytes longer.
    ledger.append(AT, "explanation", &"x".repeat(MAX_PAYLOAD_BYTES - 2)).unwrap();
    let result = ledger.append(AT, "explanation", &"x".repeat(MAX_PAYLOAD_BYTES - 1));
    assert!(matches!(result, Err(LedgerError::PayloadTooLarge { bytes, .. }) if bytes == MAX_PAYLOAD_BYTES + 1));
    let result = ledger.append(AT, "band", &std::collections::BTreeMap::from([((1, 2), 3)]));
    assert!(matches!(result, Err(LedgerError::BadPayload { .. })));
    let late = At { unix_ms: 0, boot_ms: u64::MAX };
    assert!(matches!(ledger.append(late, "band", &1), Err(LedgerError::BadTime { .. })));
    assert_eq!(ledger.verify(None, None).unwrap().entries, 1);
}
