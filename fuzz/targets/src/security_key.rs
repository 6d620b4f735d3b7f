use sha2::{Digest, Sha256};
use stillyou_stepup::{AuthenticatorData, Ceremony, Challenge, RP_ID, SecurityKeys};
use stillyou_trust::policy::KeyProof;

/// What a security key says: it is read whole or refused, and is taken only where it says that it was touched, by StillYou.
pub fn security_key(bytes: &[u8]) {
    let said = AuthenticatorData::parse(bytes);
    let challenge = Challenge::new(Ceremony::SetUp, KeyProof::Verified).unwrap();
    let taken = SecurityKeys::default().with_new(&challenge, bytes, None, 0);
    let Ok(said) = said else {
        assert!(taken.is_err());
        return;
    };
    assert!(bytes.len() >= 37 && said.rp_id_hash[..] == bytes[..32]);
    assert_eq!(said.counter.to_be_bytes(), bytes[33..37]);
    if let Ok(keys) = taken {
        let (new, key) = (said.new_key.unwrap(), &keys.list()[0]);
        assert!(said.user_present && said.user_verified);
        assert_eq!((key.credential_id(), key.public_key()), (&new.credential_id[..], &new.public_key[..]));
        let stored = serde_json::to_string(&keys).unwrap();
        assert_eq!(serde_json::from_str::<SecurityKeys>(&stored).unwrap(), keys);
    }
}

/// A new key, a use of one, a new key that says something more. No point of a curve is looked for yet where these are read.
pub fn examples() -> [Vec<u8>; 3] {
    let asked_by = Sha256::digest(RP_ID).to_vec();
    let (id, x, y): (Vec<u8>, Vec<u8>, Vec<u8>) = ((100..132).collect(), (0..32).collect(), (32..64).collect());
    let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20], &x[..], &[0x22, 0x58, 0x20], &y].concat();
    let new = |flags| [&asked_by[..], &[flags], &[0; 4 + 16], &[0, 32], &id, &cose].concat();
    let used = [&asked_by[..], &[0x05, 0, 0, 0, 7]].concat();
    [new(0x45), used, [new(0xc5), b"\xa1\x6bhmac-secret\xf5".to_vec()].concat()]
}
