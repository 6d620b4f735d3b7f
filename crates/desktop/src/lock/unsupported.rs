use super::{LockFailed, LockMethod, LockMethodProbe, LockMethods, LockProof, StartedLocker};
use crate::{Desktop, Unsupported};

const LOCKING: Unsupported = Unsupported("locking the session");

pub(super) fn lock(_: &Desktop, _: &LockMethods, _: &StartedLocker) -> Result<LockProof, LockFailed> {
    Err(LockFailed { tried: vec![(LockMethod::Command, LOCKING.to_string())] })
}

pub(super) fn probe(_: &Desktop, _: &LockMethods) -> Vec<LockMethodProbe> {
    vec![LockMethodProbe { method: LockMethod::Command, looks_usable: Err(LOCKING.to_string()) }]
}
