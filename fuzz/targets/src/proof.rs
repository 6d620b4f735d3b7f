use stillyou_ledger::{DatabaseId, Hash, Head, Proof, Signer, VerifierKey};

/// A ledger's head as the keychain keeps it, or one of the short texts: what is accepted is written back the same.
pub fn head(data: &[u8]) {
    if let Ok(head) = Head::from_bytes(data) {
        assert_eq!(head.to_bytes(), data);
    }
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(key) = text.parse::<VerifierKey>() {
        assert_eq!(key.to_string(), text);
    }
    if let Some(hash) = Hash::parse(text) {
        assert_eq!(hash.to_string(), text);
    }
    if let Some(id) = DatabaseId::parse(text) {
        assert_eq!(id.to_string(), text);
    }
}

/// Somebody's proof, checkpoint and signatures included: what is accepted reads back the same, and what holds without its
/// entry also holds with it.
pub fn proof(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(proof) = text.parse::<Proof>() else { return };
    assert_eq!(proof.to_string().parse().as_ref(), Ok(&proof));
    let origin = text.split_once("\n\n").and_then(|(_, checkpoint)| checkpoint.lines().next()).unwrap_or_default();
    let Ok(key) = Signer::from_secret(&SECRET).verifier_key(origin) else { return };
    let _ = proof.verify_hash(&Hash([0; 32]), &key);
    if let Ok(checkpoint) = proof.verify_carried(&key) {
        let entry = proof.entry().unwrap();
        assert!(entry.is_whole() && (1..=checkpoint.size).contains(&proof.seq()));
        assert_eq!(proof.verify_hash(&entry.id.hash, &key), Ok(checkpoint));
    }
}

/// What the proofs in the corpus are signed with.
pub const SECRET: [u8; 32] = [5; 32];
