use super::*;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

fn key(secret: &[u8], hash: TotpHash, digits: u32) -> TotpKey {
    TotpKey::new(Zeroizing::new(secret.to_vec()), hash, digits).unwrap()
}

fn typed(code: &str) -> Secret {
    Secret::new(code.as_bytes().to_vec()).unwrap()
}

/// RFC 6238, appendix B (with the keys of its errata: as long as the hash).
#[test]
fn codes_are_those_of_the_rfc() {
    let seed = b"1234567890".repeat(7);
    let vectors = [
        (59, "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
    ];
    for (at, sha1, sha256, sha512) in vectors {
        let code = |hash, bytes: usize| key(&seed[..bytes], hash, 8).code(at / STEP_S).to_string();
        assert_eq!(code(TotpHash::Sha1, 20), sha1);
        assert_eq!(code(TotpHash::Sha256, 32), sha256);
        assert_eq!(code(TotpHash::Sha512, 64), sha512);
    }
}

struct Desk {
    factor: TotpFactor,
    now: Arc<AtomicU64>,
    kept: Arc<Mutex<Vec<u64>>>,
}

fn desk(last_step: Option<u64>) -> Desk {
    let (now, kept) = (Arc::new(AtomicU64::new(1_111_111_109)), Arc::new(Mutex::new(Vec::new())));
    let (clock, store) = (now.clone(), kept.clone());
    let keep = move |step| {
        store.lock().unwrap().push(step);
        Ok(())
    };
    let key = key(b"12345678901234567890", TotpHash::Sha1, 8);
    Desk { factor: TotpFactor::new(key, last_step, move || clock.load(Ordering::Relaxed), keep), now, kept }
}

#[test]
fn a_code_works_once_and_so_does_none_before_it() {
    let mut desk = desk(None);
    let step = 1_111_111_109 / STEP_S;
    assert_eq!(desk.factor.check(&typed("00000000")), Err(FactorError::Wrong));
    assert_eq!(desk.factor.check(&typed("0708 1804")), Ok(()));
    assert_eq!(*desk.kept.lock().unwrap(), [step]);
    assert!(matches!(desk.factor.check(&typed("07081804")), Err(FactorError::Refused(_))));
    let before = key(b"12345678901234567890", TotpHash::Sha1, 8).code(step - 1).to_string();
    assert!(matches!(desk.factor.check(&typed(&before)), Err(FactorError::Refused(_))));
    desk.now.store(1_111_111_111, Ordering::Relaxed);
    assert_eq!(desk.factor.check(&typed("14050471")), Ok(()));
}

#[test]
fn a_restart_does_not_forget_a_used_code() {
    let mut desk = desk(Some(1_111_111_109 / STEP_S));
    assert!(matches!(desk.factor.check(&typed("07081804")), Err(FactorError::Refused(_))));
}

#[test]
fn clocks_may_drift_by_one_step_and_no_more() {
    for (off, good) in [(0, true), (STEP_S, true), (2 * STEP_S, false)] {
        for now in [1_111_111_109 + off, 1_111_111_109 - off] {
            let mut desk = desk(None);
            desk.now.store(now, Ordering::Relaxed);
            assert_eq!(desk.factor.check(&typed("07081804")).is_ok(), good, "{now}");
        }
    }
}

#[test]
fn a_use_that_can_not_be_stored_does_not_verify() {
    let key = key(b"12345678901234567890", TotpHash::Sha1, 8);
    let mut factor = TotpFactor::new(key, None, || 1_111_111_109, |_| Err("disk full".into()));
    assert!(
        matches!(factor.check(&typed("07081804")), Err(FactorError::Unavailable(why)) if why.contains("disk full"))
    );
}

#[test]
fn the_uri_is_what_authenticators_read() {
    let key = key(b"12345678901234567890", TotpHash::Sha1, 6);
    assert_eq!(
        *key.uri("pat@desk 7"),
        "otpauth://totp/StillYou:pat%40desk%207?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=StillYou&algorithm=SHA1\
         &digits=6&period=30"
    );
}

#[test]
fn short_keys_are_refused_and_new_ones_differ() {
    let new = |bytes: usize, digits| TotpKey::new(Zeroizing::new(vec![1; bytes]), TotpHash::Sha1, digits).err();
    assert_eq!((new(15, 6), new(16, 6)), (Some(BadTotpKey::Length(15)), None));
    assert_eq!((new(20, 5), new(20, 9)), (Some(BadTotpKey::Digits(5)), Some(BadTotpKey::Digits(9))));
    let (a, b) = (TotpKey::generate().unwrap(), TotpKey::generate().unwrap());
    assert!(a.expose().len() == 20 && a.expose() != b.expose());
}
