//! What needs the inside of a [`Ledger`]; the rest is in `tests/`.

mod notes;

use crate::{At, Ledger, LedgerError, canonical::canonical};

const AT: At = At { unix_ms: 1_700_000_000_000, boot_ms: 5_000 };

#[test]
fn a_full_disk_is_named_and_leaves_the_ledger_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
    ledger.append(AT, "band", &"first").unwrap();
    let pages: i64 = ledger.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    ledger.connection.pragma_update(None, "max_page_count", pages + 1).unwrap();
    let result = ledger.append(AT, "band", &"x".repeat(100_000));
    assert!(matches!(result, Err(LedgerError::DiskFull { .. })), "{result:?}");
    assert_eq!(ledger.verify(None, None).unwrap().entries, 1);
    ledger.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
    assert_eq!(ledger.append(AT, "band", &"x".repeat(100_000)).unwrap().seq, 2);
    assert_eq!(ledger.verify(None, None).unwrap().entries, 2);
}

#[test]
fn every_append_is_synced_and_goes_through_the_write_ahead_log() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
    let mode: String = ledger.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    let synchronous: i64 = ledger.connection.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
    assert_eq!((mode.as_str(), synchronous), ("wal", 2));
}

#[test]
fn canonical_text_sorts_keys_at_every_depth_and_keeps_every_bit_of_a_float() {
    let value: serde_json::Value =
        serde_json::from_str(r#"{"b": [1, {"z": null, "a\"": true}], "a": 0.1, "c": -1e-300, "B": "ü\n"}"#).unwrap();
    let text = canonical(&value);
    assert_eq!(text, r#"{"B":"ü\n","a":0.1,"b":[1,{"a\"":true,"z":null}],"c":-1e-300}"#);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
}
