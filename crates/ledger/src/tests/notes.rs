//! Signed notes and keys against others' examples.

use crate::{Signer, VerifierKey, note, note::NoteFault};
use base64ct::{Base64, Encoding};

// The example of Go's golang.org/x/mod/sumdb/note. Ed25519 is deterministic: the same bytes must come out.
const SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const TEXT: &str =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

// The example of C2SP signed-note.
const SPEC_VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const SPEC_NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

#[test]
fn a_note_is_signed_as_go_signs_it() {
    let (signer, key) = peter();
    assert_eq!(key.to_string(), VKEY);
    let note = note::sign(TEXT, &signer, &key);
    assert_eq!(note, format!("{TEXT}\n{SIGNATURE}"));
    assert_eq!(note::open(&note, &VKEY.parse().unwrap()), Ok(TEXT));
}

#[test]
fn the_specifications_example_opens_and_no_changed_byte_of_it_does() {
    let key: VerifierKey = SPEC_VKEY.parse().unwrap();
    assert_eq!(key.to_string(), SPEC_VKEY);
    assert_eq!(note::open(SPEC_NOTE, &key), Ok("This is an example message.\n"));
    for position in 0..SPEC_NOTE.len() {
        let mut bytes = SPEC_NOTE.as_bytes().to_vec();
        bytes[position] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(note::open(&changed, &key).is_err(), "{changed}");
        }
    }
}

#[test]
fn signatures_of_others_are_ignored_and_a_false_one_of_ours_is_not() {
    let (signer, peter) = peter();
    let example: VerifierKey = SPEC_VKEY.parse().unwrap();
    let both = note::sign("text\n", &signer, &peter) + SPEC_NOTE.lines().last().unwrap() + "\n";
    assert_eq!(note::open(&both, &peter), Ok("text\n"));
    assert_eq!(note::open(&both, &example), Err(NoteFault::Forged));
    assert_eq!(note::open(SPEC_NOTE, &peter), Err(NoteFault::Unsigned));
    let renamed = Signer::from_secret(&[7; 32]).verifier_key("PeterNeumann").unwrap();
    assert_eq!(note::open(&both, &renamed), Err(NoteFault::Unsigned));
    for malformed in
        ["", "text\n", "text\n\n", "\n\n", "text\n\n\u{2014} name\n", "text\n\n\u{2014} name !\n", "a\tb\n\n"]
    {
        assert_eq!(note::open(malformed, &peter), Err(NoteFault::Malformed), "{malformed:?}");
    }
    let line = SPEC_NOTE.lines().last().unwrap().to_owned() + "\n";
    assert_eq!(note::open(&("text\n\n".to_owned() + &line.repeat(17)), &peter), Err(NoteFault::Malformed));
}

#[test]
fn what_is_not_a_public_key_is_refused() {
    let swapped = VKEY.replace("c74f20a3", "c74f20a4");
    let ecdsa = VKEY.replace("ARpc", "Ahpc");
    for bad in ["", "name", "name+00000000+", "+c74f20a3+ARpc", &VKEY[..VKEY.len() - 4], &swapped, &ecdsa, " a+b+c"] {
        assert!(bad.parse::<VerifierKey>().is_err(), "{bad}");
    }
    for name in ["", "a b", "a+b", "a\nb", &"n".repeat(256)] {
        assert!(Signer::from_secret(&[1; 32]).verifier_key(name).is_err(), "{name:?}");
    }
}

fn peter() -> (Signer, VerifierKey) {
    let bytes = Base64::decode_vec(SECRET).unwrap();
    let signer = Signer::from_secret(bytes[1..].try_into().unwrap());
    let key = signer.verifier_key("PeterNeumann").unwrap();
    (signer, key)
}
