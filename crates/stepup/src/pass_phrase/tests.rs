use super::rules::MOST_CHARACTERS;
use super::*;
use crate::{LoginId, Outcome, RateLimit, RateLimitPolicy, StepUp};
use std::convert::Infallible;
use std::time::Duration;

const GOOD: &str = "correct horse battery staple";

fn typed(text: &str) -> Secret {
    Secret::new(text.as_bytes().to_vec()).unwrap()
}

fn refused(text: &str) -> Option<BadPassPhrase> {
    PassPhrase::new(&typed(text), &["pat.example"]).err()
}

#[test]
fn the_right_one_verifies_as_often_as_it_is_typed_and_nothing_else_does() {
    let stored = PassPhrase::new(&typed(GOOD), &[]).unwrap();
    let text = serde_json::to_string(&stored).unwrap();
    assert!(!text.contains("horse"));
    let mut factor = PassPhraseFactor::new(serde_json::from_str(&text).unwrap());
    for _ in 0..2 {
        assert_eq!(factor.check(&typed(GOOD)), Ok(()));
    }
    for other in ["correct horse battery stapl", "correct horse battery staple ", "Correct horse battery staple"] {
        assert_eq!(factor.check(&typed(other)), Err(FactorError::Wrong), "{other}");
    }
    assert_eq!(factor.check(&Secret::new(vec![0xff; 20]).unwrap()), Err(FactorError::Wrong));
    assert_ne!(stored, PassPhrase::new(&typed(GOOD), &[]).unwrap(), "each has a salt of its own");
}

/// `é` as one character and as two, a ligature and its letters.
#[test]
fn however_letters_are_composed_it_is_the_same() {
    let mut factor = PassPhraseFactor::new(PassPhrase::new(&typed("caf\u{e9} \u{fb01}ve o'clock tea"), &[]).unwrap());
    assert_eq!(factor.check(&typed("cafe\u{301} five o'clock tea")), Ok(()));
    assert_eq!(factor.check(&typed("cafe five o'clock tea")), Err(FactorError::Wrong));
}

#[test]
fn characters_are_counted_not_bytes_and_after_composing() {
    assert_eq!(refused("twelve chars"), Some(TooEasy::Short(12).into()));
    assert_eq!(refused("vierzehn Fl\u{fc}ge"), Some(TooEasy::Short(14).into()));
    // Fifteen before composing, fourteen after.
    assert_eq!(refused("vierzehn Flu\u{308}ge"), Some(TooEasy::Short(14).into()));
    assert_eq!(refused("f\u{fc}nfzehn Fl\u{fc}ge"), Some(TooEasy::Short(14).into()));
    assert_eq!(refused("f\u{fc}nfzehn Fl\u{fc}ge."), None);
    assert_eq!(refused("正確な馬の電池とホチキスは青い"), None);
    let long: String = GOOD.chars().cycle().take(MOST_CHARACTERS + 1).collect();
    assert_eq!(refused(&long), Some(TooEasy::Long(MOST_CHARACTERS + 1).into()));
    assert_eq!(PassPhrase::new(&Secret::new(vec![0xff; 20]).unwrap(), &[]), Err(BadPassPhrase::NoText));
}

#[test]
fn what_anybody_would_try_is_refused() {
    for (easy, why) in [
        ("aaaaaaaaaaaaaaaaaaaa", TooEasy::FewDifferent(1)),
        ("abcab cabca bcabc abcab", TooEasy::FewDifferent(3)),
        ("secret Secret SECRET", TooEasy::FewDifferent(5)),
        ("qwertz qwertz qwertz", TooEasy::Repeated),
        ("abcdefghijklmnopq", TooEasy::Run),
        ("1234567890123456789", TooEasy::Run),
        ("zyxwvutsrqponmlk", TooEasy::Run),
        ("Pat.Example 2026!", TooEasy::Expected),
        ("my StillYou password", TooEasy::Expected),
    ] {
        assert_eq!(refused(easy), Some(why.into()), "{easy}");
    }
    for fine in [GOOD, "pat.example never eats green pears", "a1b2c3d4e5f6g7h8i9"] {
        assert_eq!(refused(fine), None, "{fine}");
    }
}

#[test]
fn a_stored_one_is_not_believed_blindly() {
    let good = serde_json::to_value(PassPhrase::new(&typed(GOOD), &[]).unwrap()).unwrap();
    let read = |name: &str, value: serde_json::Value| {
        let mut changed = good.clone();
        changed[name] = value;
        serde_json::from_value::<PassPhrase>(changed).is_ok()
    };
    assert!(read("passes", 2.into()));
    assert!(!read("passes", 0.into()) && !read("passes", 11.into()));
    assert!(!read("memory_kib", 1.into()) && !read("memory_kib", 4_000_000.into()) && !read("more", 1.into()));
}

#[test]
fn wrong_ones_are_limited_as_passwords_are() {
    let mut factor = PassPhraseFactor::new(PassPhrase::new(&typed(GOOD), &[]).unwrap());
    let mut step_up = StepUp::new(RateLimit::new(RateLimitPolicy::default(), LoginId::default()));
    let mut attempt =
        |text| step_up.attempt(&mut factor, typed(text), true, || Duration::from_secs(1), |_| Ok::<_, Infallible>(()));
    for _ in 0..5 {
        assert!(matches!(attempt("no"), Outcome::Wrong { .. }));
    }
    assert!(matches!(attempt(GOOD), Outcome::Wait { .. }));
}
