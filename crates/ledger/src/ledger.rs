use crate::{
    At, Broken, CheckpointFault, DatabaseId, Entry, EntryId, Fault, Hash, Head, LedgerError, Signer, VerifierKey,
    canonical::canonical,
    chain,
    checkpoint::{Checkpoint, origin},
    merkle::{self, Tree},
    schema,
};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior};
use serde::Serialize;
use std::{
    ops::{Bound, RangeBounds},
    path::{Path, PathBuf},
    time::Duration,
};

/// The largest payload, in bytes of JSON text.
pub const MAX_PAYLOAD_BYTES: usize = 1024 * 1024;

/// The longest kind, in bytes.
pub const MAX_KIND_BYTES: usize = 64;

/// An open ledger. One process appends; others may read it meanwhile with [`Ledger::open_read_only`].
#[derive(Debug)]
pub struct Ledger {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) genesis: Hash,
    pub(crate) database: DatabaseId,
    /// The last entry that this process has seen in place.
    seen: EntryId,
    /// The Merkle tree over the entries up to it.
    tree: Tree,
    signing: Option<Signing>,
}

#[derive(Debug)]
struct Signing {
    signer: Signer,
    key: VerifierKey,
}

impl Ledger {
    /// Opens the ledger in the file `path`, which is created with mode 0600 when there is none. Its folder must exist.
    ///
    /// An entry counts once [`Self::append`] returns: every append is synced to the disk. Only the end of the chain is
    /// checked here; [`Self::verify`] checks all of it. No checkpoint is signed before [`Self::sign_with`].
    ///
    /// # Errors
    /// [`LedgerError::DiskFull`], [`LedgerError::Damaged`], [`LedgerError::NewerSchema`],
    /// [`LedgerError::OlderSchema`], [`LedgerError::NotALedger`], [`LedgerError::Busy`], [`LedgerError::Io`].
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        create_private(path)?;
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::begin_or_check(&mut connection, path)?;
        let sqlite = |e| LedgerError::sqlite(path, e);
        connection.pragma_update(None, "journal_mode", "WAL").map_err(sqlite)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(sqlite)?;
        Self::attach(connection, path)
    }

    /// Opens an existing ledger to read it; [`Self::append`] then fails.
    ///
    /// # Errors
    /// As [`Self::open`], without creating anything.
    pub fn open_read_only(path: &Path) -> Result<Self, LedgerError> {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        schema::check(&connection, path)?;
        Self::attach(connection, path)
    }

    /// From now on every append also signs a checkpoint, in the same transaction.
    ///
    /// A log must not sign what contradicts what it signed before: the newest checkpoint must be by this very key, and
    /// the entries must still have the root that it names.
    ///
    /// # Errors
    /// Where they contradict; the ledger then goes on without signing.
    pub fn sign_with(&mut self, signer: Signer) -> Result<(), Broken> {
        let key = signer
            .verifier_key(&self.origin())
            .map_err(|e| Broken { seq: 0, what: Fault::Unreadable(e.to_string()) })?;
        let unreadable = |e: LedgerError| Broken { seq: 0, what: Fault::Unreadable(e.to_string()) };
        if let Some((size, note)) = self.newest_checkpoint().map_err(unreadable)? {
            let broken = |what| Err(Broken { seq: size, what });
            match Checkpoint::open(&note, &key) {
                Err(fault) => return broken(Fault::Checkpoint(fault.into())),
                Ok(found) if found.origin != key.origin() || found.size != size => {
                    return broken(Fault::Checkpoint(CheckpointFault::Foreign));
                }
                Ok(found) => {
                    let leaves = self.leaves(size).map_err(unreadable)?;
                    if leaves.into_iter().collect::<Tree>().root() != found.root {
                        return broken(Fault::Rewritten { up_to: size });
                    }
                }
            }
        }
        self.signing = Some(Signing { signer, key });
        Ok(())
    }

    /// What the signatures of this ledger are checked with, once it signs.
    pub fn verifier_key(&self) -> Option<&VerifierKey> {
        self.signing.as_ref().map(|signing| &signing.key)
    }

    /// Which ledger this is.
    pub fn database_id(&self) -> DatabaseId {
        self.database
    }

    /// The name under which it signs: `stillyou/<database id>`.
    pub fn origin(&self) -> String {
        origin(self.database)
    }

    /// Where the ledger stands after the last entry that this process has seen, to be kept elsewhere before that entry
    /// is acknowledged; `kept` is the head that was kept before, of this or another ledger.
    pub fn head(&self, kept: Option<&Head>) -> Head {
        Head {
            size: self.tree.size(),
            root: self.tree.root(),
            counter: kept.map_or(0, |head| head.counter).saturating_add(1),
            database_id: self.database,
        }
    }

    /// Appends an entry. `kind` has 1 to [`MAX_KIND_BYTES`] lower-case letters, digits, `.`, `_`, `-`; the payload at
    /// most [`MAX_PAYLOAD_BYTES`] as JSON. JSON has no NaN and no infinity: they are recorded as `null`.
    ///
    /// # Errors
    /// [`LedgerError::BadKind`], [`LedgerError::BadPayload`], [`LedgerError::PayloadTooLarge`],
    /// [`LedgerError::BadTime`], [`LedgerError::DiskFull`], [`LedgerError::Busy`], [`LedgerError::Io`]; and
    /// [`LedgerError::Damaged`] when what was appended before is no longer there. Nothing is appended then.
    pub fn append(&mut self, at: At, kind: &str, payload: &impl Serialize) -> Result<EntryId, LedgerError> {
        self.append_with(at, kind, payload, |_| Ok(()))
    }

    /// Appends, and in the same transaction does what else belongs to the entry.
    pub(crate) fn append_with(
        &mut self,
        at: At,
        kind: &str,
        payload: &impl Serialize,
        besides: impl FnOnce(&Connection) -> Result<(), LedgerError>,
    ) -> Result<EntryId, LedgerError> {
        if !is_kind(kind) {
            return Err(LedgerError::BadKind { kind: kind.chars().take(MAX_KIND_BYTES).collect() });
        }
        let value = serde_json::to_value(payload)
            .map_err(|e| LedgerError::BadPayload { kind: kind.to_owned(), what: e.to_string() })?;
        let payload = canonical(&value);
        if payload.len() > MAX_PAYLOAD_BYTES {
            return Err(LedgerError::PayloadTooLarge { kind: kind.to_owned(), bytes: payload.len() });
        }
        let boot_ms = i64::try_from(at.boot_ms).map_err(|_| LedgerError::BadTime { boot_ms: at.boot_ms })?;

        let path = self.path.as_path();
        let sqlite = |e| LedgerError::sqlite(path, e);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
        let last = still_growing(&transaction, path, &self.genesis, &self.seen)?;
        let mut tree = self.tree.clone();
        grow(&transaction, path, &mut tree, last.seq)?;
        let seq = last.seq + 1;
        let hash = chain::link(&last.hash, seq, at, kind, &payload);
        tree.push(merkle::leaf(&hash.0));
        transaction
            .prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .and_then(|mut insert| insert.execute((seq, at.unix_ms, boot_ms, kind, last.hash.0, hash.0, &payload)))
            .map_err(sqlite)?;
        if let Some(Signing { signer, key }) = &self.signing {
            let checkpoint = Checkpoint { origin: key.origin().to_owned(), size: seq, root: tree.root() };
            transaction
                .prepare_cached("INSERT INTO checkpoint VALUES (?1, ?2)")
                .and_then(|mut insert| insert.execute((seq, checkpoint.signed(signer, key))))
                .map_err(sqlite)?;
        }
        besides(&transaction)?;
        transaction.commit().map_err(sqlite)?;
        self.tree = tree;
        self.seen = EntryId { seq, hash };
        Ok(self.seen)
    }

    /// The entries whose places are in `range`, in order.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Busy`], [`LedgerError::Io`].
    pub fn entries(&self, range: impl RangeBounds<u64>) -> Result<Vec<Entry>, LedgerError> {
        let place = |seq: u64| i64::try_from(seq).unwrap_or(i64::MAX);
        let first = match range.start_bound() {
            Bound::Included(&seq) => place(seq),
            Bound::Excluded(&seq) => place(seq.saturating_add(1)),
            Bound::Unbounded => 1,
        };
        let last = match range.end_bound() {
            Bound::Included(&seq) => place(seq),
            Bound::Excluded(&seq) => place(seq) - 1,
            Bound::Unbounded => i64::MAX,
        };
        self.select("SELECT * FROM entry WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq", (first, last))
    }

    /// The last entry of `kind`.
    ///
    /// # Errors
    /// As [`Self::entries`].
    pub fn last(&self, kind: &str) -> Result<Option<Entry>, LedgerError> {
        let found = self.select("SELECT * FROM entry WHERE kind = ?1 ORDER BY seq DESC LIMIT 1", [kind])?;
        Ok(found.into_iter().next())
    }

    /// Entries of `kind` whose places are after `seq`, in order, at most `most`.
    ///
    /// # Errors
    /// As [`Self::entries`].
    pub fn of_kind(&self, kind: &str, after: u64, most: u32) -> Result<Vec<Entry>, LedgerError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.select("SELECT * FROM entry WHERE kind = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3", (kind, after, most))
    }

    /// The entry at `seq`.
    ///
    /// # Errors
    /// [`LedgerError::NoEntry`], and as [`Self::entries`].
    pub fn entry(&self, seq: u64) -> Result<Entry, LedgerError> {
        let found = self.entries(seq..=seq)?.into_iter().next();
        found.ok_or_else(|| LedgerError::NoEntry { path: self.path.clone(), seq })
    }

    /// The last entry's place and hash, `None` in an empty ledger.
    ///
    /// # Errors
    /// As [`Self::entries`].
    pub fn end(&self) -> Result<Option<EntryId>, LedgerError> {
        last_id(&self.connection).map_err(|e| LedgerError::sqlite(&self.path, e))
    }

    /// The ledger's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn attach(connection: Connection, path: &Path) -> Result<Self, LedgerError> {
        let sqlite = |e| LedgerError::sqlite(path, e);
        let id: String = connection
            .query_row("SELECT value FROM meta WHERE name = 'database_id'", [], |row| row.get(0))
            .map_err(sqlite)?;
        let database = DatabaseId::parse(&id).ok_or_else(|| LedgerError::Damaged {
            path: path.to_owned(),
            what: "its identity is not 32 lower-case hexadecimal digits".to_owned(),
        })?;
        let genesis = chain::genesis(&id, schema::GENESIS_VERSION);
        let end = last_id(&connection).map_err(sqlite)?;
        let seen = end.unwrap_or(EntryId { seq: 0, hash: genesis });
        let mut tree = Tree::default();
        grow(&connection, path, &mut tree, seen.seq)?;
        Ok(Self { connection, path: path.to_owned(), genesis, database, seen, tree, signing: None })
    }

    pub(crate) fn newest_checkpoint(&self) -> Result<Option<(u64, String)>, LedgerError> {
        self.connection
            .query_row("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(|e| LedgerError::sqlite(&self.path, e))
    }

    /// The leaf hashes of the first `size` entries.
    pub(crate) fn leaves(&self, size: u64) -> Result<Vec<Hash>, LedgerError> {
        let mut leaves = Vec::new();
        each_leaf(&self.connection, &self.path, 1, size, |leaf| leaves.push(leaf))?;
        Ok(leaves)
    }

    fn select(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<Vec<Entry>, LedgerError> {
        let sqlite = |e| LedgerError::sqlite(&self.path, e);
        let mut statement = self.connection.prepare_cached(sql).map_err(sqlite)?;
        let rows = statement.query_map(parameters, read).map_err(sqlite)?;
        let entries = rows.collect::<Result<Vec<_>, _>>().map_err(sqlite)?;
        match entries.iter().find(|entry| !entry.is_whole() && !entry.is_pruned()) {
            None => Ok(entries),
            Some(Entry { id, .. }) => {
                let what = format!("entry {} was edited after it was written", id.seq);
                Err(LedgerError::Damaged { path: self.path.clone(), what })
            }
        }
    }
}

/// An entry from a row of all columns.
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: EntryId { seq: row.get("seq")?, hash: Hash(row.get("hash")?) },
        at: At { unix_ms: row.get("at_unix_ms")?, boot_ms: row.get("at_boot_ms")? },
        kind: row.get("kind")?,
        payload: row.get("payload")?,
        prev_hash: Hash(row.get("prev_hash")?),
    })
}

fn create_private(path: &Path) -> Result<(), LedgerError> {
    let io = |e: std::io::Error| LedgerError::io(path, &e);
    match std::fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => {
            return Err(LedgerError::Io { path: path.to_owned(), what: "it is not a plain file".to_owned() });
        }
        Ok(_) => {}
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options.open(path).map_err(io)?;
        }
        Err(e) => return Err(io(e)),
    }
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(io)?;
    Ok(())
}

fn connect(path: &Path, mode: OpenFlags) -> Result<Connection, LedgerError> {
    let sqlite = |e| LedgerError::sqlite(path, e);
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(sqlite)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(sqlite)?;
    // A schema that somebody else has written must not run functions of ours.
    connection.pragma_update(None, "trusted_schema", false).map_err(sqlite)?;
    // What is pruned is overwritten.
    connection.pragma_update(None, "secure_delete", true).map_err(sqlite)?;
    Ok(connection)
}

fn is_kind(kind: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    (1..=MAX_KIND_BYTES).contains(&kind.len()) && kind.bytes().all(allowed)
}

/// The end of the chain, provided that it still contains the entry that this process saw last.
fn still_growing(connection: &Connection, path: &Path, genesis: &Hash, seen: &EntryId) -> Result<EntryId, LedgerError> {
    let sqlite = |e| LedgerError::sqlite(path, e);
    let last = last_id(connection).map_err(sqlite)?.unwrap_or(EntryId { seq: 0, hash: *genesis });
    let in_place = match seen.seq {
        0 => true,
        seq => connection
            .prepare_cached("SELECT hash FROM entry WHERE seq = ?1")
            .and_then(|mut select| select.query_row([seq], |row| row.get(0)).optional())
            .map_err(sqlite)?
            .is_some_and(|hash: [u8; 32]| hash == seen.hash.0),
    };
    if in_place {
        Ok(last)
    } else {
        let what = format!("entry {} was changed or removed while the ledger was open", seen.seq);
        Err(LedgerError::Damaged { path: path.to_owned(), what })
    }
}

fn last_id(connection: &Connection) -> rusqlite::Result<Option<EntryId>> {
    connection
        .prepare_cached("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok(EntryId { seq: row.get(0)?, hash: Hash(row.get(1)?) }))
        .optional()
}

/// Takes the entries after those that `tree` has into it, up to `last`.
fn grow(connection: &Connection, path: &Path, tree: &mut Tree, last: u64) -> Result<(), LedgerError> {
    each_leaf(connection, path, tree.size() + 1, last, |leaf| tree.push(leaf))
}

/// Calls `each` with the leaf hash of every entry from `first` to `last`, all of which must be there.
fn each_leaf(
    connection: &Connection,
    path: &Path,
    first: u64,
    last: u64,
    mut each: impl FnMut(Hash),
) -> Result<(), LedgerError> {
    let sqlite = |e| LedgerError::sqlite(path, e);
    let mut statement = connection
        .prepare_cached("SELECT seq, hash FROM entry WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq")
        .map_err(sqlite)?;
    let mut rows = statement.query((first, last)).map_err(sqlite)?;
    for expected in first..=last {
        let found = match rows.next().map_err(sqlite)? {
            Some(row) => Some((row.get::<_, u64>(0).map_err(sqlite)?, row.get::<_, [u8; 32]>(1).map_err(sqlite)?)),
            None => None,
        };
        match found {
            Some((seq, hash)) if seq == expected => each(merkle::leaf(&hash)),
            _ => {
                let what = format!("entry {expected} is missing");
                return Err(LedgerError::Damaged { path: path.to_owned(), what });
            }
        }
    }
    Ok(())
}
