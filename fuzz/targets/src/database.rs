use crate::proof::SECRET;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use stillyou_ledger::{At, Entry, Head, Ledger, Signer, VerifierKey};

const AT: At = At { unix_ms: 1_700_000_000_000, boot_ms: 5_000 };

/// Entries in the whole ledger; the last two are in its write-ahead log only.
const ENTRIES: u64 = 5;

/// Damage to a signed ledger's two files, then opened as after a crash. A piece of damage is a byte for what is done (bit 0:
/// database or log; bits 1 and 2: write, flip, clear or cut), three for where, one for how much, and that many more.
///
/// It is refused, found by `verify`, or harmless: then it verifies, has every entry, and grows. A read gives what was
/// written or an error.
pub fn database(data: &[u8]) {
    let whole = Whole::get();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut files = [whole.database.clone(), whole.log.clone()];
    damage(&mut files, data);
    std::fs::write(&path, &files[0]).unwrap();
    std::fs::write(log_of(&path), &files[1]).unwrap();
    let Ok(mut ledger) = Ledger::open(&path) else { return };
    let verified = ledger.verify(Some(&whole.head), Some(&whole.key));
    for seq in 0..=ENTRIES + 1 {
        if let Ok(entry) = ledger.entry(seq) {
            assert_eq!(entry, whole.entries[seq as usize - 1]);
        }
        if let (Ok(proof), Ok(_)) = (ledger.prove(seq), &verified) {
            proof.verify(&whole.entries[seq as usize - 1], &whole.key).unwrap();
        }
    }
    if let (Ok(Some(last)), Ok(_)) = (ledger.last("band"), &verified) {
        assert_eq!(Some(&last), whole.entries.last());
    }
    let signs = ledger.sign_with(signer());
    let appended = ledger.append(AT, "band", &"after");
    if let Ok(verified) = verified {
        assert_eq!((verified.entries, verified.root), (ENTRIES, whole.head.root));
        assert_eq!(ledger.entries(..=ENTRIES).unwrap(), whole.entries);
        assert!(signs.is_ok(), "{signs:?}");
        assert_eq!(appended.unwrap().seq, ENTRIES + 1);
        assert_eq!(ledger.verify(Some(&whole.head), Some(&whole.key)).unwrap().ahead, Some(1));
    }
}

/// A ledger as it should be.
struct Whole {
    database: Vec<u8>,
    log: Vec<u8>,
    entries: Vec<Entry>,
    head: Head,
    key: VerifierKey,
}

impl Whole {
    fn get() -> &'static Whole {
        static WHOLE: OnceLock<Whole> = OnceLock::new();
        WHOLE.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("ledger.db");
            let append = |ledger: &mut Ledger, seqs: std::ops::RangeInclusive<u64>| {
                seqs.for_each(|seq| _ = ledger.append(AT, "band", &vec![seq; 40]).unwrap());
            };
            let mut ledger = Ledger::open(&path).unwrap();
            ledger.sign_with(signer()).unwrap();
            append(&mut ledger, 1..=ENTRIES - 2);
            // Closing it moves the log into the database.
            drop(ledger);
            let mut ledger = Ledger::open(&path).unwrap();
            ledger.sign_with(signer()).unwrap();
            append(&mut ledger, ENTRIES - 1..=ENTRIES);
            Whole {
                database: std::fs::read(&path).unwrap(),
                log: std::fs::read(log_of(&path)).unwrap(),
                entries: ledger.entries(..).unwrap(),
                head: ledger.head(None),
                key: ledger.verifier_key().unwrap().clone(),
            }
        })
    }
}

fn damage(files: &mut [Vec<u8>; 2], mut data: &[u8]) {
    while let Some((&[what, a, b, c, len], rest)) = data.split_first_chunk() {
        let (bytes, rest) = rest.split_at(usize::from(len).min(rest.len()));
        data = rest;
        let file = &mut files[usize::from(what & 1)];
        if file.is_empty() {
            continue;
        }
        let at = u32::from_le_bytes([a, b, c, 0]) as usize % file.len();
        match what >> 1 & 3 {
            0 => file[at..].iter_mut().zip(bytes).for_each(|(to, from)| *to = *from),
            1 => file[at..].iter_mut().zip(bytes).for_each(|(to, from)| *to ^= *from),
            2 => file[at..].iter_mut().take(16 * usize::from(len)).for_each(|to| *to = 0),
            _ => file.truncate(at),
        }
    }
}

fn log_of(path: &Path) -> PathBuf {
    path.with_extension("db-wal")
}

fn signer() -> Signer {
    Signer::from_secret(&SECRET)
}
