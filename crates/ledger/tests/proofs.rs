//! Proofs of single entries, as text, for somebody who has nothing but the public key.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use stillyou_ledger::{At, BadHead, Head, Ledger, LedgerError, Proof, ProofError, Signer, VerifierKey, merkle};

#[test]
fn every_entry_of_every_size_is_proven_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, key) = ledger(&folder);
    for size in 1..=20 {
        ledger.append(at(size), "band", &size).unwrap();
        for seq in 1..=size {
            let proof: Proof = ledger.prove(seq).unwrap().to_string().parse().unwrap();
            let entry = ledger.entry(seq).unwrap();
            let signed = proof.verify(&entry, &key).unwrap();
            assert_eq!(
                (signed.size, signed.root, signed.origin.as_str()),
                (size, ledger.head(None).root, key.origin())
            );
            let mut edited = entry.clone();
            edited.payload = "99".to_owned();
            assert_eq!(proof.verify(&edited, &key), Err(ProofError::Edited { seq }));
            if size > 1 {
                let other = ledger.entry(seq % size + 1).unwrap();
                assert!(matches!(proof.verify(&other, &key), Err(ProofError::AnotherEntry { .. })));
                assert!(matches!(proof.verify_hash(&other.id.hash, &key), Err(ProofError::NotIncluded { .. })));
            }
            assert_eq!(proof.entry(), None);
            assert_eq!(proof.verify_carried(&key), Err(ProofError::NoEntry));
        }
    }
    assert!(matches!(ledger.prove(0), Err(LedgerError::NoEntry { seq: 0, .. })));
    assert!(matches!(ledger.prove(21), Err(LedgerError::NoEntry { seq: 21, .. })));
    for first in 1..=20_u64 {
        let path = ledger.prove_growth(first, 20).unwrap();
        let root = |size: u64| {
            let leaves = ledger.entries(..=size).unwrap().into_iter().map(|e| merkle::leaf(&e.id.hash.0));
            leaves.collect::<merkle::Tree>().root()
        };
        assert!(merkle::is_consistent(first, 20, &path, &root(first), &root(20)));
    }
    assert!(ledger.prove_growth(0, 20).is_err() && ledger.prove_growth(21, 20).is_err());
    assert!(ledger.prove_growth(1, 21).is_err());
}

#[test]
fn a_proof_reads_as_the_standard_says_and_can_carry_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, key) = ledger(&folder);
    for seq in 1..=3 {
        ledger.append(at(seq), "band", &"w\u{e4}tch").unwrap();
    }
    let entry = ledger.entry(3).unwrap();
    let proof = ledger.prove(3).unwrap().with_entry(entry.clone());
    let text = proof.to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], "c2sp.org/tlog-proof@v1");
    assert!(lines[1].starts_with("extra "));
    assert_eq!((lines[2], lines[4], lines[5], lines[6]), ("index 2", "", key.origin(), "3"));
    assert!(lines[3].len() == 44 && lines[7].len() == 44 && lines[8].is_empty());
    assert!(lines[9].starts_with(&format!("\u{2014} {} ", key.origin())));
    assert_eq!(lines.len(), 10);

    let read: Proof = text.parse().unwrap();
    assert_eq!(read, proof);
    assert_eq!(read.entry(), Some(&entry));
    assert_eq!(read.verify_carried(&key).unwrap().size, 3);
    let stranger = Signer::from_secret(&[9; 32]).verifier_key(key.origin()).unwrap();
    assert_eq!(read.verify_carried(&stranger), Err(ProofError::Unsigned { key: stranger.to_string() }));
}

#[test]
fn no_changed_byte_of_a_proof_goes_unnoticed() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, key) = ledger(&folder);
    for seq in 1..=5 {
        ledger.append(at(seq), "band", &seq).unwrap();
    }
    let proof = ledger.prove(3).unwrap().with_entry(ledger.entry(3).unwrap());
    let text = proof.to_string();
    for position in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            let result = changed.parse::<Proof>().and_then(|proof| proof.verify_carried(&key));
            assert!(result.is_err(), "bit {bit} of byte {position}: {changed}");
        }
    }
    for cut in 0..text.len() {
        if let Some(part) = text.get(..cut) {
            assert!(part.parse::<Proof>().and_then(|proof| proof.verify_carried(&key)).is_err(), "{part}");
        }
    }
}

#[test]
fn without_a_key_there_is_no_proof_until_the_next_signed_entry() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger.append(at(1), "band", &1).unwrap();
    assert!(matches!(ledger.prove(1), Err(LedgerError::Unsigned { seq: 1 })));
    ledger.sign_with(Signer::from_secret(&[5; 32])).unwrap();
    assert!(matches!(ledger.prove(1), Err(LedgerError::Unsigned { seq: 1 })));
    ledger.append(at(2), "band", &2).unwrap();
    let key = ledger.verifier_key().unwrap().clone();
    assert_eq!(ledger.prove(1).unwrap().verify(&ledger.entry(1).unwrap(), &key).unwrap().size, 2);
    // A reader has no key, and can prove.
    let reader = Ledger::open_read_only(&path).unwrap();
    assert!(reader.prove(2).unwrap().verify(&reader.entry(2).unwrap(), &key).is_ok());
}

#[test]
fn a_head_goes_through_bytes_and_nothing_else_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, _) = ledger(&folder);
    let empty = ledger.head(None);
    ledger.append(at(1), "band", &1).unwrap();
    let head = ledger.head(Some(&empty));
    assert_eq!((empty.size, empty.counter, head.size, head.counter), (0, 1, 1, 2));
    assert_eq!(ledger.verify(Some(&empty), None).unwrap().ahead, Some(1));
    let bytes = head.to_bytes();
    assert!(bytes.len() < 300);
    assert_eq!(Head::from_bytes(&bytes), Ok(head));
    let text = String::from_utf8(bytes).unwrap();
    for bad in [
        String::new(),
        "{}".to_owned(),
        text.clone() + " ",
        text.replace("\"size\":1", "\"size\":-1"),
        text.replace("\"size\":1", "\"size\":1,\"x\":1"),
        text.replace("\"size\":1", "\"size\":1.0"),
        text.replace("\"database_id\":\"", "\"database_id\":\"A"),
    ] {
        let result: Result<_, BadHead> = Head::from_bytes(bad.as_bytes());
        assert!(result.is_err(), "{bad}");
    }
}

fn ledger(folder: &tempfile::TempDir) -> (Ledger, VerifierKey) {
    let mut ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
    ledger.sign_with(Signer::from_secret(&[5; 32])).unwrap();
    let key = ledger.verifier_key().unwrap().clone();
    (ledger, key)
}

fn at(seq: u64) -> At {
    At { unix_ms: 1_700_000_000_000 + seq as i64, boot_ms: seq }
}
