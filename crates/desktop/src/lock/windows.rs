#![allow(unsafe_code)]

use windows_sys::Win32::System::Shutdown::LockWorkStation;

use super::{LockFailed, LockMethod, LockMethodProbe, LockMethods, LockProof, StartedLocker, system};
use crate::{
    Desktop,
    windows::{last_error, terminal},
};

pub(super) fn lock(_: &Desktop, methods: &LockMethods, _: &StartedLocker) -> Result<LockProof, LockFailed> {
    system::lock(methods.hint_patience, &[("LockWorkStation", ask)], terminal::locked)
}

pub(super) fn probe(_: &Desktop, _: &LockMethods) -> Vec<LockMethodProbe> {
    let looks_usable = terminal::locked().map(|_| "LockWorkStation; Windows says whether it locked".into());
    vec![LockMethodProbe { method: LockMethod::System, looks_usable }]
}

/// Only begins the lock; policy of the machine (`DisableLockWorkstation`) may forbid it.
fn ask() -> Result<(), String> {
    // SAFETY: no precondition.
    if unsafe { LockWorkStation() } == 0 { Err(last_error("LockWorkStation").to_string()) } else { Ok(()) }
}
