//! A disk that is really full, and bytes that are really damaged.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    path::{Path, PathBuf},
    process::Command,
};
use stillyou_ledger::{At, Entry, Head, Ledger, LedgerError, Signer, VerifierKey};

const AT: At = At { unix_ms: 1_700_000_000_000, boot_ms: 5_000 };

#[test]
fn a_full_file_system_is_named_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        println!("skipped: a small file system can only be mounted by root with CAP_SYS_ADMIN");
        return;
    };
    let path = disk.0.path().join("ledger.db");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.sign_with(signer()).unwrap();
    ledger.append(AT, "band", &"first").unwrap();
    let ballast = disk.0.path().join("ballast");
    let mut refusals = 0;
    // Room for a different number of pages each time, so that the disk is full at another step of the append.
    for free_kib in [0, 1, 2, 3, 4, 5, 8, 12, 16, 24, 32, 48, 64, 96, 128] {
        fill(&ballast, disk.0.path(), free_kib);
        let before = ledger.end().unwrap().unwrap();
        loop {
            match ledger.append(AT, "band", &"x".repeat(9_000)) {
                Ok(_) => {}
                Err(LedgerError::DiskFull { .. }) => break refusals += 1,
                Err(other) => panic!("with {free_kib} KiB free: {other:?}"),
            }
        }
        let head = ledger.head(None);
        let verified = ledger.verify(Some(&head), ledger.verifier_key()).unwrap();
        assert_eq!((verified.ahead, verified.signed), (Some(0), verified.entries));
        assert!(verified.entries >= before.seq);
        empty(&ballast);
        assert_eq!(ledger.append(AT, "band", &"room again").unwrap().seq, head.size + 1);
        let mut reopened = Ledger::open(&path).unwrap();
        reopened.sign_with(signer()).unwrap();
        assert_eq!(reopened.verify(Some(&head), reopened.verifier_key()).unwrap().ahead, Some(1));
        drop(reopened);
        if ledger.end().unwrap().unwrap().seq > 300 {
            break;
        }
    }
    assert!(refusals > 5, "{refusals}");
}

#[test]
fn a_ledger_can_not_be_begun_on_a_full_disk_and_says_so() {
    let Some(disk) = SmallDisk::mount() else {
        println!("skipped: a small file system can only be mounted by root with CAP_SYS_ADMIN");
        return;
    };
    let ballast = disk.0.path().join("ballast");
    for free_kib in [0, 4, 8, 16, 32, 40, 48] {
        let path = disk.0.path().join(format!("ledger-{free_kib}.db"));
        fill(&ballast, disk.0.path(), free_kib);
        match Ledger::open(&path) {
            Ok(ledger) => drop(ledger),
            Err(LedgerError::DiskFull { .. }) => {}
            Err(other) => panic!("with {free_kib} KiB free: {other:?}"),
        }
        empty(&ballast);
        // What was left behind is no obstacle.
        assert_eq!(Ledger::open(&path).unwrap().append(AT, "band", &1).unwrap().seq, 1);
        for name in ["db", "db-wal", "db-shm"] {
            std::fs::remove_file(path.with_extension(name)).ok();
        }
    }
}

#[test]
fn damage_anywhere_in_the_files_is_named_or_harmless_and_never_a_panic() {
    let seeds: u64 = std::env::var("STILLYOU_DAMAGES").map_or(400, |n| n.parse().unwrap());
    let whole = Whole::new();
    let (mut refused, mut found, mut harmless) = (0, 0, 0);
    for seed in 0..seeds {
        let mut random = Random(seed);
        let path = whole.copy();
        let victim = if random.below(3) == 0 { with_suffix(&path, "-wal") } else { path.clone() };
        let mut bytes = std::fs::read(&victim).unwrap();
        damage(&mut bytes, &mut random);
        std::fs::write(&victim, &bytes).unwrap();
        match whole.examine(&path) {
            Outcome::Refused => refused += 1,
            Outcome::Found => found += 1,
            Outcome::Harmless => harmless += 1,
        }
    }
    println!("{seeds} damaged copies: {refused} refused at opening, {found} found by verify, {harmless} harmless");
    assert!(refused > 0 && found > 0 && harmless > 0);
}

/// A ledger whose entries lie partly in the file, partly in the write-ahead log.
struct Whole {
    _folder: tempfile::TempDir,
    path: PathBuf,
    entries: Vec<Entry>,
    head: Head,
    key: VerifierKey,
    _open: Ledger,
}

enum Outcome {
    Refused,
    Found,
    Harmless,
}

impl Whole {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let mut ledger = Ledger::open(&path).unwrap();
        ledger.sign_with(signer()).unwrap();
        for seq in 0..60_u64 {
            if seq == 40 {
                let other = rusqlite::Connection::open(&path).unwrap();
                other.pragma_query(None, "wal_checkpoint", |_| Ok(())).unwrap();
            }
            let kind = ["band", "lock", "tries"][seq as usize % 3];
            ledger.append(AT, kind, &vec![seq; if seq % 10 == 0 { 2_000 } else { 40 }]).unwrap();
        }
        let entries = ledger.entries(..).unwrap();
        let (head, key) = (ledger.head(None), ledger.verifier_key().unwrap().clone());
        Self { _folder: folder, path, entries, head, key, _open: ledger }
    }

    /// As after a crash: the log is still there, the shared index is not.
    fn copy(&self) -> PathBuf {
        let path = self.path.with_file_name("copy.db");
        std::fs::copy(&self.path, &path).unwrap();
        std::fs::copy(with_suffix(&self.path, "-wal"), with_suffix(&path, "-wal")).unwrap();
        std::fs::remove_file(with_suffix(&path, "-shm")).ok();
        path
    }

    fn examine(&self, path: &Path) -> Outcome {
        let Ok(mut ledger) = Ledger::open(path) else { return Outcome::Refused };
        let verified = ledger.verify(Some(&self.head), Some(&self.key));
        // Whatever verify says, a read gives what was written or an error.
        for kind in ["band", "lock", "tries"] {
            if let (Ok(Some(last)), Ok(_)) = (ledger.last(kind), &verified) {
                assert_eq!(Some(&last), self.entries.iter().rfind(|e| e.kind == kind));
            }
        }
        for seq in 1..=61 {
            if let Ok(entry) = ledger.entry(seq) {
                assert_eq!(entry, self.entries[seq as usize - 1]);
            }
        }
        if let Ok(proof) = ledger.prove(30)
            && let Ok(entry) = ledger.entry(30)
            && verified.is_ok()
        {
            proof.verify(&entry, &self.key).unwrap();
        }
        let signs = ledger.sign_with(signer());
        let appended = ledger.append(AT, "band", &"after");
        match verified {
            Ok(verified) => {
                assert_eq!((verified.entries, verified.root), (60, self.head.root));
                assert_eq!(ledger.entries(..=60).unwrap(), self.entries);
                assert!(signs.is_ok(), "{signs:?}");
                assert_eq!(appended.unwrap().seq, 61);
                assert_eq!(ledger.verify(Some(&self.head), Some(&self.key)).unwrap().ahead, Some(1));
                Outcome::Harmless
            }
            Err(_) => Outcome::Found,
        }
    }
}

/// One to eight changed bytes, a block of zeros, a block of noise, or a cut.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() as u64) as usize;
    let len = (1 + random.below(2_000) as usize).min(bytes.len() - at);
    match random.below(6) {
        0 => bytes[at..at + len].fill(0),
        1 => bytes[at..at + len].iter_mut().for_each(|byte| *byte = random.below(256) as u8),
        2 => bytes.truncate(at),
        _ => (0..=random.below(8)).for_each(|_| {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 + random.below(255) as u8;
        }),
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// A file system of 1 MiB.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m,mode=0700", "stillyou-test"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0.path()).status().ok();
    }
}

/// Fills the disk up to `free_kib` KiB.
fn fill(ballast: &Path, disk: &Path, free_kib: u64) {
    let output = Command::new("df").args(["--output=avail", "-k"]).arg(disk).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let available: u64 = text.lines().last().unwrap().trim().parse().unwrap();
    std::fs::write(ballast, vec![1; (available.saturating_sub(free_kib) * 1024) as usize]).unwrap();
}

/// Gives the room back at once. Removing would not: a process that the other test is starting at that moment holds every open
/// file of this one until it runs its program.
fn empty(ballast: &Path) {
    std::fs::File::create(ballast).unwrap();
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn signer() -> Signer {
    Signer::from_secret(&[5; 32])
}
