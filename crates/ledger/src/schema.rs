use crate::LedgerError;
use rusqlite::Connection;
use std::path::Path;

/// The schema that this version writes.
pub const SCHEMA_VERSION: i64 = 3;

/// The schema that the first entry's hash is bound to: what came after it changed what is refused, not what is kept.
pub const GENESIS_VERSION: i64 = 2;

/// What schema 2 had in place of [`PRUNES_ONLY`]: it knew no pruning. Such a ledger is brought up to date when it is
/// opened to append.
const REFUSES_UPDATES: &str = "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry \
     BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END";

/// An entry's payload may be emptied, and nothing else of it changed.
const PRUNES_ONLY: &str = "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry \
     WHEN NEW.payload IS NOT '' OR OLD.kind IS 'pruned' OR NEW.seq IS NOT OLD.seq \
     OR NEW.at_unix_ms IS NOT OLD.at_unix_ms OR NEW.at_boot_ms IS NOT OLD.at_boot_ms OR NEW.kind IS NOT OLD.kind OR NEW.prev_hash IS NOT OLD.prev_hash \
     OR NEW.hash IS NOT OLD.hash \
     BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END";

/// "SYou", the mark of our files in SQLite's header.
pub const APPLICATION_ID: i64 = 0x5359_6f75;

/// Every object of the schema. `REPLACE` fires no delete trigger, so the insert triggers allow only the next place. The
/// payload comes last: hashes are then read without it.
pub const OBJECTS: [(&str, &str); 12] = [
    ("meta", "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"),
    (
        "entry",
        "CREATE TABLE entry (seq INTEGER PRIMARY KEY, at_unix_ms INTEGER NOT NULL, at_boot_ms INTEGER NOT NULL, \
         kind TEXT NOT NULL, prev_hash BLOB NOT NULL, hash BLOB NOT NULL, payload TEXT NOT NULL) STRICT",
    ),
    ("checkpoint", "CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT"),
    ("entry_by_kind", "CREATE INDEX entry_by_kind ON entry (kind, seq)"),
    (
        "entry_next",
        "CREATE TRIGGER entry_next BEFORE INSERT ON entry \
         WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entry) \
         BEGIN SELECT RAISE(ABORT, 'the ledger only grows at its end'); END",
    ),
    ("entry_no_update", PRUNES_ONLY),
    (
        "entry_no_delete",
        "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry \
         BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
    (
        "checkpoint_next",
        "CREATE TRIGGER checkpoint_next BEFORE INSERT ON checkpoint \
         WHEN NEW.size IS NOT (SELECT max(seq) FROM entry) OR NEW.size IS (SELECT max(size) FROM checkpoint) \
         BEGIN SELECT RAISE(ABORT, 'a checkpoint is of the last entry'); END",
    ),
    (
        "checkpoint_no_update",
        "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint \
         BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
    (
        "checkpoint_no_delete",
        "CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint \
         BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
    (
        "meta_no_update",
        "CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta \
         BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
    (
        "meta_no_delete",
        "CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta \
         BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
];

/// Begins a ledger in an empty database, all or nothing; in one that holds something, checks that it is a ledger.
pub fn begin_or_check(connection: &mut Connection, path: &Path) -> Result<(), LedgerError> {
    let sqlite = |e| LedgerError::sqlite(path, e);
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(sqlite)?;
    let objects: i64 =
        transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(sqlite)?;
    if objects > 0 {
        check(&transaction, path)?;
        if version(&transaction, path)? == GENESIS_VERSION {
            transaction.execute_batch("DROP TRIGGER IF EXISTS entry_no_update").map_err(sqlite)?;
            transaction.execute_batch(PRUNES_ONLY).map_err(sqlite)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION).map_err(sqlite)?;
        }
        return transaction.commit().map_err(sqlite);
    }
    for (_, sql) in OBJECTS {
        transaction.execute_batch(sql).map_err(sqlite)?;
    }
    transaction.execute("INSERT INTO meta VALUES ('database_id', lower(hex(randomblob(16))))", []).map_err(sqlite)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(sqlite)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION).map_err(sqlite)?;
    transaction.commit().map_err(sqlite)
}

/// Refuses what is not a ledger of a schema that this version knows.
pub fn check(connection: &Connection, path: &Path) -> Result<(), LedgerError> {
    if pragma(connection, path, "application_id")? != APPLICATION_ID {
        return Err(LedgerError::NotALedger { path: path.to_owned() });
    }
    match version(connection, path)? {
        GENESIS_VERSION..=SCHEMA_VERSION => Ok(()),
        found if found > SCHEMA_VERSION => Err(LedgerError::NewerSchema { path: path.to_owned(), found }),
        found @ 1.. => Err(LedgerError::OlderSchema { path: path.to_owned(), found }),
        found => Err(LedgerError::Damaged { path: path.to_owned(), what: format!("schema {found} never existed") }),
    }
}

fn version(connection: &Connection, path: &Path) -> Result<i64, LedgerError> {
    pragma(connection, path, "user_version")
}

fn pragma(connection: &Connection, path: &Path, name: &str) -> Result<i64, LedgerError> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(|e| LedgerError::sqlite(path, e))
}

/// The name of the first object of the schema that is missing, changed, or not ours.
pub fn first_foreign_object(connection: &Connection) -> Result<Option<String>, rusqlite::Error> {
    let mut statement =
        connection.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")?;
    let found = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let written =
        |sql: &'static str| if sql == PRUNES_ONLY && version == GENESIS_VERSION { REFUSES_UPDATES } else { sql };
    let missing = OBJECTS.iter().find(|(name, sql)| !found.iter().any(|(n, s)| n == name && s == written(sql)));
    let extra = found.iter().find(|(name, _)| !OBJECTS.iter().any(|(n, _)| n == name));
    Ok(missing.map(|(name, _)| (*name).to_owned()).or(extra.map(|(name, _)| name.clone())))
}
