use super::*;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};
use stillyou_stage::SoftKey;

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

fn challenge(ceremony: Ceremony) -> Challenge {
    Challenge::new(ceremony, KeyProof::Verified).unwrap()
}

fn set_up(key: &mut SoftKey, keys: &SecurityKeys, name: Option<&str>) -> Result<SecurityKeys, BadSecurityKeys> {
    keys.with_new(&challenge(Ceremony::SetUp), &key.make(RP_ID).unwrap(), name, 7)
}

/// A key that is set up, and the keys with it.
fn one() -> (SoftKey, SecurityKeys) {
    let mut key = SoftKey::default();
    let keys = set_up(&mut key, &SecurityKeys::default(), Some("blue")).unwrap();
    (key, keys)
}

fn answer(key: &mut SoftKey, rp_id: &str, client_data: &str, keys: &SecurityKeys) -> KeyAnswer {
    let signed = key.sign(rp_id, &hash(client_data), &keys.credential_ids()).unwrap().unwrap();
    let (authenticator_data, signature) = (signed.authenticator_data, signed.signature);
    KeyAnswer { credential_id: signed.id, authenticator_data, signature }
}

/// What comes of one use of a key, after `change` was done to its answer.
fn used(
    key: &mut SoftKey,
    keys: &SecurityKeys,
    change: impl FnOnce(&mut KeyAnswer),
) -> Result<SecurityKeys, KeyRefused> {
    let challenge = challenge(Ceremony::Use);
    let mut answer = answer(key, RP_ID, challenge.client_data(), keys);
    change(&mut answer);
    keys.verify(&challenge, &answer).map(|counted| counted.keys)
}

#[test]
fn a_key_that_is_set_up_answers_and_its_count_is_kept() {
    let (mut key, keys) = one();
    assert_eq!((keys.list()[0].name(), keys.list()[0].counter(), keys.list()[0].added_s()), ("blue", 0, 7));
    let keys = used(&mut key, &keys, |_| {}).unwrap();
    let keys = used(&mut key, &keys, |_| {}).unwrap();
    assert_eq!(keys.list()[0].counter(), 2);
    let stored = serde_json::to_string(&keys).unwrap();
    assert_eq!(serde_json::from_str::<SecurityKeys>(&stored).unwrap(), keys);
}

#[test]
fn an_answer_counts_for_its_own_challenge_alone() {
    let (mut key, keys) = one();
    let (first, second) = (challenge(Ceremony::Use), challenge(Ceremony::Use));
    let answer = answer(&mut key, RP_ID, first.client_data(), &keys);
    assert_eq!(keys.verify(&second, &answer).err(), Some(KeyRefused::Signature));
    let keys = keys.verify(&first, &answer).unwrap().keys;
    // A replay would need the same challenge; even then its count has been seen.
    assert!(matches!(keys.verify(&first, &answer).err(), Some(KeyRefused::Copied(_))));
    assert_eq!(keys.verify(&challenge(Ceremony::SetUp), &answer).err(), Some(KeyRefused::Signature));
}

#[test]
fn whatever_is_changed_the_answer_does_not_count() {
    let (mut key, keys) = one();
    assert_eq!(used(&mut key, &keys, |a| a.signature[9] ^= 1), Err(KeyRefused::Signature));
    assert_eq!(used(&mut key, &keys, |a| a.signature.clear()), Err(KeyRefused::Signature));
    assert_eq!(used(&mut key, &keys, |a| a.authenticator_data[36] ^= 1), Err(KeyRefused::Signature));
    assert_eq!(used(&mut key, &keys, |a| a.credential_id[0] ^= 1), Err(KeyRefused::Unknown));
    assert!(matches!(used(&mut key, &keys, |a| a.authenticator_data.truncate(36)), Err(KeyRefused::Unreadable(_))));
    assert!(matches!(used(&mut key, &keys, |a| a.authenticator_data.push(0)), Err(KeyRefused::Unreadable(_))));
}

#[test]
fn another_key_does_not_answer_even_under_the_name_of_a_known_one() {
    let (_, keys) = one();
    let (mut other, others) = one();
    assert_eq!(used(&mut other, &others, |_| {}).map(|_| ()), Ok(()));
    let challenge = challenge(Ceremony::Use);
    let mut answer = answer(&mut other, RP_ID, challenge.client_data(), &others);
    assert_eq!(keys.verify(&challenge, &answer).err(), Some(KeyRefused::Unknown));
    answer.credential_id = keys.list()[0].credential_id().to_vec();
    assert_eq!(keys.verify(&challenge, &answer).err(), Some(KeyRefused::Signature));
}

#[test]
fn an_answer_to_somebody_else_does_not_count() {
    let mut key = SoftKey::default();
    let said = key.make("evil.example").unwrap();
    let made = SecurityKeys::default().with_new(&challenge(Ceremony::SetUp), &said, None, 0);
    assert_eq!(made, Err(KeyRefused::OtherParty.into()));
    let (mut key, keys) = one();
    let elsewhere = hash("evil.example");
    let forwarded = used(&mut key, &keys, |a| a.authenticator_data[..32].copy_from_slice(&elsewhere));
    assert_eq!(forwarded, Err(KeyRefused::OtherParty));
}

#[test]
fn a_touch_alone_counts_only_where_policy_says_so() {
    let (mut key, keys) = one();
    key.verifies = false;
    assert_eq!(used(&mut key, &keys, |_| {}), Err(KeyRefused::NotVerified));
    let claimed = used(&mut key, &keys, |a| a.authenticator_data[32] |= 1 << 2);
    assert_eq!(claimed, Err(KeyRefused::Signature));
    let made = set_up(&mut key, &SecurityKeys::default(), None);
    assert_eq!(made, Err(KeyRefused::NotVerified.into()));
    let touch = Challenge::new(Ceremony::Use, KeyProof::Touch).unwrap();
    let touched = answer(&mut key, RP_ID, touch.client_data(), &keys);
    assert!(keys.verify(&touch, &touched).is_ok());
    key.touched = false;
    let touch = Challenge::new(Ceremony::Use, KeyProof::Touch).unwrap();
    let untouched = answer(&mut key, RP_ID, touch.client_data(), &keys);
    assert_eq!(keys.verify(&touch, &untouched).err(), Some(KeyRefused::NotTouched));
}

#[test]
fn a_count_that_does_not_rise_is_a_copied_key_and_none_at_all_is_fine() {
    let (mut key, keys) = one();
    key.counter = 40;
    let keys = used(&mut key, &keys, |_| {}).unwrap();
    for before in [40, 3] {
        key.counter = before;
        let copied = Copied { name: "blue".into(), counter: before + 1, known: 41 };
        assert_eq!(used(&mut key, &keys, |_| {}), Err(KeyRefused::Copied(copied)));
    }
    key.counter = 41;
    assert!(used(&mut key, &keys, |_| {}).is_ok());
    // From counting to not counting is a fall too.
    (key.counter, key.step) = (0, 0);
    assert!(matches!(used(&mut key, &keys, |_| {}), Err(KeyRefused::Copied(_))));
    let mut never = SoftKey::default();
    (never.counter, never.step) = (0, 0);
    let keys = set_up(&mut never, &SecurityKeys::default(), None).unwrap();
    let keys = used(&mut never, &keys, |_| {}).unwrap();
    assert!(used(&mut never, &keys, |_| {}).is_ok());
}

#[test]
fn a_use_that_can_not_be_stored_does_not_verify_and_a_copy_is_told() {
    let (mut key, keys) = one();
    let ask = |key: &mut SoftKey| {
        let challenge = challenge(Ceremony::Use);
        let answer = answer(key, RP_ID, challenge.client_data(), &keys);
        (challenge, answer)
    };
    let (first, answered) = ask(&mut key);
    let mut broken = SecurityKeyFactor::new(keys.clone(), |_| Err("disk full".into()));
    assert!(matches!(broken.check(first, &answered), Err(FactorError::Unavailable(why)) if why.contains("disk full")));

    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = told.clone();
    let mut factor = SecurityKeyFactor::new(keys.clone(), move |used| {
        tell.lock().unwrap().push(match used {
            KeyUse::Counted { keys, name } => (name.to_owned(), keys.list()[0].counter()),
            KeyUse::Copied(copied) => ("copied".into(), copied.counter),
        });
        Ok(())
    });
    let (second, answered) = ask(&mut key);
    assert_eq!(factor.check(second, &answered), Ok(()));
    key.counter = 0;
    let (third, answered) = ask(&mut key);
    assert!(matches!(factor.check(third, &answered), Err(FactorError::Refused(why)) if why.contains("copied")));
    assert_eq!(*told.lock().unwrap(), [("blue".into(), 2), ("copied".into(), 1)]);
}

#[test]
fn five_keys_each_with_a_name_of_its_own() {
    let (mut key, mut keys) = one();
    let mut made = key.make(RP_ID).unwrap();
    let again = set_up(&mut key, &keys, Some("blue"));
    assert_eq!(again, Err(BadSecurityKeys::SameName("blue".into())));
    assert_eq!(set_up(&mut key, &keys, Some("  ")), Err(BadSecurityKeys::Name));
    assert_eq!(set_up(&mut key, &keys, Some(&"x".repeat(41))), Err(BadSecurityKeys::Name));
    for _ in 1..MOST_KEYS {
        keys = set_up(&mut key, &keys, None).unwrap();
    }
    let names: Vec<&str> = keys.list().iter().map(SecurityKey::name).collect();
    assert_eq!(names, ["blue", "key 1", "key 2", "key 3", "key 4"]);
    assert_eq!(set_up(&mut key, &keys, None), Err(BadSecurityKeys::TooMany));
    keys = keys.without("key 2").unwrap();
    assert_eq!(keys.without("key 2"), Err(BadSecurityKeys::NoSuchName("key 2".into())));
    let known = keys.list()[0].credential_id().to_vec();
    let at = 37 + 16 + 2;
    made[at..at + 32].copy_from_slice(&known);
    let twice = keys.with_new(&challenge(Ceremony::SetUp), &made, None, 0);
    assert_eq!(twice, Err(KeyRefused::Known.into()));
    assert!(serde_json::from_str::<SecurityKeys>(&serde_json::to_string(&keys).unwrap().replace("blue", "")).is_err());
}

#[test]
fn challenges_differ_and_say_what_they_are_for() {
    let (one, other) = (challenge(Ceremony::Use), challenge(Ceremony::Use));
    assert_ne!(one.client_data(), other.client_data());
    let said: serde_json::Value = serde_json::from_str(one.client_data()).unwrap();
    assert_eq!((said["type"].as_str(), said["challenge"].as_str().map(str::len)), (Some("webauthn.get"), Some(43)));
    assert!(challenge(Ceremony::SetUp).client_data().contains("webauthn.create"));
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// WebAuthn Level 3, test vectors: "ES256 Credential with No Attestation".
#[test]
fn the_published_example_verifies() {
    let attestation = bytes(
        "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020\
         f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4\
         a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61\
         225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220",
    );
    let assertion = bytes("bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000");
    let client_data = bytes(
        "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a555854\
         3049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267\
         222c2263726f73734f726967696e223a66616c73657d",
    );
    let signature = bytes(
        "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd\
         5d78c6e486013f937295ea13653e331e87",
    );
    let made = AuthenticatorData::parse(&attestation).unwrap();
    assert_eq!(made.rp_id_hash[..], hash("example.org"));
    let new = made.new_key.unwrap();
    assert_eq!(new.credential_id, bytes("f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4"));
    let said = AuthenticatorData::parse(&assertion).unwrap();
    assert_eq!((said.user_present, said.user_verified, said.counter, said.new_key), (true, false, 0, None));
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, new.public_key);
    let signed = |client_data: &[u8]| [&assertion[..], &Sha256::digest(client_data)].concat();
    assert!(public.verify(&signed(&client_data), &signature).is_ok());
    assert!(public.verify(&signed(&client_data[1..]), &signature).is_err());
}

#[test]
fn what_a_key_says_must_be_whole_and_about_es256() {
    let mut key = SoftKey::default();
    let made = key.make(RP_ID).unwrap();
    let parse = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = made.clone();
        change(&mut bytes);
        AuthenticatorData::parse(&bytes).map(|_| ())
    };
    assert_eq!(parse(&|_| {}), Ok(()));
    assert!(matches!(parse(&|b| b.truncate(54)), Err(BadAuthenticatorData::Length(54))));
    assert!(matches!(parse(&|b| b.truncate(90)), Err(BadAuthenticatorData::PublicKey(_))));
    assert_eq!(parse(&|b| b[54] = 0), Err(BadAuthenticatorData::Id(0)));
    assert_eq!(parse(&|b| b[53] = 4), Err(BadAuthenticatorData::Id(1056)));
    // EdDSA, and another curve.
    assert!(matches!(parse(&|b| b[91] = 0x27), Err(BadAuthenticatorData::PublicKey(_))));
    assert!(matches!(parse(&|b| b[93] = 0x02), Err(BadAuthenticatorData::PublicKey(_))));
    assert_eq!(parse(&|b| b.extend([0xa0])), Err(BadAuthenticatorData::Rest(1)));
    let extensions = |b: &mut Vec<u8>, cbor: &[u8]| {
        b[32] |= 1 << 7;
        b.extend(cbor);
    };
    assert_eq!(parse(&|b| extensions(b, &[0xa1, 0x61, 0x61, 0xf5])), Ok(()));
    assert_eq!(parse(&|b| extensions(b, &[0x01])), Err(BadAuthenticatorData::Extensions));
    assert_eq!(parse(&|b| extensions(b, &[])), Err(BadAuthenticatorData::Extensions));
    assert_eq!(AuthenticatorData::parse(&vec![0; 5000]), Err(BadAuthenticatorData::Length(5000)));
}

proptest! {
    /// Whatever bytes come, nothing panics, and none of them counts.
    #[test]
    fn no_bytes_count(data in prop::collection::vec(any::<u8>(), 0..300), signature in prop::collection::vec(any::<u8>(), 0..80)) {
        let (_, keys) = one();
        let credential_id = keys.list()[0].credential_id().to_vec();
        let mut known = Sha256::digest(RP_ID).to_vec();
        known.push(5);
        known.extend(&data);
        for authenticator_data in [data, known] {
            let (credential_id, signature) = (credential_id.clone(), signature.clone());
            let answer = KeyAnswer { credential_id, authenticator_data, signature };
            prop_assert!(keys.verify(&challenge(Ceremony::Use), &answer).is_err());
        }
    }
}
