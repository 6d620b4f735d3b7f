//! `kill -9` at any moment loses no acknowledged entry.
//!
//! 25 kills by default; the full run is `STILLYOU_KILLS=1000 cargo test -p stillyou-ledger --test kill`. A kill leaves
//! what the system has in memory: it stands for a crash of the process, not for a loss of power.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use stillyou_ledger::{At, EntryId, Head, Ledger, Signer};

const PLACE: &str = "STILLYOU_KILL_LEDGER";

/// Kills that one ledger lives through before a new one is begun.
const KILLS_PER_LEDGER: u64 = 25;

#[test]
fn a_kill_at_any_moment_loses_no_acknowledged_entry() {
    let kills: u64 = std::env::var("STILLYOU_KILLS").map_or(25, |n| n.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (mut known, mut appended, mut ahead): (Option<Head>, _, _) = (None, 0, 0);
    for kill in 0..kills {
        let path = folder.path().join(format!("{}.db", kill / KILLS_PER_LEDGER));
        if kill % KILLS_PER_LEDGER == 0 {
            known = None;
        }
        let said = killed_after(Duration::from_micros(random(60_000)), &path);
        appended += said.last().map_or(0, |(last, _)| last.seq - known.map_or(0, |head| head.size));
        let head = said.last().map(|(_, head)| *head).or(known);

        let mut ledger = Ledger::open(&path).unwrap_or_else(|e| panic!("after kill {kill}: {e}"));
        ledger.sign_with(signer()).unwrap_or_else(|e| panic!("after kill {kill}: {e}"));
        let verified = ledger.verify(head.as_ref(), ledger.verifier_key());
        let verified = verified.unwrap_or_else(|e| panic!("after kill {kill}: {e}"));
        for (id, _) in said {
            assert_eq!(ledger.entry(id.seq).unwrap().id, id, "after kill {kill}");
        }
        assert_eq!(verified.signed, verified.entries, "an entry without its checkpoint after kill {kill}");
        // Committed, and killed before it could say so.
        let unsaid = verified.ahead.unwrap_or(verified.entries);
        assert!(unsaid <= 1, "after kill {kill}: {verified:?}");
        ahead += unsaid;
        known = Some(ledger.head(head.as_ref()));
    }
    println!("{kills} kills: {appended} entries acknowledged, all there; {ahead} more committed and not acknowledged");
    assert!(appended > kills, "the child was killed before it wrote anything: {appended} entries");
}

/// Starts a child that appends to the ledger at `path`, kills it after `delay`, and returns what it acknowledged.
fn killed_after(delay: Duration, path: &Path) -> Vec<(EntryId, Head)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "append_until_killed", "--nocapture"])
        .env(PLACE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    // From the moment it opens the ledger on: that is what is to be hit.
    let mut line = String::new();
    while line != "opening\n" {
        line.clear();
        assert!(lines.read_line(&mut line).unwrap() > 0, "the child ended by itself");
    }
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
    // A line without its end was not said.
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    let whole = rest.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    whole.map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
#[ignore = "runs in a child process and never ends"]
fn append_until_killed() {
    let path = PathBuf::from(std::env::var_os(PLACE).unwrap());
    let mut out = std::io::stdout();
    // The test harness has begun this line.
    out.write_all(b"\nopening\n").unwrap();
    out.flush().unwrap();
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.sign_with(signer()).unwrap();
    let mut kept: Option<Head> = None;
    loop {
        let at = At { unix_ms: 1_700_000_000_000, boot_ms: 1 };
        // From one page to many.
        let payload = "x".repeat(random(if random(10) == 0 { 50_000 } else { 500 }) as usize);
        let id = ledger.append(at, "band", &payload).unwrap();
        let head = ledger.head(kept.as_ref());
        kept = Some(head);
        let line = serde_json::to_string(&(id, head)).unwrap() + "\n";
        out.write_all(line.as_bytes()).unwrap();
        out.flush().unwrap();
    }
}

fn signer() -> Signer {
    Signer::from_secret(&[5; 32])
}

/// A number below `end`, of no use where it must not be guessed.
fn random(end: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u128(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos());
    hasher.finish() % end
}
