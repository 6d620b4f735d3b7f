use super::*;
use crate::{LoginId, Outcome, RateLimit, RateLimitPolicy, StepUp};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn typed(code: &str) -> Secret {
    Secret::new(code.as_bytes().to_vec()).unwrap()
}

fn factor(codes: RecoveryCodes) -> (RecoveryFactor, Arc<Mutex<Option<String>>>) {
    let kept = Arc::new(Mutex::new(None));
    let store = kept.clone();
    let keep = move |codes: &RecoveryCodes| {
        *store.lock().unwrap() = Some(serde_json::to_string(codes).unwrap());
        Ok(())
    };
    (RecoveryFactor::new(codes, keep), kept)
}

#[test]
fn each_code_works_once_even_after_a_restart() {
    let (shown, stored) = RecoveryCodes::generate().unwrap();
    assert_eq!((shown.len(), stored.left(), shown[0].len()), (10, 10, 19));
    let (mut first, kept) = factor(stored);
    assert_eq!(first.check(&typed("0000-0000-0000-0000")), Err(FactorError::Wrong));
    assert_eq!(first.check(&typed("short")), Err(FactorError::Wrong));
    let spoken = shown[3].to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
    assert_eq!(first.check(&typed(&spoken)), Ok(()));
    assert_eq!(first.check(&typed(&shown[3])), Err(FactorError::Wrong));
    let text = kept.lock().unwrap().clone().unwrap();
    let (mut again, _) = factor(serde_json::from_str(&text).unwrap());
    assert_eq!((again.left(), again.check(&typed(&shown[3]))), (9, Err(FactorError::Wrong)));
    assert_eq!(again.check(&typed(&shown[9])), Ok(()));
}

#[test]
fn no_code_is_in_what_is_stored() {
    let (shown, stored) = RecoveryCodes::generate().unwrap();
    let text = serde_json::to_string(&stored).unwrap();
    assert!(shown.iter().all(|code| !text.contains(code.as_str()) && !text.contains(&code.replace('-', ""))));
}

#[test]
fn a_use_that_can_not_be_stored_does_not_verify_and_spends_nothing() {
    let (shown, stored) = RecoveryCodes::generate().unwrap();
    let mut broken = RecoveryFactor::new(stored, |_| Err("disk full".into()));
    assert!(matches!(broken.check(&typed(&shown[0])), Err(FactorError::Unavailable(_))));
    assert_eq!(broken.left(), 10);
}

#[test]
fn stored_codes_are_not_believed_blindly() {
    let (_, stored) = RecoveryCodes::generate().unwrap();
    let good = serde_json::to_value(&stored).unwrap();
    let read = |name: &str, value: serde_json::Value| {
        let mut changed = good.clone();
        changed[name] = value;
        serde_json::from_value::<RecoveryCodes>(changed).is_ok()
    };
    assert!(read("passes", 2.into()));
    assert!(!read("passes", 0.into()) && !read("passes", 11.into()));
    assert!(!read("memory_kib", 1.into()) && !read("memory_kib", 4_000_000.into()));
    assert!(!read("left", vec![vec![0u8; 32]; 11].into()) && !read("more", 1.into()));
}

/// Wrong codes use up the tries that passwords have, and the other way round.
#[test]
fn more_factors_are_not_more_guesses() {
    struct Never;
    impl Typed for Never {
        fn factor(&self) -> Factor {
            Factor::Password
        }
        fn check(&mut self, _: &Secret) -> Result<(), FactorError> {
            Err(FactorError::Wrong)
        }
    }
    let (shown, stored) = RecoveryCodes::generate().unwrap();
    let (mut codes, _) = factor(stored);
    let mut step_up = StepUp::new(RateLimit::new(RateLimitPolicy::default(), LoginId::default()));
    let now = || Duration::from_secs(1);
    for turn in 0..5 {
        let wrong = match turn % 2 {
            0 => step_up.attempt(&mut Never, typed("x"), true, now, |_| Ok::<_, Infallible>(())),
            _ => step_up.attempt(&mut codes, typed("x"), true, now, |_| Ok::<_, Infallible>(())),
        };
        assert!(matches!(wrong, Outcome::Wrong { .. }), "{wrong:?}");
    }
    let right = step_up.attempt(&mut codes, typed(&shown[0]), true, now, |_| Ok::<_, Infallible>(()));
    assert!(matches!(right, Outcome::Wait { .. }), "{right:?}");
    let later = || Duration::from_secs(60);
    let right = step_up.attempt(&mut codes, typed(&shown[0]), true, later, |_| Ok::<_, Infallible>(()));
    assert_eq!(right, Outcome::Verified { factor: Factor::RecoveryCode });
}
