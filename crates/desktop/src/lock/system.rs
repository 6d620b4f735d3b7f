//! Locking where the system has one way to lock and says itself whether the session is locked.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{LockFailed, LockMethod, LockProof, Proof};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// One way to ask for the lock: its name, and the asking.
pub(super) type Way = (&'static str, fn() -> Result<(), String>);

/// Asks in each way until the session is seen locked, for which each has so much time.
pub(super) fn lock(
    patience: Duration,
    ways: &[Way],
    locked: impl Fn() -> Result<bool, String>,
) -> Result<LockProof, LockFailed> {
    let begun = Instant::now();
    // Asked for nevertheless: a wrong answer costs a lock too many at most.
    let already = locked() == Ok(true);
    let mut tried = Vec::new();
    for (name, ask) in ways {
        match ask().and_then(|()| wait_until(patience, &locked)) {
            Ok(()) => {
                let proof = Proof::SessionLocked { already };
                return Ok(LockProof {
                    method: LockMethod::System,
                    proof,
                    keyboard_held: None,
                    after: begun.elapsed(),
                });
            }
            Err(why) => tried.push((LockMethod::System, format!("{name}: {why}"))),
        }
    }
    Err(LockFailed { tried })
}

fn wait_until(patience: Duration, locked: impl Fn() -> Result<bool, String>) -> Result<(), String> {
    let begun = Instant::now();
    loop {
        match locked() {
            Ok(true) => return Ok(()),
            seen if begun.elapsed() >= patience => {
                return Err(seen.err().unwrap_or_else(|| "the session was not seen to lock".into()));
            }
            _ => thread::sleep(LOOK_EVERY),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn agrees() -> Result<(), String> {
        Ok(())
    }

    fn refuses() -> Result<(), String> {
        Err("refused".into())
    }

    fn ask(ways: &[Way], locked: impl Fn() -> Result<bool, String>) -> Result<Proof, String> {
        lock(Duration::ZERO, ways, locked).map(|proof| proof.proof).map_err(|failed| failed.to_string())
    }

    #[test]
    fn only_a_session_seen_locked_is_locked() {
        assert!(ask(&[("a", agrees)], || Ok(false)).unwrap_err().contains("a: the session was not seen to lock"));
        assert!(ask(&[("a", agrees)], || Err("blind".into())).unwrap_err().contains("a: blind"));
        assert_eq!(ask(&[("a", agrees)], || Ok(true)), Ok(Proof::SessionLocked { already: true }));
    }

    #[test]
    fn a_way_that_fails_is_followed_by_the_next() {
        let looks = Cell::new(0);
        let second_look_sees_it = || {
            looks.set(looks.get() + 1);
            Ok(looks.get() > 1)
        };
        let proof = ask(&[("a", refuses), ("b", agrees)], second_look_sees_it);
        assert_eq!(proof, Ok(Proof::SessionLocked { already: false }));
        let failed = ask(&[("a", refuses), ("b", refuses)], || Ok(true)).unwrap_err();
        assert!(failed.contains("a: refused") && failed.contains("b: refused"), "{failed}");
    }
}
